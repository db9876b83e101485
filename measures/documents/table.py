"""A table as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass

Value = str | int


@dataclass(frozen=True)
class Table:
    """A title, the names of the columns, and rows of as many texts and whole numbers.

    A number stays a number, so that a spreadsheet can add; a text that looks like one
    stays text.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
