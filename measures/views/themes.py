"""The main lines of the programme."""

from collections import Counter
from collections.abc import Mapping

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from .. import reference_date
from ..models import Measure, Source, Status, Theme


@require_safe
def themes(request):
    day = reference_date.of(request).day
    counts = Measure.objects.public().as_of(day).count_by_theme_and_status()
    rows = [
        (theme, bar(theme.title, {status: counts.get((theme.pk, status), 0) for status in Status}))
        for theme in Theme.objects.prefetch_related(Prefetch("sources", Source.objects.public()))
    ]
    return render(request, "measures/themes.html", {"rows": rows})


@require_safe
def theme(request, slug):
    day = reference_date.of(request).day
    theme = get_object_or_404(
        Theme.objects.prefetch_related(Prefetch("sources", Source.objects.public())), slug=slug
    )
    measures = list(
        theme.measures.public().as_of(day).with_public_parties().with_public_provenance()
    )
    figures = Counter(measure.standing_status for measure in measures)
    return render(
        request,
        "measures/theme.html",
        {
            "theme": theme,
            "rows": [
                (measure, measure.provenance_of("theme"), measure.provenance_of("lead"))
                for measure in measures
            ],
            "bar": bar(theme.title, figures),
            "implemented": figures[Status.IMPLEMENTED],
            "unknown": figures[Status.UNKNOWN],
        },
    )


def bar(title: str, figures: Mapping[str, int]) -> dict | None:
    """Numbers per status as a stacked bar, each as wide as its share; None without measures."""
    total = sum(figures.values())
    if not total:
        return None
    segments: list[dict] = []
    before = 0
    for status in Status:
        if number := figures[status]:
            segments.append(
                {
                    "status": status,
                    "label": status.label,
                    "value": number,
                    "x": round(100 * before / total, 3),
                    "width": round(100 * number / total, 3),
                    "css_class": f"site-status--{status}",
                }
            )
            before += number
    description = ", ".join(f"{segment['label']}: {segment['value']}" for segment in segments)
    return {"title": title, "description": description, "segments": segments}
