"""Which addresses belong in a copy of the site, and under which file each of them is kept."""

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from django.conf import settings

# What needs a server: staff, questions that differ for everybody, and forms.
LIVE = {"beheer", "inbreng", "api", "zoeken", "klopt-dit-niet"}
# The ends of a comparison; both together are one question.
ENDS = {"van", "tot"}
PAGE = "pagina"
DAY, KNOWN = "peildatum", "bekend_op"
# What somebody types.
FREE_TEXT = {"q"}
# Where `mimetypes` has no ending, or another on another machine.
ENDINGS = {
    "text/html": ".html",
    "application/atom+xml": ".atom",
    "application/json": ".json",
    "application/ld+json": ".jsonld",
    "application/problem+json": ".json",
    "application/xml": ".xml",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/plain": ".txt",
    "text/turtle": ".ttl",
    "text/xml": ".xml",
}
HTML = "text/html"


@dataclass(frozen=True, order=True)
class Address:
    """A page or file of the site: path (not quoted) and query, without the day of the copy."""

    path: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def is_static(self) -> bool:
        return self.path.startswith(settings.STATIC_URL)

    def __str__(self):
        query = f"?{urlencode(self.query)}" if self.query else ""
        return f"{quote(self.path)}{query}"


class Outside(Exception):
    """A link to another site, or one without a page: it stays as it is."""


class Off(Exception):
    """A link to something of ours that is not in a copy; the message says why, in Dutch."""


@dataclass(frozen=True)
class Scope:
    """What a copy is of: the site at `site` ('https://voorbeeld.nl'), on `day`.

    Without an `asked` day the copy tells how it is on `today`.
    """

    site: str
    asked: date | None
    today: date

    @property
    def day(self) -> date:
        return self.asked or self.today

    def read(self, link: str, base: str) -> Address:
        """The address that a link on the page `base` leads to. Raises Outside or Off."""
        try:
            url = urlsplit(urljoin(base, link.strip()))
        except ValueError:
            raise Outside from None
        if f"{url.scheme}://{url.netloc}" != self.site:
            raise Outside
        path = unquote(url.path) or "/"
        if path.split("/")[1] in LIVE:
            raise Off("werkt alleen op de website zelf")
        if re.search(r"/\.{1,2}(/|$)|//|[\x00-\x1f\\]", path):
            raise Off("heeft een adres dat geen bestandsnaam kan zijn")
        return Address(path, self._query(dict(parse_qsl(url.query))))

    def _query(self, given: dict[str, str]) -> tuple[tuple[str, str], ...]:
        if given.pop(DAY, self.day.isoformat()) != self.day.isoformat() or KNOWN in given:
            raise Off("gaat over een andere dag")
        names = given.keys() - {PAGE}
        if names <= ENDS:
            if self.asked and names == {"van"}:
                # What has no end goes on until today, which this copy does not know of.
                given["tot"] = self.asked.isoformat()
        elif len(names) > 1 or names & FREE_TEXT:
            # Every choice with every other would have no end.
            raise Off("is een keuze uit een lijst die ook als geheel in deze kopie staat")
        return tuple(sorted(given.items()))

    def question(self, address: Address) -> str:
        """The path and query by which the site is asked for an address."""
        query = list(address.query)
        if self.asked:
            query.append((DAY, self.asked.isoformat()))
        return f"{quote(address.path)}?{urlencode(query)}" if query else quote(address.path)


def file_of(address: Address, media_type: str) -> str:
    """The file under which an address is kept: 'maatregelen/index--pagina-2.html'."""
    folder, _, name = address.path.lstrip("/").rpartition("/")
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem:
        ending = ENDINGS.get(media_type) or mimetypes.guess_extension(media_type) or ".bin"
        if name and media_type == HTML:
            folder, name = f"{folder}/{name}".lstrip("/"), ""
        stem, dot, ending = name or "index", "", ending
    if address.query:
        stem += f"--{_slug(address.query)}"
    return f"{folder}/{stem}{dot}{ending}".lstrip("/")


def _slug(query: tuple[tuple[str, str], ...]) -> str:
    """A query as part of a file name; what does not fit one gets a mark of its own."""
    text = "--".join(f"{name}-{value}" for name, value in query)
    if re.fullmatch(r"[a-z0-9_-]{1,100}", text):
        return text
    mark = hashlib.sha256(urlencode(query).encode()).hexdigest()[:10]
    return f"{re.sub(r'[^a-z0-9]+', '-', text.lower())[:60].strip('-')}-{mark}"
