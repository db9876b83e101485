"""XLSX: a sheet per table, every text typed as text."""

import io
from collections.abc import Sequence
from datetime import date
from math import ceil

import xlsxwriter

from .safety import printable
from .sheets import CUT, moment_of, sheet_names, width_of
from .table import Table, Value

# What a cell of XLSX can hold, and how high a row can be, in points.
_CELL_LIMIT = 32_767
_ROW_LIMIT = 409
_LINE = 15


def write(tables: Sequence[Table], *, title: str = "", day: date | None = None) -> bytes:
    """The tables as one file, dated `day`."""
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
    book.set_properties({"title": title, "created": moment_of(day)})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    body = book.add_format(
        {"text_wrap": True, "valign": "top", "bottom": 1, "bottom_color": "#c0c0c0"}
    )
    days = book.add_format(
        {
            "num_format": "dd-mm-yyyy",
            "align": "left",
            "valign": "top",
            "bottom": 1,
            "bottom_color": "#c0c0c0",
        }
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
                elif isinstance(value, date):
                    sheet.write_datetime(number, column, moment_of(value), days)
                else:
                    sheet.write_string(number, column, _fitting(printable(value)), style)
        sheet.freeze_panes(1, 0)
        if table.rows and len(table.columns) > 1:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        _on_paper(sheet, title)
    book.close()
    return buffer.getvalue()


def _fitting(text: str) -> str:
    """The text, cut where a cell is full; it says so."""
    if len(text) <= _CELL_LIMIT:
        return text
    return text[: _CELL_LIMIT - len(CUT)] + CUT


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
