"""One line and one count per request, those that the page cache answers included.

`RequestLog` stands around everything (kwalibo/wsgi.py); `SeenMiddleware` tells it what Django
knows: which kind of page, and who asked. Answers from the cache are made in microseconds, so
what is done for those is little.
"""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from . import audit, logs, metrics, scrub, seen
from .seen import Seen

logger = logging.getLogger(logs.REQUEST)

# Kinds of answers that no view gives.
STATIC, HEALTH, NOWHERE = "static", "health", "none"


class RequestLog:
    """A WSGI application around another: gives a request its id, and tells how it went."""

    def __init__(self, app: Callable[..., Iterable[bytes]]):
        self.app = app

    def __call__(self, environ: dict, start: Callable[..., Any]) -> Iterable[bytes]:
        found = Seen(seen.id_for(environ))
        environ[seen.ENVIRON] = found
        seen.current.set(found)

        def begin(status, headers, *problem):
            found.status = int(status[:3])
            headers = [*headers, ("X-Request-ID", found.request_id)]
            return start(status, headers, *problem)

        try:
            answer = self.app(environ, begin)
        except BaseException:
            found.status = 500
            finish(found, environ)
            raise
        if type(answer) is list:  # From the page cache: it is all there.
            found.size = sum(map(len, answer))
            finish(found, environ)
            return answer
        if "wsgi.file_wrapper" in environ and isinstance(answer, environ["wsgi.file_wrapper"]):
            # The server sends the file itself, and must get it as it is.
            finish(found, environ)
            return answer
        return _Counted(answer, found, environ)


class _Counted:
    """An answer whose bytes are counted while they are sent."""

    def __init__(self, answer, found: Seen, environ: dict):
        self._answer, self._found, self._environ = answer, found, environ

    def __iter__(self):
        size = 0
        try:
            for part in self._answer:
                size += len(part)
                yield part
        finally:
            self._found.size = size

    def close(self):
        try:
            if hasattr(self._answer, "close"):
                self._answer.close()
        finally:
            finish(self._found, self._environ)


def finish(found: Seen, environ: dict) -> None:
    """Count a request and write its line."""
    seconds = time.perf_counter() - found.began
    seen.current.set(None)
    metrics.count_request(found, environ["REQUEST_METHOD"], seconds)
    # A load balancer asks every few seconds; that it is well needs no line.
    if found.view == HEALTH and found.status == 200:
        return
    path = environ.get("PATH_INFO", "")
    if not path.isascii():
        path = path.encode("latin-1", "replace").decode("utf-8", "replace")
    fields: dict[str, Any] = {
        "request_id": found.request_id,
        "method": environ["REQUEST_METHOD"],
        "path": scrub.path(path),
        "status": found.status,
        "ms": round(seconds * 1000, 2),
        "bytes": found.size,
    }
    if asked := environ.get("QUERY_STRING"):
        fields["query"] = scrub.query(asked)
    if found.view is None:
        fields["cache"] = "hit"
    else:
        fields |= {"view": found.view, "queries": found.queries}
    if found.user_id is not None:
        fields["user"] = found.user_id
    logs.emit(logger, logging.INFO, "request", fields)


class SeenMiddleware:
    """The first of all middleware: what Django knows of a request, and one audit line per deed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        found = request.META.get(seen.ENVIRON)
        if found is not None:
            return self._answer(request, found)
        # Without RequestLog around us, as in a test.
        found = request.META[seen.ENVIRON] = Seen(seen.id_for(request.META))
        token = seen.current.set(found)
        try:
            response = self._answer(request, found)
        finally:
            seen.current.reset(token)
        response.headers["X-Request-ID"] = found.request_id
        return response

    def _answer(self, request, found: Seen):
        found.view = NOWHERE
        with audit.collecting(request):
            response = self.get_response(request)
            audit.note_answer(request, response)
        found.view = kind_of(request)
        found.kept = "kwalibo.page_cache" in request.META and found.view != HEALTH
        found.user_id = user_id_of(request)
        return response


def kind_of(request) -> str:
    """The name of the view that answered, one of a bounded number: never an address."""
    if match := request.resolver_match:
        return match.view_name or NOWHERE
    if request.path_info.startswith("/health/"):
        return HEALTH
    return STATIC if request.path_info.startswith("/static/") else NOWHERE


def user_id_of(request) -> int | None:
    """The key of who asked, when that was looked up anyway: public pages touch no session."""
    user = getattr(request, "_cached_user", None)
    return user.pk if user is not None else None
