"""Pages about this website itself."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from measures.models import Measure, Statement, Status, Theme

from . import accessibility as claims
from . import security_txt as security

# The statuses for foreign readers: name and meaning.
IN_ENGLISH = {
    Status.IMPLEMENTED: ("Implemented", "The measure is in place."),
    Status.BEING_INTRODUCED: (
        "Being introduced",
        "The measure has been worked out and is being put in place.",
    ),
    Status.IN_DEVELOPMENT: ("In development", "The measure is being made concrete."),
    Status.PLANNED: ("Planned", "The measure was agreed on. The work has not begun."),
    Status.UNKNOWN: ("Unknown", "We know of no source that says how far this measure is."),
    Status.MERGED: ("Merged", "The measure goes on as a part of another measure."),
    Status.DROPPED: ("Dropped", "The measure will not go ahead. The page gives the reason."),
}


def _contact() -> dict:
    """How to reach us, as far as it is known."""
    return {"email": settings.CONTACT_EMAIL, "address": settings.CONTACT_ADDRESS}


@require_safe
def accessibility(request):
    return render(
        request,
        "duties/accessibility.html",
        {
            "statement": claims.statement(),
            "results": claims.results(),
            "site_url": settings.SITE_URL,
            "contact": _contact(),
        },
    )


@require_safe
def privacy(request):
    return render(
        request,
        "duties/privacy.html",
        {
            "contact": _contact(),
            "officer": settings.PRIVACY_CONTACT,
            "log_days": settings.SERVER_LOG_DAYS,
        },
    )


@require_safe
def contact(request):
    return render(
        request,
        "duties/contact.html",
        {
            "contact": _contact(),
            "can_report_weakness": bool(settings.SECURITY_CONTACT or settings.SECURITY_TXT_URL),
        },
    )


@require_safe
def about(request):
    """The whole in English, on one page."""
    counts = Measure.objects.tally(*request.reference_date.point).by_status()
    total = Statement.objects.public().filter(topic=Statement.Topic.TOTAL).first()
    return render(
        request,
        "duties/about.html",
        {
            "known": sum(counts.values()),
            "implemented": counts[Status.IMPLEMENTED],
            "statuses": [
                (status, name, meaning, counts[status])
                for status, (name, meaning) in IN_ENGLISH.items()
            ],
            "themes": Theme.objects.all(),
            "total": total.text if total else "",
        },
    )


@require_safe
def security_txt(request):
    """Who to tell of a weakness: our own file, or the way to that of the organisation."""
    if settings.SECURITY_TXT_URL:
        return HttpResponseRedirect(settings.SECURITY_TXT_URL)
    if not settings.SECURITY_CONTACT:
        raise Http404
    canonical = f"{settings.SITE_URL}{reverse('security-txt')}"
    return HttpResponse(
        security.text(settings.SECURITY_CONTACT, canonical, timezone.now()),
        content_type="text/plain; charset=utf-8",
    )
