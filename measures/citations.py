"""How others refer to a page: a line as in a list of references, BibTeX, RIS and addresses.

It knows of no request: who asks for a citation gives the address of the site and the day.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.utils import formats, timezone

from .reference_date import KNOWN, PARAMETER, ReferenceDate

AUTHOR = "Ministerie van Infrastructuur en Waterstaat"
SITE = "Kwalibo-voortgang"
MEDIA_TYPES = {
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
}
# Braces by name: BibTeX counts them even behind a backslash.
BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "$&#_%"},
    }
)


@dataclass(frozen=True)
class Citation:
    """What a list of references says of one page.

    `address` is the permanent one, `dated` the same as it stood on a day (the permanent one
    again where a page knows no day). Of a text that never changes (`is_fixed`) the permanent one
    is cited. `published` is None where we do not know it.
    """

    key: str
    title: str
    published: date | None
    address: str
    dated: str
    accessed: date
    is_fixed: bool = False

    @property
    def cited(self) -> str:
        """The address that a list of references has."""
        return self.address if self.is_fixed else self.dated

    @property
    def apa(self) -> str:
        """'Ministerie … (2025, 3 mei). Titel. Kwalibo-voortgang. Geraadpleegd op …, van …'."""
        when = "z.d."
        if self.published:
            when = f"{self.published.year}, {formats.date_format(self.published, 'j F')}"
        read = formats.date_format(self.accessed, "j F Y")
        title = one_line(self.title).rstrip(".")
        return f"{AUTHOR}. ({when}). {title}. {SITE}. Geraadpleegd op {read}, van {self.cited}"

    @property
    def bibtex(self) -> str:
        """An entry as BibLaTeX knows it (`@online`); other programs read it too."""
        fields = {"author": f"{{{AUTHOR}}}", "title": f"{{{bibtex_text(self.title)}}}"}
        if self.published:
            fields |= {"date": self.published.isoformat(), "year": str(self.published.year)}
        fields |= {
            "organization": SITE,
            "url": bibtex_address(self.cited),
            "urldate": self.accessed.isoformat(),
            "langid": "dutch",
        }
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
        return "@online{" + ",\n".join([self.key, *lines]) + "\n}\n"

    @property
    def ris(self) -> str:
        """An entry in RIS, as EndNote, Zotero and Mendeley read it."""
        lines = [("TY", "ELEC"), ("AU", AUTHOR), ("TI", self.title), ("T2", SITE)]
        if self.published:
            lines += [("PY", str(self.published.year)), ("DA", f"{self.published:%Y/%m/%d}")]
        lines += [
            ("PB", AUTHOR),
            ("UR", self.cited),
            ("Y2", f"{self.accessed:%Y/%m/%d}"),
            ("LA", "nl"),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {one_line(text)}\r\n" for tag, text in lines)

    def file(self, format: str) -> str:
        """The text of a download: 'bib' or 'ris'."""
        return self.bibtex if format == "bib" else self.ris

    @property
    def downloads(self) -> list[tuple[str, str]]:
        """(name, address) of each file, on the same day as the page."""
        page = urlsplit(self.dated)
        query = f"?{page.query}" if page.query else ""
        names = (("BibTeX", "bib"), ("RIS", "ris"))
        return [(name, f"{page.path}verwijzing.{ending}{query}") for name, ending in names]

    @property
    def has_day(self) -> bool:
        return self.dated != self.address


def one_line(text: str) -> str:
    """The text without line ends and control signs, which end a field in these formats."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()


def bibtex_text(text: str) -> str:
    return one_line(text).translate(BIBTEX)


def bibtex_address(address: str) -> str:
    """An address is copied as it is; what would end the field has its number."""
    return address.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def of_measure(measure, reference: ReferenceDate, site: str) -> Citation:
    """A measure as it stood on a day. Needs `with_public_updates()` and deadline changes.

    `site` is the beginning of every address: 'https://voorbeeld.nl'.
    """
    reports = [*measure.public_updates, *measure.public_deadline_changes]
    moments = [measure.published_at, *(report.published_at for report in reports)]
    day = formats.date_format(reference.day, "j F Y")
    return Citation(
        f"kwalibo-{measure.code.lower()}-{reference.day.isoformat()}",
        f"Maatregel {measure.code}, ‘{measure.title}’, stand op {day}: "
        f"{measure.standing_label.lower()}",
        latest(moments),
        *addresses(site, measure.get_absolute_url(), reference),
        accessed=timezone.localdate(),
    )


def of_update(update, reference: ReferenceDate, site: str) -> Citation:
    """One progress update, which stays as it is. Needs its measure."""
    measure = update.measure
    return Citation(
        f"kwalibo-{measure.code.lower()}-stand-{update.pk}",
        f"Maatregel {measure.code}, ‘{measure.title}’: stand van zaken op "
        f"{update.reporting_date_label} ({update.status_label.lower()})",
        latest([update.published_at]),
        *addresses(site, update.get_absolute_url(), reference),
        accessed=timezone.localdate(),
        is_fixed=True,
    )


def of_motion(motion, reference: ReferenceDate, site: str) -> Citation:
    """The page of a motion: what the ministry says of it, not the motion itself."""
    printed = motion.citation or (motion.date_label if motion.date else "zonder datum")
    title = f"{motion.title} ({printed})"
    return Citation(
        f"kwalibo-motie-{motion.slug}",
        f"{title}: wat ermee is gedaan",
        latest([motion.published_at]),
        *addresses(site, motion.get_absolute_url(), reference),
        accessed=timezone.localdate(),
    )


def of_letter(moment, site: str) -> Citation:
    """What a letter told of all measures: frozen, so without a day of its own."""
    address = f"{site}{moment.get_absolute_url()}"
    return Citation(
        f"kwalibo-brief-{moment.slug}",
        f"‘{moment.title}’, stand op {moment.day_label}{_reconstruction(moment)}",
        latest([moment.published_at]),
        address,
        address,
        accessed=timezone.localdate(),
    )


def of_letter_measure(row, moment, told, path: str, site: str) -> Citation:
    """What a letter told of one measure; `row` and `told` are of its snapshot."""
    address = f"{site}{path}"
    return Citation(
        f"kwalibo-{row.number.lower()}-brief-{moment.slug}",
        f"Maatregel {row.number}, ‘{row.title.text}’, zoals gemeld bij ‘{moment.title}’, stand op "
        f"{told.day_label}{_reconstruction(moment)}: {row.status_label.lower()}",
        latest([moment.published_at]),
        address,
        address,
        accessed=timezone.localdate(),
    )


def _reconstruction(moment) -> str:
    return " (reconstructie)" if moment.is_reconstruction else ""


def latest(moments: Iterable[datetime | None]) -> date | None:
    """The day, in Dutch time, of the last of these moments."""
    known = [moment for moment in moments if moment]
    return timezone.localtime(max(known)).date() if known else None


def addresses(site: str, path: str, reference: ReferenceDate) -> tuple[str, str]:
    """(permanent address, the same as it stood on the day of the reference)."""
    query = f"?{PARAMETER}={reference.day.isoformat()}"
    if reference.known_on:
        query += f"&{KNOWN}={reference.known_on.isoformat()}"
    return f"{site}{path}", f"{site}{path}{query}"
