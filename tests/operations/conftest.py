"""What the tests of a running server share."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.machine import needs

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def static_root(tmp_path_factory):
    """The static files, collected once: without them a server shows no page."""
    folder = tmp_path_factory.mktemp("static")
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
        cwd=ROOT,
        env=os.environ | {"STATIC_ROOT": str(folder)},
        check=True,
    )
    return str(folder)


@pytest.fixture
def redis_url(tmp_path):
    """A Redis of our own."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    needs(program, "neither Redis nor Valkey is on this machine")
    socket = tmp_path / "redis.sock"
    process = subprocess.Popen(
        [program, "--port", "0", "--unixsocket", socket, "--save", "", "--dir", tmp_path],
        stdout=subprocess.DEVNULL,
    )
    until = time.monotonic() + 20
    while not socket.exists() and time.monotonic() < until:
        time.sleep(0.05)
    yield f"unix://{socket}"
    process.terminate()
    process.wait()
