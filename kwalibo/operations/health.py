"""`/health/live` and `/health/ready`: whether this process answers, and whether it can work.

    {"status": "ok", "checks": {"database": "ok", "migrations": "ok", …}}

*live* asks nothing of anything else: who gets no answer may start the process again. *ready*
answers 503 as long as no page could be shown: no database, or one without our migrations. What
people notice later (cache, commands that must run, disk) makes the status `degraded` with 200:
taking every server out of the load balancer would turn a late mail into a site that is away.

A middleware before all others: a load balancer asks by address and without TLS, which
ALLOWED_HOSTS and the redirect to HTTPS would refuse.
"""

import logging
import secrets
import shutil
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.cache import cache as shared_cache
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponseNotAllowed, JsonResponse

from ..errors import RETRY_AFTER_SECONDS
from . import tasks

logger = logging.getLogger(__name__)

# Who asks has a short patience of their own; libpq rounds anything below 2 up.
CONNECT_SECONDS = 2
# Less free than this is not enough for a day of uploads and a back-up.
FREE_BYTES = 500_000_000
FREE_SHARE = 0.05

NEEDED = ("database", "migrations")


class HealthMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = {"/health/live": live, "/health/ready": ready}.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = answer()
        response.headers["Cache-Control"] = "no-store"
        return response


def live() -> JsonResponse:
    """200: this process takes requests."""
    return JsonResponse({"status": "ok"})


def ready() -> JsonResponse:
    """200 when pages can be shown, else 503; the status says whether anything needs a look."""
    checks = look()
    if any(checks[name] != "ok" for name in NEEDED):
        answer = JsonResponse({"status": "unavailable", "checks": checks}, status=503)
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return answer
    status = "ok" if set(checks.values()) == {"ok"} else "degraded"
    return JsonResponse({"status": status, "checks": checks})


def look() -> dict[str, str]:
    """What each check says: ok, failed, pending (migrations), late (commands), low (disk), unknown.

    One word each: the reason may name hosts and people, and goes to the log.
    """
    checks = {"database": "failed", "migrations": "unknown"}
    checks |= dict.fromkeys(tasks.LATE_AFTER, "unknown")
    try:
        reach_database()
        checks["database"] = "ok"
        checks["migrations"] = "pending" if pending_migrations() else "ok"
        if checks["migrations"] == "ok":
            late = tasks.late()
            checks |= {name: "late" if name in late else "ok" for name in tasks.LATE_AFTER}
    except (DatabaseError, InterfaceError) as problem:
        logger.error("The database does not answer: %s", problem)
    checks["cache"] = "ok" if cache_works() else "failed"
    checks["disk"] = "ok" if has_room() else "low"
    return checks


def reach_database() -> None:
    """Ask the database something. Raises DatabaseError or InterfaceError.

    PostgreSQL over a connection of its own: the one that pages use may hang for as long as
    the network lets it.
    """
    if connection.vendor == "postgresql":
        probe = connection.copy()
        options = dict(probe.settings_dict["OPTIONS"])
        options.pop("pool", None)
        probe.settings_dict = probe.settings_dict | {
            "OPTIONS": options | {"connect_timeout": CONNECT_SECONDS}
        }
    else:
        probe = connection
    try:
        with probe.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        if probe is not connection:
            probe.close()


def pending_migrations() -> frozenset[tuple[str, str]]:
    """The migrations of this code that the database does not have."""
    return known_migrations() - MigrationRecorder(connection).applied_migrations().keys()


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """The migrations of this code: they cannot change while it runs."""
    return frozenset(MigrationLoader(None).graph.nodes)


def cache_works() -> bool:
    """Whether what is put in the cache comes back."""
    word = secrets.token_hex(8)
    try:
        shared_cache.set("health", word, 30)
        # Another server may write the same key between the two.
        return shared_cache.get("health") is not None
    except Exception as problem:
        # Each kind of cache has errors of its own.
        logger.error("The cache does not answer: %s", problem)
        return False


def has_room() -> bool:
    """Whether there is room for more: for uploads, and for a database that is a file."""
    places = [Path(settings.EVIDENCE_DIR)]
    if connection.vendor == "sqlite":
        places.append(Path(str(connection.settings_dict["NAME"])))
    return all(map(_has_room, places))


def _has_room(place: Path) -> bool:
    place = place.absolute()
    while not place.exists():
        place = place.parent
    usage = shutil.disk_usage(place)
    return usage.free >= FREE_BYTES and usage.free >= usage.total * FREE_SHARE
