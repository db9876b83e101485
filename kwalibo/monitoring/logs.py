"""How lines of the log look: one JSON object each, or a readable line.

    {"time": "2026-11-25T20:15:03.123Z", "level": "INFO", "logger": "kwalibo.request",
     "message": "request", "request_id": "…", "method": "GET", "path": "/maatregelen/", …}

A record with `fields` (a dict that is safe as it is) puts those beside. The time is UTC. This
module is read by gunicorn before there are settings.
"""

import json
import logging
import threading
import time

# The logger of the lines of requests.
REQUEST = "kwalibo.request"

# What no line of ours tells, and each record would look up.
logging.logThreads = logging.logMultiprocessing = False
logging.logAsyncioTasks = False  # type: ignore[attr-defined]

_encode = json.JSONEncoder(ensure_ascii=False, default=str).encode


# The last second that was told, and how it is written: thousands of lines share it.
_second: tuple[int, str] = (0, "")


def now(at: float) -> str:
    """A moment as ISO 8601 in UTC, in milliseconds."""
    global _second
    seconds, milliseconds = divmod(int(at * 1000), 1000)
    last, written = _second
    if seconds != last:
        written = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
        _second = seconds, written
    return f"{written}.{milliseconds:03d}Z"


def emit(logger: logging.Logger, level: int, message: str, fields: dict) -> None:
    """Log a line with fields, without looking up who called: requests are many."""
    if not logger.isEnabledFor(level):
        return
    record = logging.LogRecord(logger.name, level, "", 0, message, (), None)
    record.fields = fields
    logger.handle(record)


class _Formatter(logging.Formatter):
    def told(self, record: logging.LogRecord) -> dict:
        """What the line says besides time, level and logger; text of others is scrubbed."""
        fields = getattr(record, "fields", None)
        if fields is not None and not record.exc_info:
            return {"message": record.msg, **fields}
        from . import scrub, seen

        told = {"message": scrub.said(record), **(fields or {})}
        if found := seen.current.get():
            told.setdefault("request_id", found.request_id)
            if found.user_id is not None:
                told.setdefault("user", found.user_id)
        if record.exc_info:
            told["exception"] = scrub.text(self.formatException(record.exc_info))
        elif record.exc_text:
            told["exception"] = scrub.text(record.exc_text)
        if record.stack_info:
            told["stack"] = scrub.text(record.stack_info)
        return told


class JsonFormatter(_Formatter):
    def format(self, record):
        return _encode(
            {
                "time": now(record.created),
                "level": record.levelname,
                "logger": record.name,
                **self.told(record),
            }
        )


class TextFormatter(_Formatter):
    """For people: `20:15:03 INFO kwalibo.request: request method=GET path=/maatregelen/ …`."""

    def format(self, record):
        told = self.told(record)
        at = time.strftime("%H:%M:%S", time.localtime(record.created))
        below = [str(told.pop(name)) for name in ("exception", "stack") if name in told]
        line = f"{at} {record.levelname} {record.name}: {told.pop('message')}"
        beside = [f"{name}={value}" for name, value in told.items() if value is not None]
        return "\n".join([" ".join([line, *beside]), *below])


class Lines(logging.StreamHandler):
    """Writes the lines of requests a few times a second, together; every other line at once.

    A write lets the other threads go first, and a page that is kept takes less time than that:
    writing each line by itself costs a fifth of the answers. In their order all the same: what
    is written at once comes after what waits. Only a process that is killed loses lines, of the
    last `EVERY` seconds.
    """

    EVERY = 0.25
    # As many wait at most; more than that, and who asks waits for the log, not the memory.
    MOST = 5000

    def __init__(self, stream=None):
        super().__init__(stream)
        self._waiting: list[str] = []

    def emit(self, record):
        if record.name != REQUEST:
            self._write_waiting()
            super().emit(record)
            return
        try:
            self._waiting.append(self.format(record) + self.terminator)
        except Exception:
            self.handleError(record)
            return
        if len(self._waiting) == 1:
            timer = threading.Timer(self.EVERY, self.flush)
            timer.daemon = True
            timer.start()
        elif len(self._waiting) >= self.MOST:
            self._write_waiting()

    def flush(self):
        self.acquire()
        try:
            self._write_waiting()
            super().flush()
        finally:
            self.release()

    def _write_waiting(self):
        lines, self._waiting = self._waiting, []
        if not lines:
            return
        try:
            self.stream.write("".join(lines))
        except Exception:
            self.handleError(logging.makeLogRecord({"msg": f"{len(lines)} lines of requests"}))


FORMATTERS = {
    "json": {"()": "kwalibo.monitoring.logs.JsonFormatter"},
    "text": {"()": "kwalibo.monitoring.logs.TextFormatter"},
}


def configuration(*, format: str, audit_log: str, mails: bool) -> dict:
    """LOGGING: everything to stderr; the audit log to a file of its own when there is one."""
    handlers: dict = {"console": {"()": "kwalibo.monitoring.logs.Lines", "formatter": format}}
    loggers: dict = {
        # They would tell addresses as they were asked, with the keys in them; our own
        # line per request says what they would (kwalibo/monitoring/requests.py).
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": False},
        # Django gives this one handlers of its own.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
    }
    if mails:
        handlers["mail"] = {
            "class": "kwalibo.monitoring.mails.FaultMailHandler",
            "level": "ERROR",
            "formatter": "text",
        }
    if audit_log:
        handlers["audit"] = {
            # Looks whether the file is still there, so it can be rotated.
            "class": "logging.handlers.WatchedFileHandler",
            "filename": audit_log,
            "formatter": "json",
            "encoding": "utf-8",
            "delay": True,
        }
        loggers["kwalibo.audit"] = {"handlers": ["audit"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": FORMATTERS,
        "handlers": handlers,
        "loggers": loggers,
        "root": {"handlers": ["console", *(["mail"] if mails else [])], "level": "INFO"},
    }
