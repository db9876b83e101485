"""Deadlines on a line of time: how many measures each month, quarter or year."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils import formats

from ..documents import Table
from ..models import DeadlineState
from .drawing import Box, Drawing, Rule, Shape, Words, key, nothing

NAME = "streefdata"
TITLE = "Streefdata die komen en die voorbij zijn"
HEIGHT = 180
TOP = 26
MOST_COLUMNS = 24
# Months in a column: a month, a quarter, a year, and on.
SIZES = (1, 3, 12, 24, 60, 120, 600, 1200, 12_000)
STATES = (DeadlineState.PASSED, DeadlineState.NEAR, DeadlineState.ON_SCHEDULE)

# (deadline or None, state of the deadline) -> number of measures that are not finished
Deadlines = Mapping[tuple[date | None, str], int]


@dataclass
class Column:
    """A period, and how many deadlines fall in it per state."""

    first_month: int
    size: int
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def label(self) -> str:
        """'december 2025', '4e kwartaal 2025', '2025', '2020–2024'."""
        year, month = divmod(self.first_month, 12)
        if self.size == 1:
            return formats.date_format(date(year, month + 1, 1), "F Y")
        if self.size == 3:
            return f"{month // 3 + 1}e kwartaal {year}"
        return str(year) if self.size == 12 else f"{year}–{year + self.size // 12 - 1}"

    @property
    def short(self) -> str:
        """What stands below it: the year, and of months the first letter of the month."""
        return str(self.first_month // 12)


def columns(deadlines: Deadlines, day: date) -> list[Column]:
    """The periods from the first deadline to the last, with that of `day` among them."""
    days = [deadline for deadline, _ in deadlines if deadline]
    if not days:
        return []
    first, last = (_months(found) for found in (min(*days, day), max(*days, day)))
    size = next(s for s in SIZES if last // s - first // s < MOST_COLUMNS or s == SIZES[-1])
    if size < 12 and (last // 12 + 1 - first // 12) * 12 // size <= MOST_COLUMNS:
        # Whole years, where there is room for them.
        first, last = first // 12 * 12, last // 12 * 12 + 11
    found = {n: Column(n * size, size) for n in range(first // size, last // size + 1)}
    for (deadline, state), number in deadlines.items():
        if deadline:
            counts = found[_months(deadline) // size].counts
            counts[state] = counts.get(state, 0) + number
    return list(found.values())


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


def draw(deadlines: Deadlines, day: date) -> Drawing:
    """`deadlines` tells of measures that were not finished on `day`."""
    found = columns(deadlines, day)
    if not found:
        return nothing(NAME, TITLE, "Wij kennen geen streefdatum van een maatregel die nog loopt.")
    most = max(column.total for column in found)
    bottom = TOP + HEIGHT
    width = 100 / len(found)
    shapes: list[Shape] = []
    for position, column in enumerate(found):
        shapes += _column(column, position * width, width, most, bottom)
    shapes += [Rule(0, bottom, 100, bottom, "site-chart__axis")]
    shapes += _years(found, width, bottom)
    used = [state for state in STATES if any(column.counts.get(state) for column in found)]
    legend, height = key([(_class(state), state.label) for state in used], bottom + 36)
    now = round(100 * _part(found, day), 3)
    shapes += [
        Rule(now, 0, now, bottom, "site-chart__now"),
        Words(
            now,
            12,
            "Peildatum",
            "site-chart__small",
            "end" if now > 50 else "start",
            -6 if now > 50 else 6,
        ),
    ]
    return Drawing(NAME, TITLE, _describe(deadlines), bottom + 36 + height, [*shapes, *legend])


def _class(state: str) -> str:
    return f"site-chart--{state}"


def _column(column: Column, x: float, width: float, most: int, bottom: float) -> list[Shape]:
    shapes: list[Shape] = []
    y = bottom
    for state in STATES:
        if number := column.counts.get(state, 0):
            high = HEIGHT * number / most * 0.9
            y -= high
            label = f"{column.label}: {number} {state.label.lower()}"
            shapes.append(
                Box(
                    round(x + width * 0.1, 3),
                    round(y, 2),
                    round(width * 0.8, 3),
                    round(high, 2),
                    _class(state),
                    label,
                )
            )
    if column.total and (len(str(column.total)) * 2.6 <= width or len(str(column.total)) == 1):
        shapes.append(
            Words(
                round(x + width / 2, 3),
                round(y - 5, 2),
                str(column.total),
                "site-chart__small",
                "middle",
            )
        )
    return shapes


def _years(found: list[Column], width: float, bottom: float) -> list[Shape]:
    """Names of years below the columns, so few that they stay apart."""
    starts = [
        (position, column.short)
        for position, column in enumerate(found)
        if position == 0 or column.first_month % 12 == 0 or column.size > 12
    ]
    # A part of a year before the first whole one has no room for its name.
    if len(starts) > 1 and (starts[1][0] - starts[0][0]) * width < 12:
        starts = starts[1:]
    every = -(-len(starts) // 6)
    shapes: list[Shape] = []
    for position, label in starts[::every]:
        x = round(position * width, 3)
        shapes += [
            Rule(x, bottom, x, bottom + 20, "site-chart__axis"),
            Words(x, bottom + 18, label, "site-chart__small", dx=5),
        ]
    return shapes


def _part(found: list[Column], day: date) -> float:
    """Which part of the whole line lies before `day`."""
    first, size = found[0].first_month, found[0].size
    return (_months(day) - first + (day.day - 1) / 31) / (size * len(found))


def _describe(deadlines: Deadlines) -> str:
    counts = dict.fromkeys(STATES, 0)
    for (_, state), number in deadlines.items():
        if state in counts:
            counts[DeadlineState(state)] += number
    without = sum(number for (deadline, _), number in deadlines.items() if deadline is None)
    parts = [f"{state.label.lower()}: {counts[state]}" for state in STATES]
    return (
        f"Maatregelen die nog niet klaar zijn. {'; '.join(parts).capitalize()}; "
        f"zonder streefdatum: {without}."
    )


def table(deadlines: Deadlines, day: date) -> Table:
    """A row per period that has a deadline, and one for the measures without."""
    rows: list[list[str | int | date]] = [
        [column.label, *(column.counts.get(state, 0) for state in STATES), column.total]
        for column in columns(deadlines, day)
        if column.total
    ]
    without = sum(number for (deadline, _), number in deadlines.items() if deadline is None)
    rows.append(["Zonder streefdatum", *(0 for _ in STATES), without])
    return Table(TITLE, ["Wanneer", *(state.label for state in STATES), "Samen"], rows)
