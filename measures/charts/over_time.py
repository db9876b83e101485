"""Status over time: how many measures had each status, in steps, one on top of the other."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from django.utils import formats

from ..documents import Table
from ..models import Status
from ..status_steps import Step
from .axis import Axis
from .bar import REPORTED_ORDER
from .drawing import Box, Drawing, Rule, Shape, Words, nothing, status_class, status_key

NAME = "status-door-de-tijd"
TITLE = "Stand door de tijd"
TOP = 8
HEIGHT = 240
# More columns than this are not to be told apart, and would make a large file.
MOST_COLUMNS = 72
# A page with more rows than this gives the last of each quarter; the file has them all.
MOST_ROWS = 40
# What is not a step on the way is drawn with stripes.
STRIPED = (Status.UNKNOWN, Status.DROPPED, Status.MERGED)
# Of a column lower than this the number cannot be read.
READABLE = 17


def draw(history: Sequence[Step], until: date, *, height: int = HEIGHT) -> Drawing:
    """`history` begins with what held before the first change; `until` is the last day drawn."""
    if not any(sum(step.counts.values()) for step in history):
        return nothing(NAME, TITLE, "Er is nog geen maatregel om te tellen.")
    first = next((step.day for step in history if step.day), until)
    most = max(sum(step.counts.values()) for step in history)
    # A year that begins before the first change, so that one sees what was before.
    year = max(first.year - (first.month == 1), date.min.year)
    start = min(date(year, 1, 1), until - timedelta(days=30))
    axis = Axis(start, until, left=7 + 1.6 * len(str(most)))
    bottom = TOP + height
    shapes: list[Shape] = [*_scale(axis, most, bottom, height)]
    columns = _columns(history, axis)
    used = [s for s in REPORTED_ORDER if any(counts.get(s) for _, _, counts in columns)]
    shapes += _bands(columns, used, most, bottom, height)
    shapes += axis.drawn(bottom, bottom)
    legend, key_height = status_key(used, bottom + 40)
    return Drawing(
        NAME, TITLE, _describe(history, until), bottom + 40 + key_height, [*shapes, *legend]
    )


def _columns(history, axis) -> list[tuple[float, float, dict[str, int]]]:
    """(left, right, counts) from left to right; of many changes the last in each place."""
    width = (axis.right - axis.left) / MOST_COLUMNS
    placed: dict[float, dict[str, int]] = {}
    for step in history:
        x = axis.at(step.day) if step.day else axis.left
        if len(history) > MOST_COLUMNS:
            x = axis.left + (x - axis.left) // width * width
        placed[x] = step.counts
    edges = sorted(placed)
    return [
        (left, right, placed[left])
        for left, right in zip(edges, [*edges[1:], axis.right], strict=True)
        if right > left
    ] or [(axis.left, axis.right, history[-1].counts)]


def _bands(columns, used, most, bottom, height) -> list[Shape]:
    """A band per status; neighbouring columns of one height are one box."""
    boxes: list[Shape] = []
    numbers: list[Shape] = []
    last = columns[-1]
    for status in used:

        def span(column, status=status):
            below = sum(column[2].get(other, 0) for other in used[: used.index(status)])
            return below, column[2].get(status, 0)

        for (below, number), group in groupby(columns, span):
            run = list(group)
            if not number:
                continue
            high = height * number / most
            y = bottom - height * below / most - high
            left, right = run[0][0], run[-1][1]
            label = f"{status.label}: {number}"
            css_class = f"{status_class(status)} site-chart__band"
            is_plain = status not in STRIPED
            boxes.append(
                Box(
                    round(left, 3),
                    round(y, 2),
                    round(right - left, 3),
                    round(high, 2),
                    css_class,
                    label,
                    is_plain=is_plain,
                )
            )
            if run[-1] is last and high >= READABLE:
                numbers.append(
                    Words(
                        last[1],
                        round(y + high / 2 + 5, 2),
                        str(number),
                        f"{status_class(status)} site-chart__on-bar",
                        "end",
                        -8,
                    )
                )
    return [*boxes, *numbers]


def _scale(axis: Axis, most: int, bottom: float, height: float) -> list[Shape]:
    """Numbers of measures at the left, with a line to the right."""
    step = next(
        size * power
        for power in (10**n for n in range(9))
        for size in (1, 2, 5)
        if most / (size * power) <= 5
    )
    shapes: list[Shape] = []
    for number in range(0, most + 1, step):
        y = round(bottom - height * number / most, 2)
        shapes += [
            Rule(axis.left, y, axis.right, y),
            Words(axis.left, y + 4, str(number), "site-chart__small", "end", -6),
        ]
    return shapes


def _describe(history: Sequence[Step], until: date) -> str:
    first, last = history[0], history[-1]
    parts = [
        f"{counts} op {formats.date_format(day, 'j F Y')}" if day else f"{counts} aan het begin"
        for day, counts in ((first.day, _words(first.counts)), (until, _words(last.counts)))
    ]
    return f"Van links naar rechts de tijd, van onder naar boven het aantal. {'. '.join(parts)}."


def _words(counts) -> str:
    found = [f"{counts[s]} {s.label.lower()}" for s in REPORTED_ORDER if counts.get(s)]
    return ", ".join(found) if found else "Geen maatregel"


def table(history: Sequence[Step]) -> Table:
    """A row per day on which something changed, the first without a day."""
    return Table(
        TITLE,
        ["Vanaf", *(status.label for status in Status), "Samen"],
        [
            [
                step.day or "Begin",
                *(step.counts.get(status, 0) for status in Status),
                sum(step.counts.values()),
            ]
            for step in history
        ],
    )


def shortened(history: Sequence[Step]) -> Sequence[Step]:
    """For a page: all, or of very many the last of each quarter and the last of all."""
    if len(history) <= MOST_ROWS:
        return history
    quarters = {(s.day.year, (s.day.month - 1) // 3): s for s in history if s.day}
    years = {s.day.year: s for s in history if s.day}
    rows = quarters if len(quarters) <= MOST_ROWS else years
    return [*(step for step in history if not step.day), *rows.values()][-10 * MOST_ROWS :]
