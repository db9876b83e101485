"""Making public what we know of letters that were sent before this application existed."""

from .. import moments
from ..models import ReportingMoment, Snapshot


def finish() -> int:
    """Freeze and release every reconstruction that is not public yet; how many there were.

    Each moment is a transaction of its own, so that what was interrupted goes on next time.
    """
    waiting = ReportingMoment.objects.filter(is_reconstruction=True).exclude(
        state__in=[ReportingMoment.State.PUBLIC, ReportingMoment.State.WITHDRAWN]
    )
    for moment in waiting:
        if moment.is_in_preparation:
            moments.freeze(moment, by=None)
        moments.render_files(Snapshot.objects.get(moment=moment))
        moments.release(moment)
    return len(waiting)
