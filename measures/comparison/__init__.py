"""What changed between two moments, from two annex contents.

`compare(before, after)` is a pure function; `sentences` puts its outcome into Dutch,
`endpoints` finds the two contents, `layout` turns it all into documents, and `chapter` into a
part of an annex.
"""

from .changes import Comparison, DeadlineMove, Kind, MeasureChange, Side, StatusStep, compare
from .chapter import chapter

__all__ = [
    "Comparison",
    "DeadlineMove",
    "Kind",
    "MeasureChange",
    "Side",
    "StatusStep",
    "chapter",
    "compare",
]
