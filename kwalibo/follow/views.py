"""The pages about following. None needs a cookie; a link from a mail is the key.

Nothing changes by following a link: mail scanners do that too.
"""

from functools import wraps

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from measures import subjects

from ..open_forms import open_form
from . import asking, links, messages
from .asking import MOST_A_DAY
from .forms import FollowForm, FrequencyForm
from .models import CONFIRM_WITHIN_DAYS, Frequency

# What the page of an address says after a step.
SAYS = {
    "bevestigd": "Gelukt. U krijgt nu mail als er iets verandert.",
    "gewijzigd": "Gelukt. Uw keuze is bewaard.",
    "gestopt": "Gelukt. U volgt dit niet meer.",
}


def private(view):
    """A page that belongs to one address: kept by no cache, found by no search engine."""

    @open_form
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped


def _asked_for(request) -> subjects.Subject | None:
    """What the address names ('?maatregel=7'); the whole when it names nothing."""
    for kind in subjects.Kind:
        if kind in request.GET:
            return subjects.find(kind, request.GET[kind])
    return subjects.everything()


@open_form
def follow(request):
    """What there is to follow and how; the form for mail."""
    subject = _asked_for(request)
    if subject is None:
        message = "Wat u wilt volgen, staat niet op deze website."
        return render(request, "404.html", {"message": message}, status=404)
    if request.method != "POST":
        return _form(request, subject, FollowForm(subject=subject))
    form = FollowForm(request.POST, subject=subject)
    if not form.is_valid():
        return _form(request, subject, form.again(), status=400)
    if not form.within_limits(request):
        form.add_error(
            None,
            "Er kwamen te veel aanvragen achter elkaar. Probeer het over een uur opnieuw. "
            "Wat u invulde, staat er nog.",
        )
        return _form(request, subject, form.again(), status=429)
    # Who presses twice asked once.
    if not form.is_second_time():
        asking.ask(form.cleaned_data["address"], form.subject, form.cleaned_data["frequency"])
    return redirect("follow-asked")


def _form(request, subject, form, status=200):
    context = {
        "subject": subject,
        "form": form,
        "news_address": links.absolute(subject.news_url),
        "agenda_address": links.absolute(subject.agenda_url),
        "themes": subjects.themes() if subject.is_whole else [],
    }
    return render(request, "follow/follow.html", context, status=status)


@require_safe
def asked(request):
    """The same for everybody, also for who follows it already."""
    context = {"sender": settings.DEFAULT_FROM_EMAIL, "days": CONFIRM_WITHIN_DAYS}
    return render(request, "follow/asked.html", context | {"most": MOST_A_DAY})


@private
def confirm(request, link):
    """Ask for one press on a button, and let the mails begin with it."""
    found = links.read_confirm(link)
    if found is None:
        return _dead(request)
    subscription, frequency = found
    subject = subjects.named([subscription.scope]).get(subscription.scope)
    if subject is None:
        return _dead(request)
    if request.method == "POST":
        asking.confirm(subscription, frequency)
        return _to_own_page(subscription.follower, "bevestigd")
    context = {
        "subject": subject,
        "frequency": frequency.label.lower(),
        "manage_url": links.manage_link(subscription.follower) if subscription.confirmed_at else "",
    }
    return render(request, "follow/confirm.html", context)


@private
def manage(request, link):
    """What an address follows, and how often it gets mail."""
    follower = links.read_personal(link)
    if follower is None:
        return _dead(request)
    form = FrequencyForm(request.POST or None, initial={"frequency": follower.frequency})
    if request.method == "POST" and form.is_valid():
        asking.set_frequency(follower, Frequency(form.cleaned_data["frequency"]))
        return _to_own_page(follower, "gewijzigd")
    context = {
        "form": form,
        "followed": messages.followed(follower),
        "stop_url": links.stop_link(follower),
        "says": SAYS.get(request.GET.get("gelukt", "")),
    }
    return render(request, "follow/manage.html", context, status=400 if form.errors else 200)


@private
def stop(request, link, subscription=None):
    """Ask for one press on a button; a mail program presses it by itself (RFC 8058).

    Who stopped before is told the same: they are not followed by us any more.
    """
    if not links.is_ours(link):
        return _dead(request)
    follower = links.read_personal(link)
    if follower is None:
        return render(request, "follow/stopped.html")
    if request.method == "POST":
        if not asking.stop(follower, subscription):
            return _to_own_page(follower, "gestopt")
        # No redirect: a mail program does not go along with one.
        return render(request, "follow/stopped.html")
    followed = messages.followed(follower)
    if subscription is not None:
        followed = [one for one in followed if one.pk == subscription]
    context = {
        "followed": followed,
        "is_one": subscription is not None,
        "manage_url": links.manage_link(follower),
    }
    return render(request, "follow/stop.html", context)


def _to_own_page(follower, step: str):
    address = reverse("follow-manage", args=[links.personal(follower)])
    return redirect(f"{address}?gelukt={step}")


def _dead(request):
    return render(request, "follow/dead_link.html", status=404)
