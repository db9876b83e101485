"""The page of one progress update: its text as it was published, for as long as it is public."""

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parties.publication import Publication

from .. import citations, reference_date
from ..models import ProgressUpdate, ReviewStep
from .citations import answer, site_of


@require_safe
def update(request, number, pk):
    reference = reference_date.of(request)
    if request.path != (address := reverse("update", args=[number, pk])):
        # 'M7' is how people say it, '7' is the address.
        return HttpResponsePermanentRedirect(f"{address}{reference.query}")
    # All updates of the measure: few, and the page names what came before and after this one.
    others = list(
        ProgressUpdate.objects.public(reference.known_on)
        .filter(measure__number=number)
        .select_related("measure")
        .with_public_details(reference.known_on)
        .latest_first()
    )
    place = next((n for n, other in enumerate(others) if other.pk == pk), None)
    if place is None:
        return _not_there(request, number, pk, reference)
    update = others[place]
    day = reference.asked
    return render(
        request,
        "measures/update.html",
        {
            "section": "maatregelen",
            "update": update,
            "measure": update.measure,
            "corrections": [other for other in others if other.corrects_id == pk],
            # What was said of after the day that the page is about, was not known then.
            "later": [o for o in others[:place] if day is None or o.reporting_date <= day],
            "earlier": others[place + 1 :],
            "is_of_after": bool(day and update.reporting_date > day),
            "citation": citations.of_update(update, reference, site_of(request)),
        },
    )


def _not_there(request, number, pk, reference):
    """Say that an update was withdrawn, or not yet public by a day; else that we know none.

    Of what was withdrawn stays that it was there, and until when: its address is in letters
    and footnotes. Its text is gone from everywhere, and the reason is for colleagues.
    """
    known = ProgressUpdate.objects.filter(
        pk=pk, measure__number=number, measure__publication=Publication.PUBLIC
    ).exclude(published_at=None)
    found = known.select_related("measure").first()
    if found is None:
        raise Http404
    if found.publication == Publication.WITHDRAWN:
        step = found.steps.filter(kind=ReviewStep.Kind.WITHDRAWN).last()
        context = {
            "measure": found.measure,
            "day": timezone.localtime(step.at).date() if step else None,
        }
        return render(request, "measures/update_withdrawn.html", context, status=410)
    message = "Deze melding stond op deze dag nog niet op deze website."
    return render(request, "404.html", {"message": message}, status=404)


@require_safe
def update_citation(request, number, pk, format):
    reference = reference_date.of(request)
    public = ProgressUpdate.objects.public(reference.known_on).filter(measure__number=number)
    update = public.select_related("measure").with_public_details().filter(pk=pk).first()
    if update is None:
        raise Http404
    return answer(citations.of_update(update, reference, site_of(request)), format)
