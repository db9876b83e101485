"""What is known of the request that a thread is busy with: for every line that it logs."""

import re
import secrets
import time
from contextvars import ContextVar

from django.conf import settings

# Where a request carries it through WSGI; copies of the environ hold the same object.
ENVIRON = "kwalibo.seen"
# How a proxy, or who asks through it, may call a request: nothing that could end a line.
WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Seen:
    """One request: its id, and what was seen of it so far."""

    __slots__ = (
        *("request_id", "began", "status", "size"),
        *("view", "user_id", "kept", "queries", "query_seconds"),
    )

    def __init__(self, request_id: str):
        self.request_id = request_id
        self.began = time.perf_counter()
        self.status = 0
        self.size: int | None = None
        # None as long as Django has not been asked: then the page cache answered.
        self.view: str | None = None
        self.user_id: int | None = None
        # Whether the page cache had to ask Django.
        self.kept = False
        self.queries = 0
        self.query_seconds = 0.0


current: ContextVar[Seen | None] = ContextVar("seen", default=None)


def request_id() -> str:
    """The id of the request that is being answered, or an empty text."""
    seen = current.get()
    return seen.request_id if seen else ""


def id_for(environ: dict) -> str:
    """The id that our own proxy gave, when it is well-formed; else a new one."""
    if settings.BEHIND_PROXY:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        if WELL_FORMED.fullmatch(given):
            return given
    return secrets.token_hex(16)
