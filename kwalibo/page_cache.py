"""Answers to anonymous readers, given in front of Django for as long as the public data stays.

One idea: an answer is kept under the *data version* (`measures/data_version.py`) that was read
before it was made. Whoever changes what is public raises that version in the same transaction,
so an answer that is given is never older than the version that is looked at:

- SQLite is asked at every request whether anybody committed anything (`PRAGMA data_version`,
  microseconds): never stale, in no process;
- PostgreSQL is asked at most once a second: never stale for who publishes, since colleagues
  with a session pass by, and every form that is sent makes this process ask again; at most a
  second in any other process or server.

Kept are answers that say themselves that anybody may have them: 200 to a GET without session,
without a cookie, a nonce or a word against keeping. Everything else goes to Django as before.
"""

import gzip
import hashlib
import logging
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from typing import Any

import brotli
from django.conf import settings
from django.db import DatabaseError, OperationalError, connections
from django.utils import timezone

from measures import data_version

logger = logging.getLogger(__name__)

# For so long PostgreSQL is not asked again.
FRESH_SECONDS = 1.0
# For so long a reader waits for a page that another one has Django make.
PATIENCE = 5.0
# One answer may take so much of the room at most; larger ones are files, made otherwise.
LARGEST = 1 << 20
# What becomes smaller; documents and pictures are packed already.
TEXT: tuple[str, ...] = (
    *("text/", "image/svg+xml", "application/xml", "application/atom+xml"),
    *("application/json", "application/ld+json", "application/problem+json"),
)
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
# Below this, packing costs more than it saves.
SMALLEST = 200
# What an answer takes beside its body: its headers, and what it is found by.
BESIDE = 4000
# What a 304 tells again; all else a reader has (RFC 9110, 15.4.5). The ETag is of the headers
# too, so another policy is another answer.
NOT_MODIFIED = (
    *("cache-control", "content-location", "etag", "expires", "last-modified", "vary"),
    *("access-control-allow-origin", "strict-transport-security"),
)

Start = Callable[..., Any]
App = Callable[..., Iterable[bytes]]
Headers = list[tuple[str, str]]


class Watch:
    """Tells which state the public data is in, as cheaply as the database lets it.

    `key()` raises DatabaseError or sqlite3.Error when the database is away. Safe to share
    between threads. Each of them asks SQLite over a connection of its own: waiting in line for
    one takes longer than the question.
    """

    def __init__(self, alias: str = "default"):
        self.alias = alias
        self._is_sqlite = settings.DATABASES[alias]["ENGINE"].endswith("sqlite3")
        self._here = threading.local()
        self._lock = threading.Lock()
        self._connection: Any = None
        self._opened: list[Any] = []
        self._key = ""
        self._until = 0.0
        self._away_until = 0.0

    def key(self) -> str:
        if self._is_sqlite:
            return self._key_of_sqlite()
        with self._lock:
            return self._key_of_server()

    def expire(self) -> None:
        """Ask again at the next request: this process may just have changed something."""
        self._until = 0.0

    def close(self) -> None:
        with self._lock:
            while self._opened:
                self._opened.pop().close()
            self._connection, self._here = None, threading.local()
            self._until = 0.0

    def _key_of_sqlite(self) -> str:
        here = self._here
        if not hasattr(here, "connection"):
            name = connections[self.alias].settings_dict["NAME"]
            here.connection = sqlite3.connect(str(name), check_same_thread=False, timeout=1)
            here.connection.isolation_level = None
            self._opened.append(here.connection)
            here.commits = None
        (commits,) = here.connection.execute("PRAGMA data_version").fetchone()
        if commits != here.commits:
            row = here.connection.execute(
                "SELECT number, mark FROM measures_dataversion WHERE id = 1"
            ).fetchone()
            here.commits, here.key = commits, "-".join(map(str, row or (0,)))
        return here.key

    def _key_of_server(self) -> str:
        now = time.monotonic()
        if now < self._until:
            return self._key
        if now < self._away_until:
            # Who waited here while another tried does not try again: that takes seconds each.
            raise OperationalError("the database did not answer just now")
        if self._connection is None:
            self._connection = connections.create_connection(self.alias)
            self._connection.inc_thread_sharing()
            self._opened.append(self._connection)
        try:
            self._key = data_version.current(self._connection).key
        except DatabaseError:
            self._connection.close()
            self._away_until = time.monotonic() + FRESH_SECONDS
            raise
        # Counted from before the question: the answer may be as old as that.
        self._until = now + FRESH_SECONDS
        return self._key


