"""Status per theme: a bar for each, one scale for all, so that lengths compare."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..documents import Table
from ..models import Status
from .bar import REPORTED_ORDER
from .drawing import Box, Drawing, Shape, fits, lines_of, nothing, status_class, status_key

NAME = "status-per-hoofdlijn"
TITLE = "Stand per hoofdlijn"
BAR = 34

Themes = Sequence[tuple[str, Mapping[Any, int]]]


def draw(themes: Themes) -> Drawing:
    """`themes` has the title of each and its number of measures per status."""
    most = max((sum(counts.values()) for _, counts in themes), default=0)
    if not most:
        return nothing(NAME, TITLE, "Er is nog geen maatregel om te tellen.")
    shapes: list[Shape] = []
    bottom = 0
    for title, counts in themes:
        words, bottom = lines_of(title, bottom + 16, "site-chart__strong")
        shapes += words
        bottom += 6
        shapes += (
            _bar(counts, most, bottom)
            or lines_of("Wij kennen geen maatregel.", bottom + 20, "site-chart__subtle")[0]
        )
        bottom += BAR + 14
    used = [s for s in REPORTED_ORDER if any(counts.get(s) for _, counts in themes)]
    legend, height = status_key(used, bottom)
    return Drawing(NAME, TITLE, _describe(themes), bottom + height, [*shapes, *legend])


def _bar(counts: Mapping[Any, int], most: int, y: float) -> list[Shape]:
    shapes: list[Shape] = []
    x = 0.0
    for status in REPORTED_ORDER:
        if number := counts.get(status, 0):
            width = 100 * number / most
            shapes.append(
                Box(
                    round(x, 3),
                    y,
                    round(width, 3),
                    BAR,
                    status_class(status),
                    f"{status.label}: {number}",
                    str(number) if fits(str(number), width) else "",
                )
            )
            x += width
    return shapes


def _describe(themes: Themes) -> str:
    parts = []
    for title, counts in themes:
        found = [f"{counts[s]} {s.label.lower()}" for s in REPORTED_ORDER if counts.get(s)]
        parts.append(f"{title}: {', '.join(found) if found else 'geen maatregel'}")
    return f"{'. '.join(parts)}."


def table(themes: Themes) -> Table:
    """A row per theme, a column per status, and what they are together."""
    return Table(
        TITLE,
        ["Hoofdlijn", *(status.label for status in Status), "Samen"],
        [
            [title, *(counts.get(status, 0) for status in Status), sum(counts.values())]
            for title, counts in themes
        ],
    )
