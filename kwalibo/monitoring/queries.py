"""Counting queries, and telling of the slow ones: their text, never what was filled in."""

import logging
import sys
import time
from types import FrameType

from django.conf import settings
from django.db.backends.signals import connection_created

from . import logs, metrics, seen

logger = logging.getLogger("kwalibo.slow_query")
# A text that is longer tells nothing more.
LONGEST = 4000
OURS = ("kwalibo.", "measures.", "parties.")


def listen() -> None:
    """Look at every query of every connection."""
    connection_created.connect(_watch, dispatch_uid="monitoring.queries")


def _watch(sender, connection, **kwargs):
    # The same object connects again after it lost its server.
    if look not in connection.execute_wrappers:
        connection.execute_wrappers.append(look)


def look(execute, sql, params, many, context):
    """Run a query, count it for the request, and log it when it was slow."""
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        seconds = time.perf_counter() - began
        if found := seen.current.get():
            found.queries += 1
            found.query_seconds += seconds
        if 0 < settings.SLOW_QUERY_MS <= seconds * 1000:
            _tell(sql, seconds)


def _tell(sql, seconds: float) -> None:
    metrics.SLOW_QUERIES.inc()
    fields = {
        "request_id": seen.request_id() or None,
        "ms": round(seconds * 1000, 1),
        "sql": str(sql)[:LONGEST],
        "caller": caller(),
    }
    logs.emit(logger, logging.WARNING, "slow query", fields)


def caller() -> str:
    """Where our own code asked for it: 'measures.views.measures:57 overview'."""
    frame: FrameType | None = sys._getframe(1)
    while frame:
        name = frame.f_globals.get("__name__", "")
        if name.startswith(OURS) and not name.startswith("kwalibo.monitoring."):
            # The middleware is at the bottom of every stack: a template asked, then.
            return f"{name}:{frame.f_lineno} {frame.f_code.co_name}"
        frame = frame.f_back
    return ""
