"""What the tests of a running server share."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine import needs
from tests.operations.redis_server import PROGRAM, RedisServer

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
    needs(PROGRAM, "neither Redis nor Valkey is on this machine")
    server = RedisServer(tmp_path)
    server.start()
    yield server.url
    server.stop()