@dataclass
class Kept:
    """An answer in every form that was asked for: each a body and its headers.

    `forms` has the plain one (''), and a packed one ('br', 'gzip') once somebody took that.
    """

    version: str
    headers: Headers
    etag: str
    body: bytes
    is_text: bool
    not_modified: Headers
    forms: dict[str, tuple[bytes, Headers]] = field(default_factory=dict)

    def answer(self, environ: dict, start: Start) -> Iterable[bytes]:
        # Each gets a list of headers of its own: who stands in front of us may add to it.
        asked = environ.get("HTTP_IF_NONE_MATCH")
        if asked and _matches(asked, self.etag):
            start("304 Not Modified", self.not_modified[:])
            return ()
        accepted = environ.get("HTTP_ACCEPT_ENCODING")
        coding = _coding(accepted) if accepted and self.is_text else ""
        body, headers = self.forms.get(coding) or self._make(coding)
        start("200 OK", headers[:])
        return () if environ["REQUEST_METHOD"] == "HEAD" else (body,)

    def _make(self, coding: str) -> tuple[bytes, Headers]:
        body = PACKERS[coding](self.body) if coding else self.body
        extra = [("Content-Encoding", coding)] if coding else []
        headers = [*self.headers, *extra, ("Content-Length", str(len(body)))]
        return self.forms.setdefault(coding, (body, headers))


