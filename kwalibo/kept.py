"""What somebody typed and did not save: kept, and given back.

Two ways lead here. A form that was sent when the session was over is kept in the next session.
And the browser keeps what is being typed every few seconds (static/beheer/autosave.js), in the
database; it is given back when the same person opens the same form again.

The fields of the form that was refused are kept in the new session, with the address that they
were sent to. After logging in the same address shows them first, with a button that sends them
once more. Passwords and files are never kept. A form from another site never gets here: it has
no token.
"""

import re
from datetime import datetime, timedelta
from typing import Any, cast

from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve
from django.utils import formats, timezone

from measures.models import Draft
from measures.models.desk import KEPT as DRAFTS_KEPT

NAME = "kept_form"
# Longer than anybody types; what is larger is not kept.
MOST = 1_000_000
FOR = timedelta(hours=12)
SECRET = re.compile("password|wachtwoord|csrfmiddlewaretoken|secret|token", re.IGNORECASE)
THROW_AWAY = "_weggooien"
# The forms of which the browser keeps what is typed.
AUTOSAVED = {
    "admin:measures_measure_update",
    "admin:measures_measure_deadline",
    "admin:measures_progressupdate_change",
    "admin:measures_deadlinechange_change",
}
# What a person did not type themselves, but the form needs.
_HIDDEN = re.compile(
    r"TOTAL_FORMS|INITIAL_FORMS|MIN_NUM_FORMS|MAX_NUM_FORMS|-id$|^_|^submission$|^seen$"
    r"|version|^of_measure$|^shown$|^initial-|^action$|^index$|^select_across$"
)


def _typed(request: HttpRequest) -> list[tuple[str, list[str]]]:
    """The fields that may be kept; none when they are too much."""
    fields = [
        (name, values)
        for name, values in request.POST.lists()
        if not SECRET.search(name) and name != "_path"
    ]
    size = sum(len(value) for _, values in fields for value in values)
    return fields if size <= MOST else []


def keep(request: HttpRequest):
    """Keep what was typed in this form, and ask to log in."""
    if fields := _typed(request):
        request.session[NAME] = {
            "path": request.get_full_path(),
            "fields": fields,
            "at": timezone.now().isoformat(),
        }
    return redirect_to_login(request.get_full_path(), "admin:login")


def autosave(request: HttpRequest) -> HttpResponse:
    """Keep what is being typed in a form of ours, in the place of what was kept of it before."""
    path = request.POST.get("_path", "")
    fields = _typed(request)
    if request.method != "POST" or not fields or not _keeps_drafts(path):
        return HttpResponse(status=400)
    now = timezone.now()
    Draft.objects.filter(at__lt=now - DRAFTS_KEPT).delete()
    Draft.objects.update_or_create(
        user=cast(User, request.user), path=path, defaults={"fields": fields, "at": now}
    )
    at = formats.date_format(timezone.localtime(now), "H:i")
    return JsonResponse({"text": f"Wat u typte, is om {at} bewaard. Het is nog niet opgeslagen."})


def _keeps_drafts(path: str) -> bool:
    try:
        return resolve(path).view_name in AUTOSAVED
    except Resolver404:
        return False


def forget(request: HttpRequest) -> None:
    """What was kept of this form was sent, or thrown away."""
    request.session.pop(NAME, None)
    if request.resolver_match and request.resolver_match.view_name in AUTOSAVED:
        Draft.objects.filter(user=request.user.pk, path=request.path).delete()


def kept(request: HttpRequest) -> dict[str, Any] | None:
    """What was kept for this address, and not too long ago."""
    found = request.session.get(NAME)
    if not found or found["path"] != request.get_full_path():
        return _draft(request)
    if timezone.now() - datetime.fromisoformat(found["at"]) > FOR:
        del request.session[NAME]
        return None
    return found


def _draft(request: HttpRequest) -> dict[str, Any] | None:
    """What the browser of this person kept of this form."""
    if not request.resolver_match or request.resolver_match.view_name not in AUTOSAVED:
        return None
    found = Draft.objects.filter(user=request.user.pk, path=request.path).first()
    if found is None:
        return None
    return {
        "path": request.path,
        "fields": found.fields,
        "at": found.at.isoformat(),
        "is_draft": True,
    }


def give_back(request: HttpRequest, site, found: dict[str, Any]):
    """Show what was kept, to be sent again or thrown away."""
    shown = [
        (name, value)
        for name, values in found["fields"]
        for value in values
        if value.strip() and not _HIDDEN.search(name)
    ]
    context = site.each_context(request) | {
        "title": "Uw tekst is bewaard",
        "path": found["path"],
        "at": datetime.fromisoformat(found["at"]),
        "shown": shown,
        "fields": [(name, value) for name, values in found["fields"] for value in values],
        "throw_away": THROW_AWAY,
        "is_draft": found.get("is_draft", False),
    }
    return TemplateResponse(request, "admin/kept.html", context)
