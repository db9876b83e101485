"""The real site for a browser: gunicorn on a free port, with the real data set."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

_COLLEAGUE = """
import os
from django.contrib.auth.models import Group, User
person = User.objects.create_user(
    "{name}", password=os.environ["DJANGO_SUPERUSER_PASSWORD"], is_staff=True
)
person.groups.add(Group.objects.get(name="{role}"))
"""
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Site:
    """A site in a folder of its own; `stop()` ends it. Staff log in as `name`."""

    folder: Path
    name: str = "redacteur"
    # Others, by the one role that they have; all with the same password.
    colleagues: ClassVar = {"wil": "redacteur", "fia": "fiatteur"}

    def start(self) -> "Site":
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.password = secrets.token_urlsafe(15)
        self.environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{self.folder}/site.sqlite3",
            "STATIC_ROOT": f"{self.folder}/static",
            "EVIDENCE_DIR": f"{self.folder}/bewijsstukken",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DJANGO_SUPERUSER_PASSWORD": self.password,
            # A browser has no telephone; tests/signin has.
            "SECOND_FACTOR": "0",
        }
        self.manage("migrate")
        self.manage("load_kwalibo")
        self.manage("createsuperuser", "--noinput", "--username", self.name, "--email", "")
        for name, role in self.colleagues.items():
            self.manage("shell", "--command", _COLLEAGUE.format(name=name, role=role))
        self.manage("collectstatic", "--noinput")
        self.log = (self.folder / "gunicorn.log").open("wb")
        self.server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "kwalibo.wsgi:application"),
                *("--bind", f"127.0.0.1:{port}", "--threads", "4", "--no-control-socket"),
            ],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
        )
        self._wait()
        return self

    def stop(self):
        self.server.terminate()
        self.server.wait(timeout=30)
        self.log.close()

    def manage(self, *words: str):
        """Run a management command on the database of this site."""
        subprocess.run(
            [sys.executable, "manage.py", *words, "--verbosity", "0"],
            cwd=ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _wait(self):
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{self.url}/static/css/tokens.css", timeout=2)
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError((self.folder / "gunicorn.log").read_text())
