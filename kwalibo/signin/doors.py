"""Whether somebody is through both doors, and for how long they stay in."""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from measures import rules

BY_SSO = "signed_in_by_sso"
SEEN = "seen_at"
# A session is written at most once in so many seconds for being looked at.
NOTED_EVERY = 60


def may_come_in(user) -> bool:
    """Whether there is a screen for this person: of staff, or of a contact person."""
    return user.is_active and (user.is_staff or rules.speaks_for(user) is not None)


def is_through(request) -> bool:
    """Whether this person gave a second factor, or came by the ministry that asked for one."""
    if not settings.SECOND_FACTOR or not request.user.is_authenticated:
        return True
    return bool(request.session.get(BY_SSO)) or request.user.is_verified()


def end_when_idle(request) -> None:
    """Log somebody out who did nothing for too long; note that they did something now."""
    if not request.user.is_authenticated:
        return
    now = int(time.time())
    seen = request.session.get(SEEN, now)
    if now - seen > settings.SESSION_IDLE_MINUTES * 60:
        request.session_was_idle = True
        logout(request)
    elif now - seen >= NOTED_EVERY or SEEN not in request.session:
        request.session[SEEN] = now


def next_of(request) -> str:
    """Where to go after this; never to another site."""
    found = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(found, {request.get_host()}, request.is_secure()):
        return found
    return reverse("admin:index")
