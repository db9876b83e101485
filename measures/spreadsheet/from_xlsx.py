"""XLSX, read by openpyxl row by row."""

import io
import warnings
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from .cells import EMPTY, MAX_COLUMNS, MAX_ROWS, Cell, Line


def tables(data: bytes, charset: str) -> Iterable[tuple[str, Iterable[Line]]]:
    """The sheets that can be seen, in their order."""
    with warnings.catch_warnings():
        # It warns of decoration that it does not know; we read no decoration.
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        try:
            for sheet in book.worksheets:
                if sheet.sheet_state == "visible":
                    yield sheet.title, _lines(sheet, book.epoch == CALENDAR_MAC_1904)
        finally:
            book.close()


def _lines(sheet, from_1904: bool) -> Iterator[Line]:
    # Our own bounds: what a file says of its size is not to be believed.
    most = MAX_ROWS + 100
    for number, row in enumerate(sheet.iter_rows(max_row=most, max_col=MAX_COLUMNS), start=1):
        if any(cell.value is not None for cell in row):
            yield number, [_cell(cell, from_1904) for cell in row]


def _cell(cell, from_1904: bool) -> Cell:
    value = cell.value
    if value is None:
        return EMPTY
    if cell.data_type == "f":
        return Cell(str(value), is_formula=True)
    if cell.data_type == "e":
        return Cell(f"een fout ({value})")
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return Cell(value.date() if midnight else value.strftime("%d-%m-%Y %H:%M"))
    if isinstance(value, (time, timedelta)):
        return Cell(str(value))
    if isinstance(value, (str, bool, int, float, date)):
        return Cell(value, from_1904=from_1904)
    return Cell(str(value))
