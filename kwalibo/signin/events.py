"""Keeping what happens at the door, and how many failures are too many."""

import time
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ..client_address import address_of
from . import doors
from .models import SignInEvent

Kind = SignInEvent.Kind
FAILURES = (Kind.REFUSED, Kind.CODE_REFUSED)
# What counts, and for how long. Of one address more: a whole ministry may share it.
WITHIN = timedelta(minutes=15)
MOST_BY_NAME = 5
MOST_BY_ADDRESS = 50
# Where somebody came in this lately, strangers elsewhere cannot lock them out.
KNOWN_FOR = timedelta(days=30)


def name_in_log(typed: str) -> str:
    """The name of an account; of anything else a mark that tells nothing and counts the same."""
    typed = typed.casefold()[:150]
    if not typed or get_user_model().objects.filter(username__iexact=typed).exists():
        return typed
    mark = salted_hmac("kwalibo.signin", typed, algorithm="sha256").hexdigest()
    return f"onbekend-{mark[:16]}"


def note(kind: Kind, request, *, user=None, name: str = "", detail: str = "") -> SignInEvent:
    """Keep one thing that happened."""
    name = user.get_username().casefold() if user else name_in_log(name)
    return SignInEvent.objects.create(
        kind=kind,
        name=name,
        user=user if user is not None and user.pk else None,
        address=address_of(request),
        detail=detail[:200],
    )


def is_blocked(request, name: str) -> bool:
    """Whether there were too many failures for this name, or from this address, just now.

    What came in while it was blocked does not count, so that it ends. Where this person came in
    lately, only failures from there count: else anybody could keep a colleague out by typing
    their name wrongly four times an hour.
    """
    now = timezone.now()
    lately = SignInEvent.objects.filter(at__gt=now - WITHIN)
    named = SignInEvent.objects.filter(name=name_in_log(name))
    by_name = named.filter(at__gt=now - WITHIN)
    # A right password does not end the count of wrong codes.
    ends = [Kind.CODE, Kind.SSO] if settings.SECOND_FACTOR else [Kind.PASSWORD, Kind.SSO]
    address = address_of(request)
    here = named.filter(address=address, kind__in=ends, at__gt=now - KNOWN_FOR)
    if address is not None and here.exists():
        by_name = by_name.filter(address=address)
    if success := by_name.filter(kind__in=ends).first():
        by_name = by_name.filter(Q(at__gt=success.at) | Q(at=success.at, pk__gt=success.pk))
    if by_name.filter(kind__in=FAILURES).count() >= MOST_BY_NAME:
        return True
    if address is None:
        return False
    return lately.filter(address=address, kind__in=FAILURES).count() >= MOST_BY_ADDRESS


def listen() -> None:
    """Keep what Django itself reports."""
    user_login_failed.connect(_failed, dispatch_uid="signin")
    user_logged_out.connect(_out, dispatch_uid="signin")
    user_logged_in.connect(_in, dispatch_uid="signin")


def _failed(sender, credentials, request=None, **kwargs):
    name = str(credentials.get("username") or "")
    note(Kind.REFUSED, request, name=name)


def _in(sender, request, user, **kwargs):
    if request is None:
        return
    request.session[doors.SEEN] = int(time.time())
    # Single sign-on keeps its own event, with what it knows.
    if not getattr(user, "came_by_sso", False):
        note(Kind.PASSWORD, request, user=user)


def _out(sender, request, user, **kwargs):
    if user is not None:
        idle = getattr(request, "session_was_idle", False)
        note(Kind.IDLE if idle else Kind.OUT, request, user=user)
