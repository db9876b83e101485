"""What stands in the cells of a spreadsheet, whatever program wrote it."""

from dataclasses import dataclass
from datetime import date

from ..documents.safety import printable

# Our list has some forty rows and fourteen columns.
MAX_ROWS = 20_000
MAX_COLUMNS = 100

# An empty cell is an empty text. A time of day is never ours, so it is no kind of value.
Value = str | int | float | bool | date


def tidy(text: str) -> str:
    """A text without what programs and people leave behind: spaces at the ends of lines."""
    lines = printable(text).replace("\xa0", " ").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


@dataclass(frozen=True)
class Cell:
    """A value, or a formula that we do not calculate.

    `from_1904`: a bare number counts days as old spreadsheets of the Mac do.
    """

    value: Value = ""
    is_formula: bool = False
    from_1904: bool = False


EMPTY = Cell()

# One row: its number as the program shows it, and its cells from column A on.
Line = tuple[int, list[Cell]]
