"""The whole set as an SQLite database, to ask questions of."""

import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from . import dataset
from .dataset import Collection, Dataset, Sheet, sheets


class Writer(dataset.Writer):
    """Each table as in the CSV files; unknown is NULL, yes and no are 1 and 0."""

    def __init__(self, data: Dataset, file: BinaryIO):
        self._file = file
        self._folder = tempfile.TemporaryDirectory()
        self._path = Path(self._folder.name, "kwalibo.sqlite")
        self._database = sqlite3.connect(self._path)
        # Nobody else writes here, and what fails is thrown away.
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA page_size = 4096")
        self._database.execute("CREATE TABLE over (naam TEXT PRIMARY KEY, waarde TEXT)")
        self._database.executemany("INSERT INTO over VALUES (?, ?)", data.about.items())
        self._tables: list[tuple[Sheet, str]] = []

    def start(self, collection: Collection) -> None:
        self._tables = [(sheet, _insert(sheet)) for sheet in sheets(collection)]
        for sheet, _ in self._tables:
            self._database.execute(_create(sheet))

    def add(self, record: dict[str, Any]) -> None:
        for sheet, insert in self._tables:
            self._database.executemany(insert, sheet.rows(record))

    def end(self) -> None:
        for sheet, _ in self._tables:
            # By what other tables name them.
            self._database.execute(
                f'CREATE INDEX "{sheet.name}_key" ON "{sheet.name}" ("{sheet.headings[0]}")'
            )

    def finish(self) -> None:
        self._database.commit()
        self._database.close()
        with self._path.open("rb") as made:
            shutil.copyfileobj(made, self._file, 1 << 20)

    def close(self) -> None:
        self._database.close()
        self._folder.cleanup()


def _insert(sheet: Sheet) -> str:
    marks = ", ".join("?" for _ in sheet.headings)
    return f'INSERT INTO "{sheet.name}" VALUES ({marks})'  # noqa: S608 (names of our own tables)


def _create(sheet: Sheet) -> str:
    # Without a type SQLite keeps every value as it is: a number, a text, or nothing.
    columns = ", ".join(f'"{heading}"' for heading in sheet.headings)
    return f'CREATE TABLE "{sheet.name}" ({columns})'
