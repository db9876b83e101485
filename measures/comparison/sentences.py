"""A comparison in plain Dutch sentences, right for none, one and more."""

from collections.abc import Iterator
from dataclasses import dataclass

from .. import sentences
from ..models import Status
from .changes import Comparison, DeadlineMove, Kind, MeasureChange, Side

# With more clauses than this, dates and texts get a sentence of their own.
_LONGEST = 4


@dataclass(frozen=True)
class Clause:
    """A number of measures and what happened to them.

    `of` is 'van ' where something of the measures changed; the verb then stays single.
    `is_detail` says that it is about dates or texts.
    """

    number: int
    one: str
    many: str
    rest: str
    of: str = ""
    is_detail: bool = False

    @property
    def verb(self) -> str:
        return self.one if self.number == 1 or self.of else self.many

    def who(self, *, in_full: bool) -> str:
        """'3 maatregelen'; '3' once the reader knows what is counted."""
        full = in_full or self.number == 1
        return f"{self.of}{sentences.measures(self.number) if full else self.number}"

    def opening(self) -> str:
        """Behind an opening: 'zijn 3 maatregelen geïmplementeerd'."""
        return f"{self.verb} {self.who(in_full=True)} {self.rest}"

    def following(self, *, in_full: bool = False) -> str:
        """On its own: 'van 2 is de tekst niet gewijzigd'."""
        return f"{self.who(in_full=in_full)} {self.verb} {self.rest}"


# What became of measures by the status they have now.
_STEPS = [
    (Status.IMPLEMENTED, "is", "zijn", "geïmplementeerd", ""),
    (Status.BEING_INTRODUCED, "wordt", "worden", "nu doorgevoerd", ""),
    (Status.IN_DEVELOPMENT, "wordt", "worden", "nu uitgewerkt", ""),
    (Status.PLANNED, "is", "zijn", "nu gepland", ""),
    (Status.DROPPED, "is", "zijn", "vervallen", ""),
    (Status.MERGED, "is", "zijn", "opgegaan in een andere maatregel", ""),
    (Status.UNKNOWN, "is", "is", "de stand nu onbekend", "van "),
]


def clauses(comparison: Comparison) -> Iterator[Clause]:
    """What happened, each with its number; what did not happen is left out."""
    for clause in _all(comparison):
        if clause.number:
            yield clause


def _all(comparison: Comparison) -> Iterator[Clause]:
    changes = comparison.changes
    for status, one, many, rest, of in _STEPS:
        number = sum(c.status is not None and c.status.new == status for c in changes)
        yield Clause(number, one, many, rest, of)
    yield Clause(comparison.number(Kind.NEW), "is", "zijn", "erbij gekomen")
    absent = comparison.number(Kind.ABSENT)
    yield Clause(absent, "wordt", "worden", "niet meer genoemd")
    moves = [c.deadline for c in changes if c.deadline]
    shifted = sum(move.is_shift for move in moves)
    yield _of(shifted, "de datum verschoven")
    given = sum(move.old.day is None and move.new.day is not None for move in moves)
    yield _of(given, "nu wel een datum bekend")
    gone = sum(move.old.day is not None and move.new.day is None for move in moves)
    yield _of(gone, "geen datum meer bekend")
    yield _of(len(moves) - shifted - given - gone, "de datum anders omschreven")
    texts = [c.text for c in changes if c.text]
    first = sum(not text.old.strip() for text in texts)
    last = sum(not text.new.strip() for text in texts)
    yield _of(len(texts) - first - last, "de tekst gewijzigd")
    yield _of(first, "nu wel een stand van zaken bekend")
    yield _of(last, "geen stand van zaken meer bekend")
    both = [c for c in changes if c.before and c.after and not c.text]
    told = sum(bool(c.row.text.strip()) for c in both)
    yield _of(told, "de tekst niet gewijzigd")
    yield _of(len(both) - told, "nog steeds geen stand van zaken bekend")


def _of(number: int, rest: str) -> Clause:
    return Clause(number, "is", "is", rest, "van ", is_detail=True)


def opening(before: Side, after: Side, *, is_now: bool) -> str:
    """'Sinds de brief van 4 april 2022', or 'Tussen 4 april 2022 en 1 mei 2023'.

    `is_now` says that the reader stands at the later moment.
    """
    if is_now:
        return f"Sinds {before.label}"
    return f"Tussen {before.label} en {after.label}"


def summary(comparison: Comparison, *, is_now: bool) -> tuple[str, ...]:
    """What changed, in one to three sentences."""
    start = opening(comparison.before, comparison.after, is_now=is_now)
    total = len(comparison.changes)
    if not total:
        return ("Op beide momenten staat hier geen maatregel.",)
    if comparison.is_same:
        if comparison.before == comparison.after:
            return ("Beide momenten zijn hetzelfde: er is niets veranderd.",)
        which = {1: "de maatregel", 2: "beide maatregelen"}.get(total, f"alle {total} maatregelen")
        return (
            f"{start} is niets veranderd: van {which} zijn de status, de streefdatum en de tekst "
            "gelijk gebleven.",
        )
    found = list(clauses(comparison))
    if len(found) <= _LONGEST:
        return (_sentence(start, found),)
    facts = [clause for clause in found if not clause.is_detail]
    details = [clause for clause in found if clause.is_detail]
    if not facts:
        return (_sentence(start, details),)
    rest = "; ".join(c.following(in_full=not place) for place, c in enumerate(details))
    return (_sentence(start, facts), *([f"{rest[0].upper()}{rest[1:]}."] if rest else []))


def _sentence(start: str, found: list[Clause]) -> str:
    first, *others = found
    return "; ".join([f"{start} {first.opening()}", *(c.following() for c in others)]) + "."


def total(comparison: Comparison) -> str:
    """The counts of both moments as a sum: '40 maatregelen op … + 2 nieuw = 42 op …'."""
    new, absent = comparison.number(Kind.NEW), comparison.number(Kind.ABSENT)
    parts = [f"{sentences.measures(comparison.number_before)} op {comparison.before.day_label}"]
    parts.append(f"+ {new} nieuw")
    if absent:
        parts.append(f"– {absent} niet meer genoemd")
    parts.append(
        f"= {sentences.measures(comparison.number_after)} op {comparison.after.day_label}."
    )
    return " ".join(parts)


def what_changed(change: MeasureChange) -> tuple[str, ...]:
    """What happened to one measure beside its text: 'Status: Gepland → Vervallen.'"""
    found = []
    if change.before is None:
        found.append(f"Nieuw, met de status ‘{change.row.status_label}’.")
    if change.after is None:
        found.append(f"Niet meer genoemd; de status was ‘{change.row.status_label}’.")
    if step := change.status:
        found.append(f"Status: {step.old_label} → {step.new_label}.")
    if move := change.deadline:
        found.append(f"Streefdatum: {move.old_label} → {move.new_label}.")
        found += filter(None, [reason(move)])
    return tuple(found)


def reason(move: DeadlineMove) -> str:
    """Why a deadline moved; that no reason is known is said of a date that was there."""
    if move.reason:
        return f"Reden: {move.reason}"
    return "Reden: niet vermeld." if move.old.day is not None else ""
