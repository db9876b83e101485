"""Spreadsheets for tests: read, changed by hand, and written as a program would."""

import io
import zipfile
from datetime import date

import openpyxl

from measures import documents, spreadsheet
from measures.documents import Table
from measures.models import Measure
from measures.spreadsheet.columns import COLUMNS
from measures.spreadsheet.writing import with_standing_reports

HEADINGS = [column.heading for column in COLUMNS]


def current(**filters) -> list[dict]:
    """The rows of the file that staff would download now, by heading."""
    measures = with_standing_reports(Measure.objects.filter(**filters))
    return [{column.heading: column.of(measure) for column in COLUMNS} for measure in measures]


def made(rows: list[dict], format: str = "xlsx", headings=None) -> bytes:
    """A file with these rows; `headings` chooses and orders the columns."""
    headings = headings or (list(rows[0]) if rows else HEADINGS)
    table = Table("Maatregelen", headings, [[row[name] for name in headings] for row in rows])
    return documents.write(format, [table])


def sheet(rows: list[dict], format: str = "xlsx", **options) -> spreadsheet.Sheet:
    return read(made(rows, format, **options), format)


def read(data: bytes, format: str = "xlsx", name: str = "") -> spreadsheet.Sheet:
    return spreadsheet.read(name or f"lijst.{format}", data, max_mb=10)


def as_excel(rows: list[list], epoch_1904: bool = False) -> bytes:
    """A workbook as Excel writes it, with dates and formulas as it has them."""
    book = openpyxl.Workbook()
    if epoch_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_part(package: bytes, name: str, content: bytes) -> bytes:
    """The package with one part added or replaced."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(result, "w") as new:
        for item in old.infolist():
            if item.filename != name:
                new.writestr(item, old.read(item))
        new.writestr(name, content, compress_type=zipfile.ZIP_DEFLATED)
    return result.getvalue()


def dutch(day: date) -> str:
    return f"{day.day}-{day.month}-{day.year}"
