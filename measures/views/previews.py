"""The pictures that go with links to our pages."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from .. import previews, reference_date
from ..models import Measure, Motion, ReportingMoment

# How long others may show a picture without asking whether it still holds.
MAX_AGE_SECONDS = 600


@require_safe
def site(request):
    reference = reference_date.of(request)
    counts = Measure.objects.tally(*reference.point).by_status()
    return _picture(request, previews.of_site(counts, reference.day))


@require_safe
def measure(request, number):
    reference = reference_date.of(request)
    public = Measure.objects.public_as_of(*reference.point)
    found = get_object_or_404(public, number=number)
    return _picture(request, previews.of_measure(found, reference.day))


@require_safe
def motion(request, slug):
    reference = reference_date.of(request)
    found = get_object_or_404(Motion.objects.public(reference.known_on), slug=slug)
    return _picture(request, previews.of_motion(found, reference.day))


@require_safe
def letter(request, slug):
    reference = reference_date.of(request)
    public = ReportingMoment.objects.public(reference.known_on).select_related("letter")
    return _picture(request, previews.of_letter(get_object_or_404(public, slug=slug)))


def _picture(request, card: previews.Card) -> HttpResponse:
    """The picture of a card, or the word that it is the one that somebody has already."""
    etag = quote_etag(previews.digest(card))
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            response = HttpResponse(previews.render(card), content_type="image/png")
        except previews.Busy:
            return HttpResponse(
                "Er vragen nu veel mensen om een afbeelding. Probeer het zo nog eens.",
                status=503,
                content_type="text/plain; charset=utf-8",
                headers={"Retry-After": "10"},
            )
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, max_age=MAX_AGE_SECONDS)
    return response
