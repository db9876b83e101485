"""The main lines of the programme."""

from collections import Counter

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from .. import reference_date
from ..charts import over_time, status_bar
from ..models import Measure, Source, Status, Theme
from ..status_steps import status_steps

# So many measures stand on the page of a theme; the list of measures has them all.
SHOWN = 100


@require_safe
def themes(request):
    point = reference_date.of(request).point
    counts = Measure.objects.public_with_status(*point).count_by_theme_and_status()
    rows = [
        (
            theme,
            status_bar(
                theme.title, {status: counts.get((theme.pk, status), 0) for status in Status}
            ),
        )
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
    history = status_steps(theme.measures.all(), *point)
    figures = Counter(theme.measures.public_with_status(*point).count_by_status())
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
