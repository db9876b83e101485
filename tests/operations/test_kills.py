"""Whatever is killed in the middle of writing: what was saved stays, nothing is there by half."""

import os
import re
import subprocess
import sys

import pytest
from django.db import connection

from tests.machine import needs
from tests.new_database import new_database
from tests.operations.server import ROOT
from tests.postgres import binaries

pytestmark = pytest.mark.xdist_group("servers")
KILLS = os.environ.get("KILLS", "6")


def run(module, *words, **environment) -> str:
    """What a program of ours says that finds no fault."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", module, *words],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def test_a_process_that_dies_at_any_statement_has_done_all_of_it_or_nothing(tmp_path):
    with new_database(tmp_path) as address:
        said = run("tests.broken_off", DATABASE_URL=address)

    publishing, freezing = map(int, re.findall(r"died at (\d+)", said))
    assert publishing > 10
    assert freezing > 5


def test_what_a_screen_said_is_saved_is_there_after_kills_at_any_moment(static_root):
    kind = "sqlite" if connection.vendor == "sqlite" else "postgres"
    needs(kind == "sqlite" or binaries(), "PostgreSQL is not on this machine")

    said = run("tests.kills", "--database", kind, "--kills", KILLS, STATIC_ROOT=static_root)

    assert re.search(r"^seed \d+$", said, re.MULTILINE)
    if kind == "sqlite":
        assert f"'kill_worker': {KILLS}" in said
    else:
        assert re.search("'kill_worker': .*'kill_backend': .*'kill_postgres': ", said)
    assert " 0 questions broken off" not in said
    assert " 0 texts saved" not in said
