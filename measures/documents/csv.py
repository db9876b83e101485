"""CSV as Dutch spreadsheet programs open it: semicolons, UTF-8 with a byte order mark.

Quoting follows RFC 4180. More tables come below each other, each under its title.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date

from .safety import not_a_formula, printable
from .table import Table, Value


def write(tables: Sequence[Table]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    for position, table in enumerate(tables):
        if len(tables) > 1:
            if position:
                writer.writerow([])
            writer.writerow([_cell(table.title)])
        writer.writerow([_cell(text) for text in table.columns])
        writer.writerows([[_cell(value) for value in row] for row in table.rows])
    return buffer.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> str:
    if isinstance(value, date):
        # As a Dutch spreadsheet program knows a day.
        return value.strftime("%d-%m-%Y")
    return str(value) if isinstance(value, int) else not_a_formula(printable(value))
