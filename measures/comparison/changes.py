"""Two annex contents, and what changed between them per measure.

No database, no HTTP, no clock. Compared are the status, the deadline and the text of the
progress; a measure that ended stays in, so that the counts of both moments reconcile.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from django.utils import formats

from ..annex.content import AnnexContent, DeadlineFact, MeasureRow
from ..models import Status
from .words import TextChange, difference, is_same


class Kind(StrEnum):
    """What can have happened to a measure. The first that applies is its main class."""

    NEW = "nieuw"
    ABSENT = "niet-meer-genoemd"
    ENDED = "vervallen"
    MERGED = "opgegaan"
    STATUS = "status"
    DEADLINE = "streefdatum"
    TEXT = "tekst"
    UNCHANGED = "ongewijzigd"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Kind.NEW: "Nieuw",
    Kind.ABSENT: "Niet meer genoemd",
    Kind.ENDED: "Vervallen",
    Kind.MERGED: "Opgegaan in een andere maatregel",
    Kind.STATUS: "Andere status",
    Kind.DEADLINE: "Andere streefdatum",
    Kind.TEXT: "Andere tekst",
    Kind.UNCHANGED: "Niet veranderd",
}


@dataclass(frozen=True)
class Side:
    """One of the two moments. `letter` is 'de brief van 4 april 2022', or empty."""

    day: date
    letter: str
    is_reconstruction: bool

    @property
    def day_label(self) -> str:
        return formats.date_format(self.day, "j F Y")

    @property
    def label(self) -> str:
        """How a sentence calls it: the letter, else the day."""
        return self.letter or self.day_label


@dataclass(frozen=True)
class StatusStep:
    """From one status to another; the labels name a successor ('Opgegaan in M7')."""

    old: Status
    old_label: str
    new: Status
    new_label: str


@dataclass(frozen=True)
class DeadlineMove:
    """From one deadline to another; `reason` is empty when none is given."""

    old: DeadlineFact
    new: DeadlineFact

    @property
    def is_shift(self) -> bool:
        """Whether one day made place for another."""
        return self.old.day is not None and self.new.day is not None

    @property
    def old_label(self) -> str:
        return self.old.label or "geen datum"

    @property
    def new_label(self) -> str:
        return self.new.label or "geen datum"

    @property
    def reason(self) -> str:
        return self.new.reason


@dataclass(frozen=True)
class MeasureChange:
    """A measure at both moments; one of `before` and `after` may be missing."""

    before: MeasureRow | None
    after: MeasureRow | None
    status: StatusStep | None = None
    deadline: DeadlineMove | None = None
    text: TextChange | None = None

    @property
    def row(self) -> MeasureRow:
        """The measure as it was last named."""
        row = self.after or self.before
        assert row is not None
        return row

    @property
    def number(self) -> str:
        return self.row.number

    @property
    def page(self) -> int | None:
        """The number by which the page of the measure goes; None when it may be gone."""
        return int(self.number.lstrip("M")) if self.after else None

    @property
    def title(self) -> str:
        return self.row.title.text

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """All that happened to it, the main class first; never empty."""
        if self.before is None:
            return (Kind.NEW,)
        if self.after is None:
            return (Kind.ABSENT,)
        ends = {Status.DROPPED: Kind.ENDED, Status.MERGED: Kind.MERGED}
        found = []
        if self.status:
            found.append(ends.get(self.status.new, Kind.STATUS))
        if self.deadline:
            found.append(Kind.DEADLINE)
        if self.text:
            found.append(Kind.TEXT)
        return tuple(found) or (Kind.UNCHANGED,)

    @property
    def kind(self) -> Kind:
        """Its main class: every measure has exactly one, so that counts add up."""
        return self.kinds[0]


@dataclass(frozen=True)
class Comparison:
    """All measures of both moments, by number, with what changed."""

    before: Side
    after: Side
    changes: tuple[MeasureChange, ...]

    @cached_property
    def by_kind(self) -> Mapping[Kind, tuple[MeasureChange, ...]]:
        """The measures per main class, the classes in their order, also those without any."""
        return {kind: tuple(c for c in self.changes if c.kind == kind) for kind in Kind}

    def number(self, kind: Kind) -> int:
        """How many measures have this main class."""
        return len(self.by_kind[kind])

    @property
    def number_before(self) -> int:
        return len(self.changes) - self.number(Kind.NEW)

    @property
    def number_after(self) -> int:
        return len(self.changes) - self.number(Kind.ABSENT)

    @property
    def is_same(self) -> bool:
        """Whether nothing changed at all."""
        return self.number(Kind.UNCHANGED) == len(self.changes)


def compare(before: AnnexContent, after: AnnexContent) -> Comparison:
    """What changed from one content to the other."""
    was, now = _rows(before), _rows(after)
    numbers = sorted({*was, *now}, key=lambda number: (int(number.lstrip("M") or 0), number))
    return Comparison(
        _side(before),
        _side(after),
        tuple(_change(was.get(number), now.get(number)) for number in numbers),
    )


def _rows(content: AnnexContent) -> dict[str, MeasureRow]:
    return {row.number: row for section in content.sections for row in section.rows}


def _side(content: AnnexContent) -> Side:
    moment = content.moment
    if moment is None:
        return Side(content.reference_date, "", is_reconstruction=False)
    letter = name_of_letter(moment.letter, moment.letter_date)
    return Side(content.reference_date, letter, moment.is_reconstruction)


def name_of_letter(title: str, date_label: str) -> str:
    """'de brief van 4 april 2022'; of one without a date the title says which it is."""
    name = f"van {date_label}" if date_label[-1:].isdigit() else f"‘{title}’"
    return f"de brief {name}"


def _change(was: MeasureRow | None, now: MeasureRow | None) -> MeasureChange:
    if was is None or now is None:
        return MeasureChange(was, now)
    return MeasureChange(was, now, _status(was, now), _deadline(was, now), _text(was, now))


def _status(was: MeasureRow, now: MeasureRow) -> StatusStep | None:
    if (was.status, was.merged_into) == (now.status, now.merged_into):
        return None
    return StatusStep(was.status, was.status_label, now.status, now.status_label)


def _deadline(was: MeasureRow, now: MeasureRow) -> DeadlineMove | None:
    """The move to another day. Other words for the same day move nothing."""
    old, new = was.deadline, now.deadline
    same = old.day == new.day and (old.day is not None or old.label == new.label)
    return None if same else DeadlineMove(old, new)


def _text(was: MeasureRow, now: MeasureRow) -> TextChange | None:
    return None if is_same(was.text, now.text) else difference(was.text, now.text)
