"""The staff screens of the programme; one subject per module."""

from . import context, evaluation, evidence, measure, parliament, progress, sources

__all__ = ["context", "evaluation", "evidence", "measure", "parliament", "progress", "sources"]
