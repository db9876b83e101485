"""The files of 'Verwijs hiernaar': one entry for a list of references, as BibTeX or RIS."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from .. import citations, reference_date
from ..models import Measure, Motion


def site_of(request) -> str:
    """How every address of this site begins: 'https://voorbeeld.nl'."""
    return request.build_absolute_uri("/").rstrip("/")


def answer(citation: citations.Citation, format: str) -> HttpResponse:
    """The entry as a file to save: 'bib' or 'ris'."""
    return HttpResponse(
        citation.file(format),
        content_type=citations.MEDIA_TYPES[format],
        headers={"Content-Disposition": f'attachment; filename="{citation.key}.{format}"'},
    )


@require_safe
def measure_citation(request, number, format):
    reference = reference_date.of(request)
    measures = Measure.objects.public_as_of(*reference.point).filter(number=number)
    measures = measures.with_public_updates(*reference.point)
    measure = measures.with_deadline_changes(*reference.point).first()
    if measure is None:
        raise Http404
    return answer(citations.of_measure(measure, reference, site_of(request)), format)


@require_safe
def motion_citation(request, slug, format):
    reference = reference_date.of(request)
    motion = get_object_or_404(Motion.objects.public(reference.known_on), slug=slug)
    return answer(citations.of_motion(motion, reference, site_of(request)), format)
