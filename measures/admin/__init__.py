"""The staff screens of the programme; one subject per module."""

from . import context, evaluation, measure, parliament, progress, sources

__all__ = ["context", "evaluation", "measure", "parliament", "progress", "sources"]
