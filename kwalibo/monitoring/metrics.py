"""What is counted, for Prometheus. Labels have few values: never an address or a name.

The workers of one installation count together, in the files of METRICS_DIR (`slots.py`);
without it each process counts for itself. What the database knows is not counted here but
asked at each scrape (`gauges.py`); `serving.py` gives it all out.
"""

import threading
from pathlib import Path

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

from . import slots
from .seen import Seen

if settings.METRICS_DIR:
    FOLDER = Path(settings.METRICS_DIR)
    values.ValueClass = values.MultiProcessValue(lambda: slots.slot(FOLDER))

REGISTRY = CollectorRegistry()
METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}
# What the page cache answers has no kind of page: Django was not asked.
KEPT = "kept"

REQUESTS = Counter(
    "kwalibo_requests",
    "Requests, by method, class of status, and name of the view ('kept': by the page cache).",
    ["method", "status", "view"],
    registry=REGISTRY,
)
SECONDS = Histogram(
    "kwalibo_request_seconds",
    "How long Django took, until the last byte was handed over.",
    ["view"],
    buckets=[0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registry=REGISTRY,
)
QUERIES = Histogram(
    "kwalibo_request_queries",
    "How many queries a request took, of those that Django answered.",
    buckets=[0, 2, 5, 10, 15, 20, 30, 50, 100],
    registry=REGISTRY,
)
QUERY_SECONDS = Counter(
    "kwalibo_query_seconds", "How long requests waited for the database.", registry=REGISTRY
)
SLOW_QUERIES = Counter(
    "kwalibo_slow_queries", "Queries that took longer than SLOW_QUERY_MS.", registry=REGISTRY
)
PAGE_CACHE = Counter(
    "kwalibo_page_cache",
    "What the page cache did: hit, not_modified (304), or miss (Django was asked).",
    ["answer"],
    registry=REGISTRY,
)
PAGE_CACHE_SECONDS = Counter(
    "kwalibo_page_cache_seconds", "How long answers from the page cache took.", registry=REGISTRY
)
SIGN_INS = Counter(
    "kwalibo_sign_ins",
    "What happened at the door, by kind (SignInEvent.Kind).",
    ["kind"],
    registry=REGISTRY,
)
FAULT_MAILS = Counter(
    "kwalibo_fault_mails",
    "Faults that were mailed, held because the same was mailed lately, or not to be mailed.",
    ["what"],
    registry=REGISTRY,
)


class _Tally:
    """Counts of what the page cache answers, handed on once a second.

    An answer takes some twenty microseconds; five counts in shared memory would take half as
    long again.
    """

    EVERY = 1.0

    def __init__(self):
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, int], int] = {}
        self._seconds = 0.0

    def add(self, method: str, status: int, seconds: float) -> None:
        key = (method, status)
        with self._lock:
            is_first = not self._counts
            self._counts[key] = self._counts.get(key, 0) + 1
            self._seconds += seconds
        if is_first:
            timer = threading.Timer(self.EVERY, self.hand_on)
            timer.daemon = True
            timer.start()

    def hand_on(self) -> None:
        with self._lock:
            counts, seconds = self._counts, self._seconds
            self._counts, self._seconds = {}, 0.0
        for (method, status), number in counts.items():
            REQUESTS.labels(_method(method), f"{status // 100}xx", KEPT).inc(number)
            PAGE_CACHE.labels("not_modified" if status == 304 else "hit").inc(number)
        if seconds:
            PAGE_CACHE_SECONDS.inc(seconds)


_kept = _Tally()


def count_request(found: Seen, method: str, seconds: float) -> None:
    if found.view is None:
        _kept.add(method, found.status, seconds)
        return
    REQUESTS.labels(_method(method), f"{found.status // 100}xx", found.view).inc()
    SECONDS.labels(found.view).observe(seconds)
    QUERIES.observe(found.queries)
    if found.query_seconds:
        QUERY_SECONDS.inc(found.query_seconds)
    if found.kept and found.status == 200:
        PAGE_CACHE.labels("miss").inc()


def hand_on() -> None:
    """Hand on what was not yet: before a worker ends, and before it is looked at."""
    _kept.hand_on()


def _method(asked: str) -> str:
    return asked if asked in METHODS else "other"


def registry() -> CollectorRegistry:
    """What was counted, by all processes that count together."""
    if not settings.METRICS_DIR:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together, settings.METRICS_DIR)
    return together
