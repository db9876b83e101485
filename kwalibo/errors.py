"""Dutch pages for what goes wrong.

Whatever fails and wherever (a view, a template, the session, a connection that
cannot be made), Django ends up at the handlers below, so they may rely on
nothing: no database, no session, and at worst no template.
"""

import logging
import sys

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from measures.reference_date import BadQuery
from measures.snapshot import CorruptSnapshot

from .monitoring.seen import request_id

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 30

IDLE_IN_TRANSACTION = "25P03"

# How both databases say that there is no room to write.
FULL = ("disk is full", "No space left on device")

# Shown when even the template of an error cannot be rendered.
PLAIN = (
    '<!doctype html><html lang="nl"><meta charset="utf-8"><title>Er ging iets mis</title>'
    "<h1>Er ging iets mis bij ons</h1>"
    "<p>Wij kunnen deze pagina nu niet tonen. Probeer het over een paar minuten opnieuw.</p>"
)


def bad_request(request, exception):
    """Say what was wrong with the question, where that is ours to say."""
    message = str(exception) if isinstance(exception, BadQuery) else ""
    return HttpResponse(page("400.html", {"message": message}), status=400)


def form_refused(request, reason=""):
    """A form without a valid token. The reason is for developers and stays in the log."""
    return render(request, "403_csrf.html", status=403)


def server_error(request):
    """Answer 503 when the database is away, busy for too long or full, else 500."""
    problem = sys.exception()
    if is_database_away(problem):
        logger.error("De database antwoordt niet: %s", problem)
        return HttpResponse(
            page("503.html", {"is_full": is_disk_full(problem)}),
            status=503,
            headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
        )
    message = ""
    if isinstance(problem, CorruptSnapshot):
        message = (
            "Dit overzicht is beschadigd: het past niet meer bij de controlewaarde die wij bij "
            "het vaststellen bewaarden. Wij laten het daarom niet zien."
        )
    context = {"message": message, "request_id": request_id()}
    return HttpResponse(page("500.html", context), status=500)


def is_database_away(problem: BaseException | None) -> bool:
    """Whether the database could not be reached or used, at this error or one that led to it."""
    if is_disk_full(problem):
        return True
    return any(
        isinstance(one, (OperationalError, InterfaceError))
        # Not so named by psycopg: it ended our line, since a transaction stood still too long.
        or getattr(one, "sqlstate", "") == IDLE_IN_TRANSACTION
        for one in _chain(problem)
    )


def is_disk_full(problem: BaseException | None) -> bool:
    """Whether there was no room to write: for the database, or for a file of evidence."""
    return any(
        isinstance(one, (DatabaseError, OSError)) and any(words in str(one) for words in FULL)
        for one in _chain(problem)
    )


def _chain(problem: BaseException | None):
    while problem:
        yield problem
        problem = problem.__cause__ or problem.__context__


def page(template: str, context: dict | None = None) -> str:
    """Render the page of an error, or the plain one when that fails too."""
    try:
        return render_to_string(template, context)
    except Exception:
        logger.exception("De foutpagina %s is niet te tonen", template)
        return PLAIN
