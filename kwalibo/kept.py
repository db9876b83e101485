"""What somebody typed when their session was over: kept, and given back after logging in.

The fields of the form that was refused are kept in the new session, with the address that they
were sent to. After logging in the same address shows them first, with a button that sends them
once more. Passwords and files are never kept. A form from another site never gets here: it has
no token.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

NAME = "kept_form"
# Longer than anybody types; what is larger is not kept.
MOST = 1_000_000
FOR = timedelta(hours=12)
SECRET = re.compile("password|wachtwoord|csrfmiddlewaretoken|secret|token", re.IGNORECASE)
THROW_AWAY = "_weggooien"
# What a person did not type themselves, but the form needs.
_HIDDEN = re.compile(
    r"TOTAL_FORMS|INITIAL_FORMS|MIN_NUM_FORMS|MAX_NUM_FORMS|-id$|^_|^submission$|^seen$"
    r"|version|^of_measure$|^shown$|^initial-|^action$|^index$|^select_across$"
)


def keep(request: HttpRequest):
    """Keep what was typed in this form, and ask to log in."""
    fields = [(name, values) for name, values in request.POST.lists() if not SECRET.search(name)]
    size = sum(len(value) for _, values in fields for value in values)
    if fields and size <= MOST:
        request.session[NAME] = {
            "path": request.get_full_path(),
            "fields": fields,
            "at": timezone.now().isoformat(),
        }
    return redirect_to_login(request.get_full_path(), "admin:login")


def kept(request: HttpRequest) -> dict[str, Any] | None:
    """What was kept for this address, and not too long ago."""
    found = request.session.get(NAME)
    if not found or found["path"] != request.get_full_path():
        return None
    if timezone.now() - datetime.fromisoformat(found["at"]) > FOR:
        del request.session[NAME]
        return None
    return found


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
    }
    return TemplateResponse(request, "admin/kept.html", context)
