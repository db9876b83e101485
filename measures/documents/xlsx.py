"""XLSX: a sheet per table, every text typed as text."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil

import xlsxwriter

from .safety import printable
from .table import Table, Value

# A fixed moment: the same tables give the same bytes.
_CREATED = datetime(2022, 4, 4, tzinfo=UTC)
_LONGEST = 48
# What a cell of XLSX can hold, and how high a row can be, in points.
_CELL_LIMIT = 32_767
_ROW_LIMIT = 409
_LINE = 15


def write(tables: Sequence[Table], *, title: str = "") -> bytes:
    title = printable(title or tables[0].title)
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
    book.set_properties({"title": title, "created": _CREATED.replace(tzinfo=None)})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    body = book.add_format(
        {"text_wrap": True, "valign": "top", "bottom": 1, "bottom_color": "#c0c0c0"}
    )
    for name, table in zip(sheet_names(tables), tables, strict=True):
        sheet = book.add_worksheet(name)
        widths = [width_of(table, column) for column in range(len(table.columns))]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for number, row in enumerate([table.columns, *table.rows]):
            sheet.set_row(number, _height(row, widths))
            for column, value in enumerate(row):
                style = body if number else head
                if isinstance(value, int):
                    sheet.write_number(number, column, value, style)
                else:
                    sheet.write_string(number, column, printable(value)[:_CELL_LIMIT], style)
        sheet.freeze_panes(1, 0)
        if table.rows and len(table.columns) > 1:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        _on_paper(sheet, title)
    book.close()
    return buffer.getvalue()


def _on_paper(sheet, title: str) -> None:
    """A4 on its side, as wide as the page, with its header on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    # An ampersand begins a code in a footer; the whole holds 255 characters.
    sheet.set_footer(f"&L{title[:80].replace('&', '&&')}&RPagina &P van &N")


def _height(row: Sequence[Value], widths: Sequence[int]) -> int:
    """Room for every line. Excel would find out by itself, other programs do not."""
    lines = [
        sum(max(1, ceil(len(line) * 1.05 / width)) for line in str(value).split("\n"))
        for value, width in zip(row, widths, strict=True)
    ]
    return min(_LINE * max(lines, default=1), _ROW_LIMIT)


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
    return max(8, min(longest + 3, _LONGEST))
