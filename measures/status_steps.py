"""How many measures had each status, from the first report to now."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from .models import Measure, ProgressUpdate, Status
from .models.measure import MeasureQuerySet


@dataclass(frozen=True)
class Step:
    """What held from a day on; without a day: from before the first change.

    `counts` has a number per stored status; every status has a key.
    """

    day: date | None
    counts: dict[str, int]


def status_steps(
    measures: MeasureQuerySet | None = None,
    day: date | None = None,
    known_on: date | None = None,
) -> list[Step]:
    """Every day up to `day` on which the numbers of public measures per status changed.

    On each day d it says what `public_as_of(d, known_on).count_by_status()` says, in two
    queries however many days: a change counts one up for its status and one down for the
    status before it, so that several on one day add up to the last.
    """
    today = timezone.localdate()
    until = min(day or today, today)
    # What is dated later than today holds already now, as on every other page.
    is_now = until == today and (known_on is None or known_on >= today)
    public = (Measure.objects.all() if measures is None else measures).public(known_on)
    changed: defaultdict[date, Counter[str]] = defaultdict(Counter)
    before: Counter[str] = Counter()

    def place(moment: date) -> date | None:
        return moment if moment <= until else until if is_now else None

    for added_on, number in public.count_by_day_added().items():
        if added_on is None:
            before[Status.UNKNOWN] += number
        elif moment := place(added_on):
            changed[moment][Status.UNKNOWN] += number
    for reported_on, added_on, status, previous in (
        ProgressUpdate.objects.published(known_on).changes_of_status(public).iterator()
    ):
        if moment := place(max(reported_on, added_on or reported_on)):
            changed[moment][status] += 1
            changed[moment][previous] -= 1

    counts = Counter(before)
    steps = [Step(None, _all(counts))]
    for moment in sorted(changed):
        counts.update(changed[moment])
        if (step := Step(moment, _all(counts))).counts != steps[-1].counts:
            steps.append(step)
    return steps


def _all(counts: Counter[str]) -> dict[str, int]:
    return {status.value: counts[status] for status in Status}
