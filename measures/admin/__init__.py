"""The staff screens of the programme; one subject per module."""

from . import (
    context,
    contribution,
    correction,
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
    "correction",
    "deadline",
    "evaluation",
    "evidence",
    "measure",
    "moment",
    "parliament",
    "progress",
    "sources",
]
