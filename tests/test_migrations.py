"""Migrations that the code of before can live with, from the first release on."""

import os
import subprocess
import sys

from tests import lint_migrations
from tests.new_database import new_database


def test_the_linter_finds_a_new_column_that_older_code_does_not_fill(tmp_path):
    """`milestone` (of before the first release) is NOT NULL and has no default in the database."""
    with new_database(tmp_path) as address:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.lint_migrations", "--all"],
            cwd=lint_migrations.ROOT,
            env=os.environ | {"DATABASE_URL": address},
            capture_output=True,
            text=True,
        )

    assert "(measures, 0006_timeline_event_milestone)... ERR" in done.stdout
    assert "NOT NULL constraint on columns" in done.stdout
    assert done.returncode == 1


def test_after_the_first_release_a_fault_fails_and_before_it_does_not(monkeypatch):
    monkeypatch.setattr(lint_migrations, "number_of_faults", lambda since: 1)
    monkeypatch.setattr(lint_migrations, "first_release", lambda: "")
    assert (lint_migrations.main(), lint_migrations.main("--all")) == (0, 1)

    monkeypatch.setattr(lint_migrations, "first_release", lambda: "v1.0.0")
    assert lint_migrations.main() == 1


def test_the_first_release_is_the_oldest_tag_of_a_version(tmp_path, monkeypatch):
    def git(*words):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)

    git("init")
    git("config", "user.name", "Jansen")
    git("config", "user.email", "jansen@voorbeeld.example")
    for n, tag in enumerate(["proef", "v1.0.0", "v1.1.0"]):
        day = f"2026-01-0{n + 1}T12:00:00Z"
        monkeypatch.setenv("GIT_COMMITTER_DATE", day)
        git("commit", "--allow-empty", "--message", tag)
        git("tag", tag)
    monkeypatch.setattr(lint_migrations, "ROOT", tmp_path)

    assert lint_migrations.first_release() == "v1.0.0"
