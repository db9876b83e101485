"""Twenty colleagues at once: a few seconds here, a minute with `python -m tests.stress`."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
SECONDS = os.environ.get("STRESS_SECONDS", "4")


@pytest.fixture
def database(tmp_path):
    """The address of a new, empty database of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/druk.sqlite3"
        return
    server = os.environ["DATABASE_URL"]
    name = f"druk_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        address, mark, options = server.partition("?")
        yield f"{address.rpartition('/')[0]}/{name}{mark}{options}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_nothing_is_lost_broken_or_left_out_of_the_log(database):
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.stress", "--seconds", SECONDS],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database, "SECRET_KEY": "alleen voor deze proef"},
        capture_output=True,
        text=True,
        timeout=60 + 3 * int(SECONDS),
    )

    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    assert " 0 texts saved" not in result.stdout
