"""A bar of numbers per status, as the component progress_bar draws it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..models import Status


@dataclass(frozen=True)
class Segment:
    """A part of a bar; `x` and `width` are percentages of its length."""

    x: float
    width: float
    value: int
    label: str
    css_class: str


@dataclass(frozen=True)
class Bar:
    title: str
    description: str
    segments: list[Segment]


# From done to unknown, so that progress reads from the left.
REPORTED_ORDER = [
    Status.IMPLEMENTED,
    Status.BEING_INTRODUCED,
    Status.IN_DEVELOPMENT,
    Status.PLANNED,
    Status.UNKNOWN,
    Status.MERGED,
    Status.DROPPED,
]


def status_bar(title: str, counts: Mapping[Any, int]) -> Bar | None:
    """A bar of measures per status; None when there is nothing to show."""
    total = sum(counts.values())
    if not total:
        return None
    segments = []
    x = 0.0
    for status in REPORTED_ORDER:
        if number := counts.get(status, 0):
            width = 100 * number / total
            segments.append(
                Segment(
                    round(x, 3), round(width, 3), number, status.label, f"site-status--{status}"
                )
            )
            x += width
    description = ", ".join(f"{segment.label}: {segment.value}" for segment in segments)
    return Bar(title, f"Van {total}: {description}.", segments)
