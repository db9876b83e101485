"""Where the figures come from, and what is not known."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..models import Measure, Source, Statement


@require_safe
def accountability(request):
    statements = {topic.name.lower(): [] for topic in Statement.Topic}
    for statement in Statement.objects.public().with_public_sources():
        statements[Statement.Topic(statement.topic).name.lower()].append(statement)
    return render(
        request,
        "measures/accountability.html",
        {
            "statements": statements,
            "traced": Measure.objects.public().count(),
            "sources": Source.objects.public(),
        },
    )
