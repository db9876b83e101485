"""Where the figures come from, and what is not known."""

from itertools import groupby

from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..models import Measure, Source, Statement


@require_safe
def accountability(request):
    statements: dict[str, list] = {topic.name.lower(): [] for topic in Statement.Topic}
    found = Statement.objects.public().with_public_sources()
    for (topic, *_), group in groupby(found, origin):
        statements[Statement.Topic(topic).name.lower()].append(list(group))
    return render(
        request,
        "measures/accountability.html",
        {
            "statements": statements,
            "traced": Measure.objects.public().count(),
            "sources": Source.objects.public(),
        },
    )


def origin(statement):
    """What statements share that are shown under one line of sources."""
    sources = [source.pk for source in statement.sources.all()]
    return statement.topic, statement.certainty, statement.remark, sources
