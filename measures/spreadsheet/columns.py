"""The columns of the spreadsheet: what each is called, holds now, and may hold."""

import hashlib
from base64 import b32encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ..documents.table import Value
from ..models import Measure, Status
from ..periods import Precision
from .cells import tidy

UNKNOWN = "onbekend"


@dataclass(frozen=True, eq=False)
class Column:
    """A column: its heading, the other names that we know it by, and what stands in it now.

    `of` takes a measure of `writing.with_standing_reports`.
    """

    heading: str
    of: Callable[[Measure], Value]
    others: tuple[str, ...] = ()

    def __str__(self):
        return self.heading


def _standing(measure, name, otherwise: Value = "") -> Value:
    update = standing_of(measure)
    return getattr(update, name) or otherwise if update else otherwise


def standing_of(measure):
    """The published update that holds now, or None."""
    return measure.standings[0] if measure.standings else None


def _status(measure) -> str:
    update = standing_of(measure)
    return update.status_label if update else Status.UNKNOWN.label


def _reporting_precision(measure) -> str:
    update = standing_of(measure)
    return Precision(update.reporting_date_precision).label if update else ""


NUMBER = Column("Nummer", lambda measure: measure.code, ("nr", "nr.", "maatregelnummer"))
TITLE = Column("Titel", lambda measure: measure.title, ("maatregel", "naam"))
THEME = Column("Hoofdlijn", lambda measure: measure.theme.title, ("thema",))
DESCRIPTION = Column("Omschrijving", lambda measure: measure.description, ("beschrijving",))
DONE_WHEN = Column("Gereed als", lambda measure: measure.done_when, ("klaar als",))
LEAD = Column("Trekker", lambda measure: measure.lead.name if measure.lead else UNKNOWN)
STATUS = Column("Status", _status)
REPORTED = Column("Peildatum", lambda measure: _standing(measure, "reporting_date"))
REPORTED_PRECISION = Column(
    "Nauwkeurigheid van de peildatum", _reporting_precision, ("nauwkeurigheid peildatum",)
)
TEXT = Column(
    "Stand van zaken", lambda measure: _standing(measure, "explanation"), ("toelichting",)
)
DEADLINE = Column("Streefdatum", lambda measure: measure.deadline or "", ("deadline",))
DEADLINE_PRECISION = Column(
    "Nauwkeurigheid van de streefdatum",
    lambda measure: Precision(measure.deadline_precision).label if measure.deadline else "",
    ("nauwkeurigheid streefdatum",),
)
REASON = Column(
    "Reden van verschuiving", lambda measure: "", ("reden", "reden verschuiving", "waarom")
)
VERSION = Column("Versie (niet wijzigen)", lambda measure: version_of(measure))

COLUMNS = (
    NUMBER,
    TITLE,
    THEME,
    DESCRIPTION,
    DONE_WHEN,
    LEAD,
    STATUS,
    REPORTED,
    REPORTED_PRECISION,
    TEXT,
    DEADLINE,
    DEADLINE_PRECISION,
    REASON,
    VERSION,
)
# What a person may change, in the order of the marks in VERSION.
CHANGED = COLUMNS[1:-1]


def _by_heading() -> dict[str, Column]:
    found = {}
    for column in COLUMNS:
        for name in (column.heading.partition(" (")[0], *column.others):
            found[name.lower()] = column
    return found


BY_HEADING = _by_heading()

# Thirty bits: that a changed cell passes for an unchanged one is less likely than a slip of
# the hand that does the same.
_MARK = 6


def canonical(value: Value) -> str:
    """A value as text, without what a spreadsheet program changes in passing."""
    if isinstance(value, date):
        return value.isoformat()
    # LibreOffice loses tabs in cells.
    return tidy(str(value).replace("\t", ""))


def mark(measure: Measure, column: Column, value: Value) -> str:
    """Six letters that tell whether a cell is still what we wrote."""
    told = f"{measure.number}\n{column.heading}\n{canonical(value)}"
    return b32encode(hashlib.sha256(told.encode()).digest())[:_MARK].decode().lower()


def version_of(measure: Measure) -> str:
    """The marks of a whole row: what every cell held when the file was made."""
    return "v" + "".join(mark(measure, column, column.of(measure)) for column in CHANGED)


def marks_in(version: str) -> Sequence[str] | None:
    """The marks by column, in the order of CHANGED; None when this is no version of ours."""
    letters = version.strip().lower().removeprefix("v")
    if len(letters) != _MARK * len(CHANGED) or not letters.isalnum():
        return None
    return [letters[place : place + _MARK] for place in range(0, len(letters), _MARK)]
