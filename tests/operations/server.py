"""The real server, as deploy/ starts it: gunicorn with gunicorn.conf.py."""

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.operations.visitor import Door

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Answer:
    status: int
    headers: dict
    text: str


class Server:
    """`with Server(folder, NAME="value") as site`: the values go into its environment."""

    def __init__(self, folder: Path, application: str = "kwalibo.wsgi:application", **environment):
        self.folder, self.application = folder, application
        self.environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
            "EVIDENCE_DIR": f"{folder}/bewijsstukken",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "STATIC_ROOT": f"{folder}/static",
            "WEB_CONCURRENCY": "1",
            **environment,
        }
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.kill()

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def log(self) -> str:
        return (self.folder / "gunicorn.log").read_text()

    def start(self, ready: str = "/health/live") -> None:
        """Start, and wait until the address `ready` answers."""
        with (self.folder / "gunicorn.log").open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", self.application),
                    *("--bind", f"127.0.0.1:{self.port}"),
                ],
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
                # With its workers in a group of its own, so that none is left behind.
                start_new_session=True,
            )
        self.wait_for(ready, seconds=60)

    def wait_for(self, address: str, *, seconds: float) -> None:
        """Ask until the answer is 200."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log
            try:
                if self.get(address).status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(self.log)

    def get(self, address: str, **headers) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request("GET", address, headers=headers)
            answer = line.getresponse()
            text = answer.read().decode()
        finally:
            line.close()
        return Answer(answer.status, dict(answer.headers), text)

    @property
    def door(self) -> Door:
        return Door(self.port)

    def number_of_starts(self) -> int:
        """How many workers were started."""
        return self.log.count("Booting worker")

    def workers(self) -> list[int]:
        """The processes that answer."""
        path = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        return [int(pid) for pid in Path(path).read_text().split()]

    def kill(self) -> None:
        """End master and workers at once, as `kill -9` does."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def ask_to_stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
