"""XLSX: a sheet per table, every cell typed as text."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime

import xlsxwriter

from .safety import printable
from .table import Table

# A fixed moment: the same tables give the same bytes.
_CREATED = datetime(2022, 4, 4, tzinfo=UTC)
_LONGEST = 60
# What a cell of XLSX can hold.
_CELL_LIMIT = 32_767


def write(tables: Sequence[Table], *, title: str = "") -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties(
        {"title": printable(title or tables[0].title), "created": _CREATED.replace(tzinfo=None)}
    )
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    for name, table in zip(sheet_names(tables), tables, strict=True):
        sheet = book.add_worksheet(name)
        for column, text in enumerate(table.columns):
            sheet.write_string(0, column, printable(text), head)
            sheet.set_column(column, column, width_of(table, column))
        for number, row in enumerate(table.rows, start=1):
            for column, text in enumerate(row):
                sheet.write_string(number, column, printable(text)[:_CELL_LIMIT], body)
        sheet.freeze_panes(1, 0)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    book.close()
    return buffer.getvalue()


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
    texts = [table.columns[column], *(row[column] for row in table.rows)]
    longest = max(len(line) for text in texts for line in text.split("\n") or [""])
    return max(8, min(longest + 2, _LONGEST))