class PageCache:
    """A WSGI application that answers from memory, or lets Django answer and keeps that."""

    def __init__(self, app: App, watch: Watch | None = None, room: int | None = None):
        self.app = app
        self.watch = watch or Watch()
        self.room = (settings.PAGE_CACHE_MB << 20) if room is None else room
        # Read once: asking the settings takes longer than all else here.
        self._static = settings.STATIC_URL
        self._behind_proxy = settings.BEHIND_PROXY
        self._personal = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages"}
        self._kept: OrderedDict[tuple, Kept] = OrderedDict()
        self._building: dict[tuple, threading.Event] = {}
        self._size = 0
        self._lock = threading.Lock()

    def __call__(self, environ: dict, start: Start) -> Iterable[bytes]:
        if not self.room or not self._is_anonymous_read(environ):
            return self._pass(environ, start)
        try:
            version = self.watch.key()
        except (DatabaseError, sqlite3.Error) as error:
            logger.warning("De versie van de gegevens is niet te lezen: %s", error)
            return self._pass(environ, start)
        key = self._key(environ)
        kept = self._find(key, version)
        if kept is None:
            is_builder = self._builds(key, version)
            try:
                kept = None if is_builder else self._find(key, version)
                if kept is None:
                    kept, answer = self._ask(environ, start, version)
                    if kept is None:
                        return answer
                    self._keep(key, kept)
            finally:
                if is_builder:
                    self._building.pop((key, version)).set()
        return kept.answer(environ, start)

    def _builds(self, key, version) -> bool:
        """Whether this thread is to make the page; else it has waited for the one that does.

        After a publication all readers of a page come at once. Made by each of them it takes
        the time of them all, and keeps everybody from the pages that are there already.
        """
        with self._lock:
            done = self._building.get((key, version))
            if done is None:
                self._building[key, version] = threading.Event()
                return True
        done.wait(PATIENCE)
        return False

    def _pass(self, environ, start):
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            # When it has been answered: what it wrote is committed by then.
            return _Then(self.app(environ, start), self.watch.expire)
        return self.app(environ, start)

    def _ask(self, environ, start, version: str):
        """Let Django answer; (what may be kept, None) or (None, an answer to give as it is)."""
        told: list = []
        # Unpacked and with a body: from that every other form is made.
        asked = environ | {"REQUEST_METHOD": "GET", "kwalibo.page_cache": "miss"}
        asked.pop("HTTP_ACCEPT_ENCODING", None)

        def note(status, headers, exc_info=None):
            told[:] = [status, headers]

        response: Any = self.app(asked, note)
        status, headers = told
        if not _may_be_kept(status, headers, response):
            if environ["REQUEST_METHOD"] == "HEAD":
                _close(response)
                response = [b""]
            start(status, headers)
            return None, response
        try:
            body = b"".join(response)
        finally:
            _close(response)
        return _kept(version, headers, body), None

    def _is_anonymous_read(self, environ: dict) -> bool:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return False
        if "HTTP_AUTHORIZATION" in environ or "HTTP_RANGE" in environ:
            return False
        # Static files are packed beforehand, and whitenoise sends those.
        if environ.get("PATH_INFO", "").startswith(self._static):
            return False
        if not (cookies := environ.get("HTTP_COOKIE")):
            return True
        try:
            names = set(SimpleCookie(cookies))
        except CookieError:
            return False
        return not names & self._personal

    def _key(self, environ: dict) -> tuple:
        """What an answer depends on: the address as asked, the door, and today's date."""
        return (
            environ.get("HTTP_HOST", ""),
            environ.get("wsgi.url_scheme"),
            environ.get("HTTP_X_FORWARDED_PROTO") if self._behind_proxy else "",
            environ.get("SCRIPT_NAME", ""),
            environ.get("PATH_INFO", ""),
            environ.get("QUERY_STRING", ""),
            environ.get("HTTP_ACCEPT", "")
            if environ.get("PATH_INFO", "").startswith("/api")
            else "",
            _day_of_minute(int(time.time()) // 60),
        )

    def _find(self, key, version) -> Kept | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            if kept.version != version:
                self._drop(key)
                return None
            self._kept.move_to_end(key)
            return kept

    def _keep(self, key, kept: Kept) -> None:
        if len(kept.body) > LARGEST:
            return
        with self._lock:
            self._drop(key)
            self._kept[key] = kept
            # Both packed forms are made later: room for them is counted now.
            self._size += self._room_for(kept)
            while self._size > self.room:
                self._drop(next(iter(self._kept)))

    def _drop(self, key) -> None:
        if kept := self._kept.pop(key, None):
            self._size -= self._room_for(kept)

    @staticmethod
    def _room_for(kept: Kept) -> int:
        return 2 * len(kept.body) + BESIDE


class _Then:
    """An answer, and something to do when it has been given."""

    def __init__(self, answer, then: Callable[[], None]):
        self._answer, self._then = answer, then

    def __iter__(self):
        return iter(self._answer)

    def close(self):
        try:
            _close(self._answer)
        finally:
            self._then()


def _close(answer) -> None:
    if hasattr(answer, "close"):
        answer.close()


@lru_cache(maxsize=1)
def _day_of_minute(minute: int) -> date:
    """Today's date here; a day begins with a minute, and asking the calendar takes longer."""
    return timezone.localdate()


def _may_be_kept(status: str, headers: Headers, response) -> bool:
    # A file that the server itself sends does not say whether it is streamed: it is.
    if not status.startswith("200") or getattr(response, "streaming", True):
        return False
    found = {name.lower(): value for name, value in headers}
    control, vary = (
        {word.strip() for word in found.get(name, "").lower().split(",")}
        for name in ("cache-control", "vary")
    )
    return not (
        "set-cookie" in found
        or "content-encoding" in found
        or control & {"no-store", "private"}
        or "nonce-" in found.get("content-security-policy", "")
        or vary - {"", "accept", "accept-encoding", "cookie", "origin"}
    )


def _kept(version: str, headers: Headers, body: bytes) -> Kept:
    found = {name.lower(): value for name, value in headers}
    is_text = found.get("content-type", "").startswith(TEXT) and len(body) >= SMALLEST
    etag = found.get("etag") or f'"{_digest(headers, body)}"'
    if is_text and not etag.startswith("W/"):
        etag = f"W/{etag}"  # One for every packed form, so it is a weak one.
    dropped = {"etag", "content-length", "vary"} if is_text else {"etag", "content-length"}
    kept = [(name, value) for name, value in headers if name.lower() not in dropped]
    if is_text:
        vary = [name for name in found.get("vary", "").split(", ") if name]
        kept.append(("Vary", ", ".join(dict.fromkeys([*vary, "Accept-Encoding"]))))
    kept.append(("ETag", etag))
    again = [(name, value) for name, value in kept if name.lower() in NOT_MODIFIED]
    return Kept(version, kept, etag, body, is_text, again)


def _digest(headers: Headers, body: bytes) -> str:
    found = hashlib.sha256(repr(headers).encode())
    found.update(body)
    return found.hexdigest()[:32]


def _matches(asked: str, etag: str) -> bool:
    """Whether If-None-Match names this one (RFC 9110, 13.1.2: compared weakly)."""
    if asked == etag:
        return True
    known = {one.strip().removeprefix("W/") for one in asked.split(",")}
    return "*" in known or etag.removeprefix("W/") in known


@lru_cache(maxsize=64)
def _coding(accepted: str) -> str:
    """The best packed form that a reader takes, or an empty text."""
    offered = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.strip().partition(";")
        offered[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in PACKERS if offered.get(name, False)), "")
