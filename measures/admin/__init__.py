"""The staff screens of the programme; one subject per module."""

from . import (
    context,
    contribution,
    deadline,
    evaluation,
    evidence,
    measure,
    moment,
    parliament,
    progress,
    sources,
)

__all__ = [
    "context",
    "contribution",
    "deadline",
    "evaluation",
    "evidence",
    "measure",
    "moment",
    "parliament",
    "progress",
    "sources",
]
