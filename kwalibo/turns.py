"""In a process Django works on one question at a time; the next one waits for its turn.

Threads of Python share one interpreter. Three that make a page at once are not done sooner than
one after the other, but whatever has to answer quickly beside them, such as a page that is kept,
then waits for three of them at every step that it takes. Beside one it waits a fraction of a
millisecond (`tests/soak.py` measures it).

A turn does not last: after `LONGEST` seconds the next question is taken up beside the one that
is still being worked on, so that a large document, or somebody who waits for a lock of the
database, keeps nobody.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

LONGEST = 0.5


@dataclass
class Turn:
    """Over when the answer is there; nobody waits for it beyond `until` (by time.monotonic)."""

    until: float
    over: threading.Event = field(default_factory=threading.Event)

    def wait(self) -> None:
        self.over.wait(max(0.0, self.until - time.monotonic()))


class Turns:
    """A WSGI application that hands questions to another one, in turn."""

    def __init__(self, app: Callable[..., Iterable[bytes]], longest: float = LONGEST):
        self.app = app
        self.longest = longest
        # Little work, and a monitor does not like to wait.
        self._at_once: tuple[str, ...] = (settings.STATIC_URL, "/health/")
        self._front = threading.Lock()
        self._last = Turn(until=0.0)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith(self._at_once):
            return self.app(environ, start)
        with self._front:
            self._last.wait()
            turn = self._last = Turn(time.monotonic() + self.longest)
        try:
            # What is streamed goes on after its turn: it waits for its reader most of the time.
            return self.app(environ, start)
        finally:
            turn.over.set()
