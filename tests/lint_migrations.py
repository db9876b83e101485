"""Whether the code of before can live with the migrations of now: django-migration-linter.

    python -m tests.postgres python -m tests.lint_migrations [--all]

While servers are replaced one by one, old code works on new tables. Every migration since the
first release (a tag `v…`) must let it; before that tag this shows what there is and passes.
`--all` asks it of every migration of ours. On PostgreSQL: an installation on SQLite has one
server, and a table that SQLite rebuilds looks to the linter like one that is made anew.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OURS = ("measures", "parties", "signin", "archive", "follow", "operations")


def first_release() -> str:
    """The oldest tag of a version, or an empty text."""
    done = subprocess.run(
        ["git", "tag", "--list", "v*", "--sort", "creatordate"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.partition("\n")[0]


def number_of_faults(since: str = "") -> int:
    """How many migrations, of all or since a commit, old code cannot live with; says which."""
    from django_migration_linter import MigrationLinter

    linter = MigrationLinter(
        str(ROOT), no_cache=True, include_apps=OURS, quiet=["ok", "ignore", "warning"]
    )
    linter.lint_all_migrations(git_commit_id=since or None)
    linter.print_summary()
    return linter.nb_erroneous


def main(*words: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kwalibo.settings")
    import django

    django.setup()
    release = "" if "--all" in words else first_release()
    faults = number_of_faults(release)
    is_strict = bool(release) or "--all" in words
    if not is_strict:
        sys.stdout.write("There is no release yet: nobody runs older code, so nothing fails.\n")
    return int(is_strict and faults > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
