"""The whole set as an SQLite database, to ask questions of."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from .dataset import Dataset, Sheet, sheets


def write(dataset: Dataset, file: BinaryIO) -> None:
    """Each table as in the CSV files; unknown is NULL, yes and no are 1 and 0."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "kwalibo.sqlite")
        with closing(sqlite3.connect(path)) as database:
            # Nobody else writes here, and what fails is thrown away.
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA page_size = 4096")
            with database:
                _fill(database, dataset)
        with path.open("rb") as made:
            while block := made.read(1 << 20):
                file.write(block)


def _fill(database, dataset):
    database.execute("CREATE TABLE over (naam TEXT PRIMARY KEY, waarde TEXT)")
    database.executemany("INSERT INTO over VALUES (?, ?)", dataset.about.items())
    for collection in dataset.collections():
        tables = sheets(collection)
        for sheet in tables:
            database.execute(_create(sheet))
        for record in collection.rows():
            for sheet in tables:
                marks = ", ".join("?" for _ in sheet.headings)
                database.executemany(
                    f'INSERT INTO "{sheet.name}" VALUES ({marks})',  # noqa: S608 (names of our own tables)
                    list(sheet.rows(record)),
                )
        for sheet in tables:
            # By what other tables name them.
            database.execute(
                f'CREATE INDEX "{sheet.name}_key" ON "{sheet.name}" ("{sheet.headings[0]}")'
            )


def _create(sheet: Sheet) -> str:
    # Without a type SQLite keeps every value as it is: a number, a text, or nothing.
    columns = ", ".join(f'"{heading}"' for heading in sheet.headings)
    return f'CREATE TABLE "{sheet.name}" ({columns})'
