"""The first page: how it stands, in ten seconds."""

from dataclasses import dataclass

from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import reference_date, sentences, story
from ..charts import REPORTED_ORDER, Bar, status_bar
from ..models import (
    DeadlineChange,
    DeadlineState,
    Measure,
    ProgressUpdate,
    Statement,
    Status,
    Theme,
)

LATEST = 3
NEXT = 5
PASSED = 3
REMAINING = 6


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


@dataclass(frozen=True)
class OpenWork:
    """What is not finished: the first of it, the next deadlines, and the last that passed."""

    remaining: list[Measure]
    deadlines: list[Measure]
    passed: list[Measure]


def open_work(reference) -> OpenWork:
    measures = Measure.objects.public_as_of(*reference.point)
    open_ones = Measure.objects.public_with_status(*reference.point).remaining()
    first = list(open_ones.order_by("number").values_list("pk", flat=True)[:REMAINING])
    upcoming = DeadlineChange.objects.upcoming(*reference.point)
    next_ones = [row["measure"] for row in upcoming[:NEXT]]
    passed = DeadlineChange.objects.passed(*reference.point)
    last_ones = [row["measure"] for row in passed[:PASSED]]
    # Only these get the rest: on a past day each column is a search of its own.
    shown = measures.filter(pk__in={*first, *next_ones, *last_ones})
    known = {m.pk: m for m in shown.with_deadline_state(reference.day).with_public_lead()}
    return OpenWork(*([known[pk] for pk in chosen] for chosen in (first, next_ones, last_ones)))


@require_safe
def overview(request):
    reference = reference_date.of(request)
    tally = Measure.objects.tally(*reference.point)
    lines = [ThemeLine(theme, tally.by_status(theme.slug)) for theme in Theme.objects.all()]
    counts = tally.by_status()
    said = {
        statement.topic: statement
        for statement in Statement.objects.public()
        .filter(topic__in=[Statement.Topic.TOTAL, Statement.Topic.IMPLEMENTED])
        .with_public_sources()
    }
    total = said.get(Statement.Topic.TOTAL)
    work = open_work(reference)
    since = story.since_last_letter(reference)
    return render(
        request,
        "measures/overview.html",
        {
            "section": "overzicht",
            "headline": sentences.headline(counts, total.text if total else ""),
            "total": total,
            "said_implemented": said.get(Statement.Topic.IMPLEMENTED),
            "known": sum(counts.values()),
            "counts": counts,
            "implemented": counts[Status.IMPLEMENTED],
            "unknown": counts[Status.UNKNOWN],
            "bar": status_bar("Alle maatregelen die wij kennen", counts),
            "figures": [(status, counts[status]) for status in REPORTED_ORDER if counts[status]],
            "lines": lines,
            "unfinished": [status.value for status in Status.remaining()],
            "remaining": work.remaining,
            "number_remaining": sum(counts[status] for status in Status.remaining()),
            "deadlines": work.deadlines,
            "passed": work.passed,
            "too_late": DeadlineState.PASSED.value,
            "since": since,
            "since_says": since
            and sentences.since_letter(since.reported, since.implemented, since.shifted),
            "latest": ProgressUpdate.objects.latest_news(LATEST, reference.day, reference.known_on),
            "milestones": story.milestones(reference),
            "flow": story.flow(reference),
        },
    )
