"""The pages behind the door for contact persons. They see public measures of their party alone."""

from functools import wraps

from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from measures import rules
from measures.models import Contribution, Measure
from parties.history import acting

from .. import kept
from ..signin import doors
from .forms import ContributionForm


def for_contacts(view):
    """Only for who speaks for a party and is through both doors; a text is kept for others."""

    @wraps(view)
    @never_cache
    def guarded(request, *args, **kwargs):
        doors.end_when_idle(request)
        party = rules.speaks_for(request.user)
        if party is None or not doors.is_through(request):
            if request.method == "POST":
                return kept.keep(request)
            return redirect_to_login(request.get_full_path(), "admin:login")
        if request.method != "POST":
            if found := kept.kept(request):
                return kept.give_back(request, admin.site, found)
            return view(request, party, *args, **kwargs)
        kept.forget(request)
        if kept.THROW_AWAY in request.POST:
            return redirect(request.get_full_path())
        with acting(request.user):
            return view(request, party, *args, **kwargs)

    return guarded


def _measures(party):
    measures = Measure.objects.of_party(party).as_of().with_deadline_state()
    return measures.with_standing().with_public_lead()


def _page(request, template, party, **context):
    frame = admin.site.each_context(request)
    return TemplateResponse(request, template, frame | {"party": party} | context)


@for_contacts
def overview(request, party):
    """The measures of a party, and what it sent before."""
    sent = Contribution.objects.filter(party=party).select_related("measure")
    return _page(
        request,
        "contributions/overview.html",
        party,
        title=f"Inbreng van {party.name}",
        measures=_measures(party),
        sent=sent[:50],
    )


@for_contacts
def contribute(request, party, number):
    """Confirm or correct what stands there, or propose something new."""
    measure = _measures(party).filter(number=number).first()
    if measure is None:
        raise Http404
    standing = measure.standings[0] if measure.standings else None
    blank = Contribution(measure=measure, party=party, author=request.user, about=standing)
    if request.method != "POST":
        form = ContributionForm(
            instance=blank,
            initial={"reporting_date": timezone.localdate()},
        )
        return _form(request, party, measure, standing, form)
    form = ContributionForm(request.POST, request.FILES, instance=blank)
    if not form.is_valid():
        return _form(request, party, measure, standing, form)
    blank.submission = form.cleaned_data["submission"]
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        if not Contribution.objects.filter(submission=blank.submission, party=party).exists():
            raise
        messages.warning(request, "Dit was al ingestuurd. Er is niets twee keer gemaakt.")
        return redirect("contributions")
    messages.success(
        request, f"{measure.code}: dank u wel. Het ministerie bekijkt wat u instuurde."
    )
    return redirect("contributions")


def _form(request, party, measure, standing, form):
    return _page(
        request,
        "contributions/contribute.html",
        party,
        title=f"{measure.code} {measure.title}",
        measure=measure,
        standing=standing,
        form=form,
        media=form.media,
    )
