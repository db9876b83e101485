"""The main lines of the programme."""

from collections import Counter

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from .. import reference_date
from ..charts import over_time, status_bar
from ..models import Measure, Source, Status, Theme
from ..once import once
from ..status_steps import status_steps

# So many measures stand on the page of a theme; the list of measures has them all.
SHOWN = 100


@require_safe
def themes(request):
    point = reference_date.of(request).point
    tally = Measure.objects.tally(*point)
    rows = [
        (theme, status_bar(theme.title, tally.by_status(theme.slug)))
        for theme in Theme.objects.prefetch_related(Prefetch("sources", Source.objects.public()))
    ]
    return render(request, "measures/themes.html", {"rows": rows})


@require_safe
def theme(request, slug):
    point = reference_date.of(request).point
    theme = get_object_or_404(
        Theme.objects.prefetch_related(Prefetch("sources", Source.objects.public())), slug=slug
    )
    measures = theme.measures.public_as_of(*point).with_public_parties().with_public_provenance()
    about = ("steps", theme.pk, point, timezone.localdate())
    history = once(about, lambda: status_steps(theme.measures.all(), *point))
    figures = Counter(Measure.objects.tally(*point).by_status(theme.slug))
    return render(
        request,
        "measures/theme.html",
        {
            "theme": theme,
            "rows": [
                (measure, measure.provenance_of("theme"), measure.provenance_of("lead"))
                for measure in measures[:SHOWN]
            ],
            "number": figures.total(),
            "bar": status_bar(theme.title, figures),
            "over_time": over_time.draw(history, request.reference_date.day, height=140),
            "figures": [(status, figures[status]) for status in Status if figures[status]],
            "implemented": figures[Status.IMPLEMENTED],
            "unknown": figures[Status.UNKNOWN],
        },
    )
