"""The chapter ‘Wijzigingen sinds de vorige brief’ as data: plain texts, ready to be frozen.

`measures.comparison.chapter` makes it; an annex without a previous letter has none.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ChangeRow:
    """A measure that changed: its class, and what changed in full sentences.

    `text` is the difference of its progress without colour ('[nieuw: …]'), or empty.
    """

    number: str
    title: str
    kind: str
    changes: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Changes:
    """`sentences` sum up, `total` shows the counts as a sum; what stayed has no row."""

    title: str
    sentences: tuple[str, ...]
    total: str
    rows: tuple[ChangeRow, ...]
