"""What spreadsheets have in common: names, widths, and a date that is not the clock's."""

from collections.abc import Sequence
from datetime import date, datetime, time

from .safety import printable
from .table import Table

# Wider than this a column is no longer a column.
_WIDEST = 48
# How a text ends that did not fit in a cell.
CUT = " … (ingekort: de rest past niet in een cel van XLSX)"
# A file has a date whether it has one to tell or not; the same tables give the same bytes.
_NO_DAY = date(1980, 1, 1)


def moment_of(day: date | None) -> datetime:
    """What stands where a program looks for the time at which a file was made."""
    return datetime.combine(day or _NO_DAY, time())


def sheet_names(tables: Sequence[Table]) -> list[str]:
    """A name per table that a spreadsheet allows: 31 characters, without []:*?/\\, once."""
    names: list[str] = []
    for table in tables:
        base = "".join(" " if sign in "[]:*?/\\" else sign for sign in printable(table.title))
        base = base.strip().strip("'")[:31].strip() or "Blad"
        name, n = base, 2
        while name.casefold() in (known.casefold() for known in names):
            name, n = f"{base[:27]} {n}", n + 1
        names.append(name)
    return names


def width_of(table: Table, column: int) -> int:
    """Width in characters that shows most of a column without being absurd."""
    texts = [table.columns[column], *(str(row[column]) for row in table.rows)]
    longest = max(len(line) for text in texts for line in text.split("\n") or [""])
    return max(8, min(longest + 3, _WIDEST))
