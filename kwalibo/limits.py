"""How often one client may ask for what is dear: logging in, searching, past days, documents.

Counted per minute in the cache that all processes and servers share (CACHE_URL). A page that
the page cache answers is never counted: it does not come this far, and costs nothing. No
address is kept: a mark stands for it, made with a key of the day, for two minutes.

When the cache is away everybody may read: the site matters more than the count. The lock on
names at the door does not depend on it: that counts in the database.
"""

import logging
import math
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .client_address import client_of
from .errors import page

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 60
# A cache that did not answer is left alone for so long, so that nobody waits for it.
REST_SECONDS = 10

# What each kind of asking counts for, by the name of the address.
LOGIN = {"admin:login", "second_factor"}
SINGLE_SIGN_ON = {"sso_start", "sso_return"}
DOCUMENTS = {
    "annex-file",
    "comparison",
    "comparison-file",
    "measures-file",
    "moment-file",
    "open-data-catalogue",
    "open-data-file",
    "preview-letter",
    "preview-measure",
    "preview-motion",
    "preview-site",
    "api:momentopname",
}
# Wherever words can be looked for, and how it was on a day: on pages, in lists, in the API.
QUESTIONS = ("q", "peildatum", "bekend_op", "bekendOp")

_rests_until = 0.0


def kind_of(request) -> str:
    """'login', 'search' or 'documents'; empty for what anybody may ask without end."""
    match = request.resolver_match
    name = match.view_name if match else ""
    if name in SINGLE_SIGN_ON or (name in LOGIN and request.method == "POST"):
        return "login"
    if name in DOCUMENTS:
        return "documents"
    # Staff search in lists of their own, behind the door.
    if not name.startswith("admin:") and any(map(request.GET.get, QUESTIONS)):
        return "search"
    return ""


def most(kind: str) -> int:
    """How many of a kind one client may ask in a minute; 0 for no limit."""
    if not settings.RATE_LIMITS:
        return 0
    return {
        "login": settings.LOGIN_PER_MINUTE,
        "search": settings.SEARCH_PER_MINUTE,
        "documents": settings.DOCUMENTS_PER_MINUTE,
    }.get(kind, 0)


class RateLimitMiddleware:
    """Answer 429 to who asks too much, before the view does any work."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        kind = kind_of(request)
        limit = most(kind)
        if not limit:
            return None
        try:
            number = count(f"limit-{kind}-{mark_of(request)}", WINDOW_SECONDS)
        except CacheAway:
            return None
        return too_many(seconds_left(WINDOW_SECONDS)) if number > limit else None


def too_many(seconds: int) -> HttpResponse:
    """The page that says so and when to come back; under /api/ a problem is made of it."""
    return HttpResponse(
        page("429.html", {"seconds": seconds}),
        status=429,
        headers={"Retry-After": str(seconds), "Cache-Control": "no-store"},
    )


class CacheAway(Exception):
    """The shared cache does not answer."""


def count(key: str, window: int) -> int:
    """Count one more under a key; how many that makes in this window of so many seconds.

    Raises CacheAway.
    """
    global _rests_until
    if time.monotonic() < _rests_until:
        raise CacheAway
    key = f"{key}-{int(time.time()) // window}"
    try:
        # Twice as long as the window, so that it cannot end between the two.
        cache.add(key, 0, 2 * window)
        return cache.incr(key)
    except Exception as problem:
        # Each kind of cache has errors of its own.
        logger.error("The cache does not answer, so nothing is counted: %s", problem)
        _rests_until = time.monotonic() + REST_SECONDS
        raise CacheAway from problem


def seconds_left(window: int) -> int:
    """Until this window ends and the count starts anew."""
    return math.ceil(window - time.time() % window) or 1


def mark_of(request) -> str:
    """What stands for the client today without telling who that is."""
    salt = f"kwalibo.limits.{timezone.localdate()}"
    return salted_hmac(salt, client_of(request), algorithm="sha256").hexdigest()[:32]
