"""The first page: how it stands, in ten seconds."""

from dataclasses import dataclass

from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import reference_date, sentences
from ..charts import REPORTED_ORDER, Bar, status_bar
from ..models import DeadlineChange, Effect, Measure, ProgressUpdate, Statement, Status, Theme

LATEST = 5
NEXT = 5
REMAINING = 12


@dataclass(frozen=True)
class ThemeLine:
    """A theme with its number of measures per status."""

    theme: Theme
    counts: dict[Status, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def bar(self) -> Bar | None:
        return status_bar(f"Maatregelen van ‘{self.theme.title}’", self.counts)


def open_work(reference) -> tuple[list[Measure], list[Measure]]:
    """The first of what is not finished, and the measures with the next deadlines."""
    measures = Measure.objects.public_as_of(*reference.point)
    open_ones = Measure.objects.public_with_status(*reference.point).remaining()
    remaining = open_ones.order_by("number").values_list("pk", flat=True)
    first = list(remaining[:REMAINING])
    upcoming = DeadlineChange.objects.upcoming(*reference.point)
    next_ones = [row["measure"] for row in upcoming[:NEXT]]
    # Only these get the rest: on a past day each column is a search of its own.
    shown = measures.filter(pk__in={*first, *next_ones})
    known = {m.pk: m for m in shown.with_deadline_state(reference.day).with_public_lead()}
    return [known[pk] for pk in first], [known[pk] for pk in next_ones]


@require_safe
def overview(request):
    reference = reference_date.of(request)
    day = reference.day
    measures = Measure.objects.public_with_status(*reference.point)
    numbers = measures.count_by_theme_and_status()
    lines = [
        ThemeLine(theme, {status: numbers.get((theme.pk, status), 0) for status in Status})
        for theme in Theme.objects.all()
    ]
    counts = {status: sum(line.counts[status] for line in lines) for status in Status}
    said = {
        statement.topic: statement
        for statement in Statement.objects.public()
        .filter(topic__in=[Statement.Topic.TOTAL, Statement.Topic.IMPLEMENTED])
        .with_public_sources()
    }
    total = said.get(Statement.Topic.TOTAL)
    remaining, deadlines = open_work(reference)
    return render(
        request,
        "measures/overview.html",
        {
            "section": "overzicht",
            "summary": sentences.summary(counts, total.text if total else ""),
            "total": total,
            "implemented": said.get(Statement.Topic.IMPLEMENTED),
            "known": sum(counts.values()),
            "counts": counts.items(),
            "figures": [(status, counts[status]) for status in REPORTED_ORDER if counts[status]],
            "lines": lines,
            "statuses": list(Status),
            "unfinished": [status.value for status in Status.remaining()],
            "remaining": remaining,
            "number_remaining": sum(
                line_count for status, line_count in counts.items() if status in Status.remaining()
            ),
            "latest": ProgressUpdate.objects.latest_news(LATEST, day, reference.known_on),
            "deadlines": deadlines,
            "effects": Effect.objects.public(reference.known_on).with_public_sources(),
        },
    )
