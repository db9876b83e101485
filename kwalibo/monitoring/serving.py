"""The address of the metrics: its own, never the one that the public knows.

Each worker listens on METRICS_BIND (the kernel divides the questions; any of them can answer,
since they count together), in a thread of its own. So there is no other process to run, and no
moment without an answer when a worker is replaced. `gunicorn.conf.py` starts it.
"""

import hmac
import logging
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.conf import settings
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from . import addresses, metrics
from .gauges import DatabaseCollector

logger = logging.getLogger(__name__)
PATH = "/metrics"
# Who asks and then says nothing is left after so many seconds.
PATIENCE_SECONDS = 5


class _Handler(BaseHTTPRequestHandler):
    timeout = PATIENCE_SECONDS

    def do_GET(self):
        if self.path != PATH:
            return self._answer(404, b"")
        if not _may_see(self.headers.get("Authorization", "")):
            return self._answer(401, b"", {"WWW-Authenticate": "Bearer"})
        self._answer(200, told(), {"Content-Type": CONTENT_TYPE_LATEST})

    def _answer(self, status: int, body: bytes, headers: dict | None = None):
        self.send_response_only(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        """Nothing: it would tell addresses, and a scrape every few seconds is no news."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_port = True

    def handle_error(self, request, client_address):
        """Whoever hung up needs no traceback with their address."""
        logger.debug("A question for the metrics was not answered", exc_info=True)


class _Server6(_Server):
    address_family = socket.AF_INET6


def _may_see(header: str) -> bool:
    if not settings.METRICS_TOKEN:
        return True  # Only on a loopback address: kwalibo/operations/checks.py.
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    return hmac.compare_digest(header.encode(), wanted.encode())


def told() -> bytes:
    """Everything, in the text format of Prometheus."""
    metrics.hand_on()
    registry = metrics.registry()
    return generate_latest(registry) + generate_latest(DatabaseCollector())


def start() -> ThreadingHTTPServer | None:
    """Answer on METRICS_BIND from now on, in a thread; None when there is no such address."""
    if not settings.METRICS_BIND:
        return None
    host, port = addresses.split(settings.METRICS_BIND)
    kind = _Server6 if ":" in host else _Server
    try:
        server = kind((host, port), _Handler)
    except OSError as problem:
        # The site matters more than its figures; monitoring sees that these are absent.
        logger.error("The metrics cannot be served on %s: %s", settings.METRICS_BIND, problem)
        return None
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
