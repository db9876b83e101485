"""Readers and a stopwatch for tests/soak.py, each a process of its own.

Readers ask at full speed, at low priority, so that they take what is left of the machine. The
stopwatch asks at fixed moments, whatever came before: a question that has to wait for the one
before it counts from when it should have been asked (no coordinated omission). It marks which
answers Django made; `application` tells.
"""

import contextlib
import http.client
import itertools
import os
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.operations.visitor import Door

MADE = "X-Made-By-Django"
# The stopwatch asks once in so many seconds, over at most so many lines.
EVERY, STOPWATCHES = 0.025, 12
HEADERS = {"Accept-Encoding": "br"}


@dataclass
class Seen:
    """What a process saw. Times in seconds, of answers from memory and of those made anew."""

    answers: Counter = field(default_factory=Counter)
    kept: list[float] = field(default_factory=list)
    made: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)


class Line:
    """A connection that is used again, as a browser does."""

    def __init__(self, port: int):
        self.port, self.line = port, None

    def ask(self, page: str) -> tuple[int | str, bool]:
        """The status or the error, and whether Django made it. Read to the end."""
        for is_second_time in (False, True):
            was_used = self.line is not None
            if self.line is None:
                self.line = Door(self.port).open(timeout=20)
            try:
                self.line.request("GET", page, headers=HEADERS)
                answer = self.line.getresponse()
                answer.read()
                return answer.status, MADE in answer.headers
            except (OSError, http.client.HTTPException) as error:
                self.line.close()
                self.line = None
                # As any browser: a line that was kept open may be closed just as it is used.
                if is_second_time or not was_used:
                    return repr(error), False
        raise AssertionError

    def close(self):
        if self.line:
            self.line.close()


def take_what_is_left() -> None:
    """From now on this thread, and what it starts, gets what the server leaves of the machine.

    Readers and colleagues have machines of their own; only here do they share one with it.
    """
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def go_first() -> None:
    """From now on this thread, and what it starts, is woken at once, where that is allowed.

    What is timed is the site; a stopwatch that waits for a processor would time that too.
    """
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))


def read(port: int, pages: list[str], until: float, number: int, out) -> None:
    """Ask for pages at random with `number` threads until that time."""
    take_what_is_left()
    seen = Seen()

    def work(n):
        dice, line = random.Random(n), Line(port)
        answers: Counter = Counter()
        while time.time() < until:
            answers[line.ask(dice.choice(pages))[0]] += 1
        line.close()
        with lock:
            seen.answers += answers

    _run(work, number)
    out.put(seen)


def watch(port: int, pages: list[str], since: float, until: float, out) -> None:
    """Time answers at fixed moments between two times.

    Whichever line is free asks the next question, so that one behind a page that is being made
    does not wait for that. Only when no line is free is it asked later; it counts from when it
    should have been.
    """
    go_first()
    seen, moments = Seen(), itertools.count()

    def work(n):
        line, done = Line(port), 0.0
        while True:
            with lock:
                turn = next(moments)
            due = since + turn * EVERY
            if due >= until:
                break
            if (pause := due - time.time()) > 0:
                time.sleep(pause)
            woken = time.time()
            # Who was woken late by a busy machine does not count against the server.
            start = due if done > due else woken
            status, is_made = line.ask(pages[turn % len(pages)])
            done = time.time()
            with lock:
                seen.answers[status] += 1
                (seen.made if is_made else seen.kept).append(done - start)
                seen.late += [woken - due] if pause > 0 else []
        line.close()

    _run(work, STOPWATCHES)
    out.put(seen)


lock = threading.Lock()


def _run(work, number: int) -> None:
    threads = [threading.Thread(target=work, args=[n]) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def __getattr__(name: str):
    """`application`: the site as it is served, that tells with each answer whether Django made
    it. Imported when gunicorn asks for it, before the worker listens, as the site itself is."""
    if name != "application":
        raise AttributeError(name)
    from kwalibo import wsgi

    return _telling(wsgi.application)


def _telling(whole):
    # The log of requests, with the cache of pages in it, with Django in that.
    cache, here = whole.app, threading.local()
    django, builds = cache.app, cache._builds

    def noting(environ, start_response):
        here.made = True
        return django(environ, start_response)

    def waiting(key, version):
        # Not there yet: this thread makes it, or waits for another one that does.
        here.made = True
        return builds(key, version)

    def site(environ, start_response):
        here.made = False

        def start(status, headers, *problem):
            told = [(MADE, "1")] if here.made else []
            return start_response(status, [*headers, *told], *problem)

        return whole(environ, start)

    cache.app, cache._builds = noting, waiting
    return site
