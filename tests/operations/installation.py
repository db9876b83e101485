"""Installations with a database and a folder of documents of their own."""

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import connections


@dataclass
class Installation:
    """A database of the kind that the tests run on, and a folder; work on it in `open()`."""

    folder: Path
    name: str
    # PostgreSQL: who connects, when not the usual one.
    user: str = ""

    @classmethod
    def create(cls, folder: Path) -> "Installation":
        """With an empty database."""
        folder.mkdir(parents=True, exist_ok=True)
        if connections["default"].vendor == "sqlite":
            return cls(folder, str(folder / "kwalibo.sqlite3"))
        # No other worker has the same.
        place = cls(folder, f"installation_{uuid4().hex[:12]}")
        place.administer(f'CREATE DATABASE "{place.name}"')
        return place

    def drop(self) -> None:
        if connections["default"].vendor == "postgresql":
            self.administer(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def connection(self):
        """A new connection to the database of this installation."""
        made = connections["default"].copy()
        made.settings_dict["NAME"] = self.name
        if self.user:
            made.settings_dict["USER"] = self.user
        return made

    @contextmanager
    def open(self):
        """Let this thread work on this installation."""
        usual, folder = connections["default"], settings.EVIDENCE_DIR
        connections["default"] = self.connection()
        settings.EVIDENCE_DIR = self.folder / "bewijsstukken"
        try:
            yield self
        finally:
            connections["default"].close()
            connections["default"] = usual
            settings.EVIDENCE_DIR = folder

    def contents(self) -> dict[str, list]:
        """Every row of every table, in one order."""
        with self.open(), connections["default"].cursor() as cursor:
            found = {}
            for table in connections["default"].introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = sorted(map(_plain, cursor.fetchall()))
            return found

    def documents(self) -> dict[str, bytes]:
        root = self.folder / "bewijsstukken"
        return {
            p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()
        }

    def administer(self, statement: str) -> None:
        with connections["default"]._nodb_cursor() as cursor:
            cursor.execute(statement)


def _plain(row) -> str:
    return repr([bytes(value) if isinstance(value, memoryview) else value for value in row])
