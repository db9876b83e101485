"""Writers of plain tables: `csv`, `xlsx` and `ods`, each `write(tables) -> bytes`.

They know nothing of measures: a `Table` is a title, columns and rows of texts and
whole numbers. The same tables give the same bytes on every run. No text can become a
formula.
"""

from collections.abc import Sequence
from importlib import import_module

from .table import Table

__all__ = ["Table", "write"]


def write(format: str, tables: Sequence[Table]) -> bytes:
    """The tables as a file. A writer is imported when it is used: each brings a library."""
    return import_module(f".{format}", __package__).write(tables)
