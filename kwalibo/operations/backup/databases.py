"""Copy a whole database to a file and back, as it was at one moment.

SQLite by its online back-up, PostgreSQL by pg_dump: both while others go on writing.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import ClassVar

from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from .errors import BackupError
from .facts import facts
from .manifest import Facts


def present() -> "Sqlite | Postgresql":
    """How to copy the database of this installation. Raises BackupError when it is away."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise BackupError(f"De database antwoordt niet: {error}") from error
    return Sqlite() if connection.vendor == "sqlite" else Postgresql()


class Sqlite:
    kind: ClassVar = "sqlite"
    file: ClassVar = "database.sqlite3"

    @property
    def tool(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    def dump(self, target: Path) -> Facts:
        """Copy the database to `target`; what the copy holds."""
        with closing(sqlite3.connect(target)) as copy:
            # In one step: in steps it starts again whenever somebody writes in between.
            connection.connection.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode=DELETE")
            self._look_for_faults(copy)
            return facts(copy.cursor(), self.kind)

    def is_empty(self) -> bool:
        return not connection.introspection.table_names()

    def load(self, source: Path, *, work: Path) -> None:
        """Put a copy in the place of the database, in one step that others see as one."""
        try:
            with closing(sqlite3.connect(source)) as copy:
                self._look_for_faults(copy)
                copy.backup(connection.connection, pages=-1)
        except sqlite3.OperationalError as error:
            raise BackupError(
                f"De database is niet te vervangen ({error}). Stop eerst de website en haar taken."
            ) from error
        connection.close()

    def facts(self) -> Facts:
        with transaction.atomic(), connection.cursor() as cursor:
            return facts(cursor, self.kind)

    def _look_for_faults(self, copy: sqlite3.Connection) -> None:
        try:
            (found,) = copy.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.DatabaseError as error:
            found = str(error)
        if found != "ok":
            raise BackupError(f"SQLite vindt fouten in de database: {found}")


class Postgresql:
    kind: ClassVar = "postgresql"
    file: ClassVar = "database.dump"

    @property
    def tool(self) -> str:
        return self._run("pg_dump", ["--version"], ask_database=False).strip()

    def dump(self, target: Path) -> Facts:
        """Copy the database to `target`; what the copy holds.

        Both read the same moment of the database: we export ours, pg_dump takes it over.
        """
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                # We wait while pg_dump works.
                cursor.execute("SET LOCAL statement_timeout = 0")
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                cursor.execute("SELECT pg_export_snapshot()")
                (moment,) = cursor.fetchone()
            found = self._facts()
            # The archive is compressed as a whole.
            options = ["--format=custom", "--compress=0", "--no-owner", "--no-privileges"]
            self._run("pg_dump", [*options, f"--snapshot={moment}", f"--file={target}"])
        return found

    def is_empty(self) -> bool:
        return not connection.introspection.table_names()

    def load(self, source: Path, *, work: Path) -> None:
        """Put a copy in the place of all that the schema holds, in one transaction."""
        statements = work / "database.sql"
        options = ["--no-owner", "--no-privileges", f"--file={statements}", str(source)]
        self._run("pg_restore", options, ask_database=False)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            (schema,) = cursor.fetchone()
        # Else we would wait for ourselves.
        connection.close()
        before = work / "before.sql"
        before.write_text(
            "SET lock_timeout = '10s';\n"
            f'DROP SCHEMA IF EXISTS "{schema}" CASCADE;\nCREATE SCHEMA "{schema}";\n'
        )
        after = work / "after.sql"
        after.write_text("ANALYZE;\n")
        self._run(
            "psql",
            [
                *("--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1"),
                *("--single-transaction", f"--file={before}", f"--file={statements}"),
                f"--file={after}",
            ],
        )

    def facts(self) -> Facts:
        with transaction.atomic():
            return self._facts()

    def _facts(self) -> Facts:
        with connection.chunked_cursor() as cursor:
            return facts(cursor, self.kind)

    def _run(self, program: str, options: list[str], *, ask_database: bool = True) -> str:
        """What a program of PostgreSQL prints. No password stands on its command line."""
        arguments, secrets = [program, *options], {}
        if ask_database:
            settings = connection.settings_dict
            known, found = DatabaseClient.settings_to_cmd_args_env(settings, options)
            arguments, secrets = [program, *known[1:]], found or {}
        if shutil.which(program) is None:
            raise BackupError(
                f"{program} staat niet op deze machine. Op Debian: apt install postgresql-client"
            )
        done = subprocess.run(  # noqa: S603 (words of our own, no shell)
            arguments,
            env=os.environ | {"PGCONNECT_TIMEOUT": "10"} | secrets,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            lines = [line for line in done.stderr.splitlines() if line.strip()]
            told = next((line for line in lines if "error" in line.lower()), "geen uitleg")
            hint = " Stop eerst de website en haar taken." if "lock timeout" in told else ""
            raise BackupError(f"{program} stopt met een fout: {told.strip()}{hint}")
        return done.stdout
