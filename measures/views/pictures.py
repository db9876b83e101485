"""The pictures: each with a page, a file, its figures, and an address for other sites."""

import re

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from .. import chart_files, reference_date
from ..documents import write
from ..pictures import PICTURES, TITLES, Picture, of_measure
from ..reference_date import ReferenceDate

SECTION = "beelden"


def _find(name: str, reference: ReferenceDate) -> Picture:
    if name in PICTURES:
        return PICTURES[name](reference)
    found = re.fullmatch(r"maatregel-([1-9]\d{0,8})", name)
    picture = of_measure(int(found[1]), reference) if found else None
    if picture is None:
        raise Http404
    return picture


@require_safe
def pictures(request):
    reference_date.of(request)
    return render(
        request,
        "measures/pictures.html",
        {"section": SECTION, "titles": TITLES},
    )


@require_safe
def picture(request, name):
    reference = reference_date.of(request)
    found = _find(name, reference)
    embed = request.build_absolute_uri(reverse("picture-embed", args=[name]) + reference.query)
    file = request.build_absolute_uri(reverse("picture-file", args=[name, "svg"]) + reference.query)
    return render(
        request,
        "measures/picture.html",
        {
            "section": SECTION,
            "picture": found,
            "downloads": _downloads(name, reference),
            "embed": embed,
            "embed_code": (
                f'<iframe src="{embed}" title="{found.title}" width="100%" '
                f'height="{found.chart.height + EMBED_FRAME}" loading="lazy">'
                "</iframe>"
            ),
            "image_code": f'<img src="{file}" alt="{found.title}" loading="lazy">',
        },
    )


# What the page in a frame has around the picture, in pixels, on a phone.
EMBED_FRAME = 260


def _downloads(name: str, reference: ReferenceDate) -> list[dict[str, str]]:
    kinds = [
        ("csv", "CSV", "De cijfers", "Platte tekst, met puntkomma’s"),
        ("svg", "SVG", "Het beeld", "Voor een website, een rapport of drukwerk"),
    ]
    return [
        {
            "url": f"{reverse('picture-file', args=[name, format])}{reference.query}",
            "format": label,
            "name": what,
            "what": use,
        }
        for format, label, what, use in kinds
    ]


@require_safe
def picture_file(request, name, format):
    """The picture as 'status-per-hoofdlijn.svg', its figures as '….csv'."""
    reference = reference_date.of(request)
    found = _find(name, reference)
    if format == "csv":
        file = f"{name}-{reference.day.isoformat()}.csv"
        return HttpResponse(
            write("csv", [found.table]),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{file}"'},
        )
    return HttpResponse(
        chart_files.render(
            found.chart,
            stand=f"Stand op {formats.date_format(reference.day, 'j F Y')}",
            address=request.build_absolute_uri(found.get_absolute_url() + reference.query),
        ),
        content_type="image/svg+xml; charset=utf-8",
        # Opened by itself it may use the style that is in it, and nothing else.
        headers={
            "Content-Security-Policy": f"default-src 'none'; style-src {chart_files.style_hash()}; "
            "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        },
    )


@require_safe
@xframe_options_exempt
@csp_override({**settings.SECURE_CSP, "frame-ancestors": ["*"]})  # type: ignore[dict-item]
def picture_embed(request, name):
    """The picture alone, the only page that other sites may show in a frame."""
    reference = reference_date.of(request)
    return render(request, "charts/embed.html", {"picture": _find(name, reference)})
