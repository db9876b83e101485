"""The staff screens of the programme; one subject per module."""

from . import (
    context,
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
    "deadline",
    "evaluation",
    "evidence",
    "measure",
    "moment",
    "parliament",
    "progress",
    "sources",
]
