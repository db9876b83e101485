"""A comparison as a chapter of an annex."""

from ..annex.changes import ChangeRow, Changes
from . import sentences
from .changes import Comparison, Kind

TITLE = "Wijzigingen sinds de vorige brief"


def chapter(comparison: Comparison) -> Changes:
    """The changes since the previous letter, as plain texts that can be frozen.

    The annex stands at the later moment, so its sentences begin with 'Sinds'.
    """
    return Changes(
        TITLE,
        sentences.summary(comparison, is_now=True),
        sentences.total(comparison),
        rows(comparison),
    )


def rows(comparison: Comparison) -> tuple[ChangeRow, ...]:
    """A row per measure that changed, class by class."""
    return tuple(
        ChangeRow(
            number=change.number,
            title=change.title,
            kind=kind.label,
            changes=sentences.what_changed(change),
            text=change.text.plain if change.text else "",
        )
        for kind, changes in comparison.by_kind.items()
        if kind != Kind.UNCHANGED
        for change in changes
    )
