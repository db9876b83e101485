"""The measures as a spreadsheet that people change and send back."""

from collections.abc import Iterable

from django.db.models import Prefetch

from .. import documents
from ..models import Measure, ProgressUpdate
from .columns import COLUMNS


def with_standing_reports(measures):
    """The measures with theme, lead and the published update that holds: two queries."""
    updates = ProgressUpdate.objects.published().latest_first().select_related("merged_into")
    return measures.select_related("theme", "lead").prefetch_related(
        Prefetch("updates", updates[:1], to_attr="standings")
    )


def write(measures: Iterable[Measure], format: str) -> bytes:
    """The file in one of FORMATS; needs `with_standing_reports`."""
    table = documents.Table(
        title="Maatregelen",
        columns=[column.heading for column in COLUMNS],
        rows=[[column.of(measure) for column in COLUMNS] for measure in measures],
    )
    return documents.write(format, [table])
