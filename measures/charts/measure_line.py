"""The line of time of one measure: its statuses, its deadlines and the letters, on one axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..documents import Table
from ..models import Status
from .axis import Axis
from .drawing import Box, Drawing, Mark, Rule, Shape, Words, nothing, status_class, status_key

BAND = 30
# Marks nearer to each other than this stand in another row, so that both can be read.
APART = 8
MARK_ROW = 28


@dataclass(frozen=True)
class Entry:
    """Something on the line; `day` is None when it is not known.

    `what` is a status of the measure, a first or shifted deadline (`to` is the deadline), or
    a letter. `date_text` is the day as people read it.
    """

    class What:
        UPDATE = "stand van zaken"
        FIRST_DEADLINE = "eerste streefdatum"
        SHIFT = "streefdatum verschoven"
        LETTER = "Kamerbrief"

    day: date | None
    what: str
    text: str
    date_text: str = ""
    status: str = ""
    to: date | None = None


def name_of(number: int) -> str:
    return f"maatregel-{number}"


def title_of(number: int) -> str:
    return f"M{number} door de tijd"


def draw(number: int, entries: Sequence[Entry], until: date) -> Drawing:
    """`entries` in the order of time; `until` is the day asked for."""
    name, title = name_of(number), title_of(number)
    known = [day for entry in entries for day in (entry.day, entry.to) if day]
    if not known:
        return nothing(name, title, "Wij kennen van deze maatregel nog geen datum.")
    first, last = min(*known, until), max(*known, until)
    start = min(date(first.year, 1, 1), last - timedelta(days=30))
    axis = Axis(start, last)
    updates = [e for e in entries if e.status and e.day]
    shapes, bottom = _statuses(updates, axis, until)
    deadlines = [e for e in entries if e.what in (Entry.What.FIRST_DEADLINE, Entry.What.SHIFT)]
    if deadlines:
        found, bottom = _deadlines(deadlines, axis, bottom + 20)
        shapes += found
    letters = [e for e in entries if e.what == Entry.What.LETTER and e.day]
    if letters:
        found, bottom = _letters(letters, axis, bottom + 20)
        shapes += found
    bottom += 8
    shapes += axis.drawn(bottom, bottom)
    if until < last:
        x = axis.at(until)
        shapes.append(Rule(x, 0, x, bottom, "site-chart__now"))
    used = [s for s in Status if s in {e.status for e in updates} or s == Status.UNKNOWN]
    legend, height = status_key(used, bottom + 40)
    return Drawing(name, title, _describe(entries), bottom + 40 + height, [*shapes, *legend])


def _statuses(updates, axis, until) -> tuple[list[Shape], int]:
    """A band that takes the status of each update; before the first it is unknown."""
    shapes: list[Shape] = [Words(0, 15, "Stand", "site-chart__strong")]
    end = axis.at(until)
    edges = [(axis.left, Status.UNKNOWN.value)]
    for entry in updates:
        # A report that says the same goes on.
        if entry.status != edges[-1][1]:
            edges.append((axis.at(entry.day), entry.status))
    for (left, status), (right, _) in zip(edges, [*edges[1:], (end, "")], strict=True):
        if right > left:
            label = Status(status).label
            shapes.append(
                Box(round(left, 3), 24, round(right - left, 3), BAND, status_class(status), label)
            )
    return shapes, 24 + BAND


def _deadlines(deadlines, axis, top) -> tuple[list[Shape], int]:
    """A mark per deadline; a line leads from the deadline before it to a shifted one."""
    shapes: list[Shape] = [Words(0, top + 12, "Streefdatum", "site-chart__strong")]
    y = top + 34
    before: Entry | None = None
    for entry in deadlines:
        if entry.to is None:
            continue
        x = axis.at(entry.to)
        if before is not None and before.to:
            y += MARK_ROW
            from_x = axis.at(before.to)
            shapes += [
                Rule(from_x, y - MARK_ROW, from_x, y, "site-chart__shift"),
                Rule(from_x, y, x, y, "site-chart__shift"),
            ]
        shapes.append(Mark(x, y, "ruit", label=f"{entry.what}: {entry.text}"))
        shapes.append(_beside(x, y, entry.text))
        before = entry
    return shapes, y + 14


def _letters(letters, axis, top) -> tuple[list[Shape], int]:
    """A mark per letter with its number in the list below; what would touch goes a row down."""
    shapes: list[Shape] = [Words(0, top + 12, "Kamerbrieven", "site-chart__strong")]
    rows: list[float] = []
    for position, entry in enumerate(letters, start=1):
        x = axis.at(entry.day)
        row = next((n for n, taken in enumerate(rows) if x - taken >= APART), len(rows))
        if row == len(rows):
            rows.append(x)
        rows[row] = x
        x = min(max(x, 3), 97)
        shapes.append(
            Mark(x, top + 34 + row * MARK_ROW, "brief", label=entry.text, text=str(position))
        )
    return shapes, top + 34 + (len(rows) - 1) * MARK_ROW + 14


def _beside(x: float, y: float, text: str) -> Words:
    """A text beside a mark, on the side where there is room."""
    if x > 50:
        return Words(x, y + 5, text, "site-chart__small", "end", -14)
    return Words(x, y + 5, text, "site-chart__small", "start", 14)


def _describe(entries: Sequence[Entry]) -> str:
    parts = [
        f"{entry.date_text or 'Datum onbekend'}: {entry.what}, {entry.text}" for entry in entries
    ]
    return f"{'. '.join(parts)}."


def table(number: int, entries: Sequence[Entry]) -> Table:
    """A row per entry, letters with the number that they have in the picture."""
    letters = [e for e in entries if e.what == Entry.What.LETTER and e.day]
    return Table(
        title_of(number),
        ["Wanneer", "Wat", "Inhoud", "Nummer in het beeld"],
        [
            [
                entry.date_text or "onbekend",
                entry.what[:1].upper() + entry.what[1:],
                entry.text,
                letters.index(entry) + 1 if entry in letters else "",
            ]
            for entry in entries
        ],
    )
