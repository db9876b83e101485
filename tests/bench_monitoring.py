"""What seeing it run costs on a warm page: `python -m tests.bench_monitoring`.

Two figures, each the best of many short rounds that take turns, so that the rest of the machine
touches all alike:

- in one process, an answer from the page cache without anything around it, with the counts and
  the id, and with the line in the log too;
- behind gunicorn, the processor time of a worker per request, with and without all of it: that is
  what a warm page costs a server, and what the share is of.
"""

import http.client
import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS, TIMES, SERVED = 200, 100, 2000
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "kwalibo.settings",
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "STATIC_ROOT": f"{folder}/static",
            "PROMETHEUS_MULTIPROC_DIR": f"{folder}/metrics",
            "LOG_FORMAT": "json",
            "DEBUG": "0",
        }
        for words in (["migrate", "--verbosity=0"], ["collectstatic", "--noinput", "-v0"]):
            subprocess.run([sys.executable, "manage.py", *words], check=True)
        in_process()
        served(folder)


def in_process() -> None:
    import logging

    from kwalibo.wsgi import application

    line = logging.getLogger("kwalibo.request")
    sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115
    for handler in logging.getLogger().handlers:
        handler.setStream(sys.stderr)
    found: dict[str, list[float]] = {"page cache alone": [], "with counts": [], "and a line": []}
    ask(application.app, 20)
    for _ in range(ROUNDS):
        found["page cache alone"].append(ask(application.app, TIMES))
        line.setLevel(logging.ERROR)
        found["with counts"].append(ask(application, TIMES))
        line.setLevel(logging.INFO)
        found["and a line"].append(ask(application, TIMES))
    bare = min(found["page cache alone"])
    for name, times in found.items():
        say(f"in process, {name}: {min(times):.1f} µs ({min(times) - bare:+.1f})")


def ask(application, times: int) -> float:
    """Microseconds per request of the first page."""
    spent = 0.0
    for _ in range(times):
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/",
            "QUERY_STRING": "",
            "HTTP_HOST": "localhost",
            "HTTP_ACCEPT_ENCODING": "gzip, br",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
        }
        began = time.perf_counter()
        answer = application(environ, lambda *told: None)
        for _ in answer:
            pass
        if hasattr(answer, "close"):
            answer.close()
        spent += time.perf_counter() - began
    return spent / times * 1e6


def served(folder: str) -> None:
    """Print the processor time of a worker per warm page, without and with."""
    Path(folder, "bare.py").write_text("from kwalibo.wsgi import application as whole\n"
                                       "application = whole.app\n")  # fmt: skip
    sites = {
        "without": Site(folder, "bare:application"),
        "with": Site(folder, "kwalibo.wsgi:application"),
    }
    found: dict[str, list[float]] = {name: [] for name in sites}
    try:
        for site in sites.values():
            site.ask(50)
        for _ in range(6):
            for name, site in sites.items():
                found[name].append(site.ask(SERVED))
    finally:
        for site in sites.values():
            site.process.terminate()
            site.process.wait()
    without, whole = min(found["without"]), min(found["with"])
    say(f"behind gunicorn, without: {without:.0f} µs of processor time per warm page")
    say(f"behind gunicorn, with all: {whole:.0f} µs ({(whole / without - 1) * 100:+.1f} %)")


class Site:
    """One worker of gunicorn, and a line to it that stays open."""

    def __init__(self, folder: str, application: str):
        import socket

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", application, "--pythonpath", folder),
                *("--bind", f"127.0.0.1:{port}", "--workers", "1", "--max-requests", "0"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        until = time.monotonic() + 60
        while True:
            try:
                self.get()
                break
            except OSError:
                self.line.close()
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def get(self) -> None:
        self.line.request("GET", "/partijen/", headers={"Accept-Encoding": "br"})
        self.line.getresponse().read()

    def ask(self, times: int) -> float:
        """Microseconds of the processor per request."""
        before = self._processor_time()
        for _ in range(times):
            self.get()
        return (self._processor_time() - before) / times * 1e6

    def _processor_time(self) -> float:
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        fields = Path(f"/proc/{children[0]}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
