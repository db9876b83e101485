"""Mails to ADMINS about faults: what, where and the id of the request; no data of anybody.

The same fault is mailed once an hour; the next mail of it says how many were held. Django's own
report is not used: it holds settings, cookies, what was sent, and the values of variables.
"""

import hashlib
import logging
import threading
import time
import traceback

from django.conf import settings
from django.core.cache import cache
from django.utils.log import AdminEmailHandler

from . import logs, metrics, scrub, seen

AGAIN_AFTER = 3600
HELD_FOR = 7 * 24 * 3600


class FaultMailHandler(AdminEmailHandler):
    """Mails a record of level ERROR or above, unless the same was mailed within the hour."""

    def emit(self, record):
        if not settings.ADMINS:
            return
        try:
            mark = fingerprint(record)
            if not _may_go(mark):
                metrics.FAULT_MAILS.labels("held").inc()
                return
            subject, message = told(record, _held(mark))
            self.send_mail(subject, message)
            metrics.FAULT_MAILS.labels("sent").inc()
        except Exception:
            # A mail server that is away must not turn one fault into two; the fault itself
            # is in the log already.
            metrics.FAULT_MAILS.labels("failed").inc()
            logs.emit(
                logging.getLogger(__name__),
                logging.WARNING,
                "a mail about a fault could not be sent",
                {"request_id": seen.request_id() or None},
            )


def fingerprint(record: logging.LogRecord) -> str:
    """What makes two faults the same one: its kind and place, not its words."""
    if record.exc_info and record.exc_info[1] is not None:
        problem = record.exc_info[1]
        last = traceback.extract_tb(problem.__traceback__)[-1:]
        parts = [type(problem).__name__, *(f"{frame.filename}:{frame.lineno}" for frame in last)]
    else:
        parts = [str(record.msg), f"{record.pathname}:{record.lineno}"]
    return hashlib.sha256("\n".join([record.name, *parts]).encode()).hexdigest()[:32]


def told(record: logging.LogRecord, held: int) -> tuple[str, str]:
    """(subject, text) of the mail."""
    found = seen.current.get()
    what = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    line = (scrub.said(record).splitlines() or [""])[0]
    subject = " ".join(f"{record.levelname}: {what} {line}".split())[:150]
    lines = [
        line,
        "",
        f"Tijd: {logs.now(record.created)}",
        f"Onderdeel: {record.name}",
    ]
    if found:
        lines.append(f"Kenmerk van de aanvraag: {found.request_id}")
    if held:
        lines.append(f"Deze fout kwam sinds de vorige mail nog {held} keer voor.")
    if record.exc_info:
        lines += ["", scrub.text("".join(traceback.format_exception(*record.exc_info)))]
    return subject, "\n".join(lines)


# What stands in for the cache when that is away: (moment, held) per fingerprint.
_own: dict[str, list[float]] = {}
_lock = threading.Lock()


def _may_go(mark: str) -> bool:
    try:
        if cache.add(f"fault-{mark}", 1, AGAIN_AFTER):
            return True
        key = f"fault-held-{mark}"
        if not cache.add(key, 1, HELD_FOR):
            cache.incr(key)
        return False
    except Exception:
        # Each kind of cache has errors of its own. A thousand mails from one process at most
        # become one, too.
        with _lock:
            now, last = time.monotonic(), _own.get(mark)
            if last and now - last[0] < AGAIN_AFTER:
                return False
            if len(_own) > 1000:
                _own.clear()
            _own[mark] = [now]
            return True


def _held(mark: str) -> int:
    key = f"fault-held-{mark}"
    try:
        held = cache.get(key, 0)
        cache.delete(key)
    except Exception:
        return 0
    return held
