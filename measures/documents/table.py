"""A table as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

Value = str | int | date


@dataclass(frozen=True)
class Table:
    """A title, the names of the columns, and rows of as many texts, whole numbers and days.

    A number stays a number, so that a spreadsheet can add, and a day stays a day; a text
    that looks like one stays text.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
