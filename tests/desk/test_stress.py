"""Twenty colleagues at once: a few seconds here, a minute with `python -m tests.stress`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.new_database import new_database

ROOT = Path(__file__).resolve().parents[2]
SECONDS = os.environ.get("STRESS_SECONDS", "4")


@pytest.fixture
def database(tmp_path):
    """The address of a new, empty database of the kind that the tests run on."""
    with new_database(tmp_path) as address:
        yield address


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
