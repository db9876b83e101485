"""What happened, in order."""

from itertools import groupby

from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import reference_date
from ..models import TimelineEvent


@require_safe
def timeline(request):
    reference = reference_date.of(request)
    day = reference.asked
    events = list(TimelineEvent.objects.public(reference.known_on).with_public_details())
    # The record does not say since when a plan was known; so a plan for later
    # is left out with the rest.
    shown = [event for event in events if day is None or event.was_over_on(day)]
    return render(
        request,
        "measures/timeline.html",
        {
            "section": "tijdlijn",
            "years": [
                (year, list(group))
                for year, group in groupby(shown, lambda event: event.date and event.date.year)
            ],
            "milestones": [event for event in shown if event.milestone],
            "number": len(shown),
            "left_out": len(events) - len(shown),
        },
    )
