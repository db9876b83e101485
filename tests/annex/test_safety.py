"""Whatever somebody typed, every file opens, says it, and calculates nothing."""

import io
import unicodedata
from datetime import date

import odfdo
import openpyxl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from measures.annex import build, render
from measures.documents import Table, csv, ods, xlsx
from measures.documents.safety import printable
from measures.models import Status
from tests.factories import make_measure, make_motion, report

from .reading import FORMATS, csv_rows, words_in

pytestmark = pytest.mark.django_db

DAY = date(2024, 12, 31)
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\u3000=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(A1)",
    "\x00=1+1",
    "\x0b=1+1",
    '=HYPERLINK("https://voorbeeld.nl";"x")',
    "=cmd|' /C calc'!A0",
]
# Anything that PostgreSQL and SQLite keep: no NUL, no lone surrogate.
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60)
TITLES = TEXTS.map(lambda text: f"a{text}z")


def squeezed(text: str) -> str:
    """The text as a reader compares it: visible characters only."""
    return "".join(sign for sign in printable(text) if sign.isprintable() and not sign.isspace())


def a_measure_saying(title: str, explanation: str):
    report(make_measure(title, number=1), Status.PLANNED, on=DAY, explanation=explanation)
    return build(DAY)


# Formulas.


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_a_spreadsheet_program_takes_no_cell_of_the_csv_for_a_formula(text):
    [[_], [cell]] = csv_rows(csv.write([Table("Proef", ["Kop"], [[text]])]))

    assert cell.startswith("'")


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_every_cell_of_the_xlsx_is_typed_as_text(text):
    book = openpyxl.load_workbook(
        io.BytesIO(xlsx.write([Table("Proef", ["Kop"], [[text]])])), data_only=False
    )

    cell = book.active["A2"]

    assert cell.data_type == "s"
    assert squeezed(cell.value) == squeezed(text)


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_every_cell_of_the_ods_is_typed_as_text(text):
    document = odfdo.Document(io.BytesIO(ods.write([Table("Proef", ["Kop"], [[text]])])))

    cell = document.body.get_table(0).get_cell((0, 1))

    assert cell.type == "string"
    assert cell.formula is None
    assert squeezed(str(cell)) == squeezed(text)


@pytest.mark.parametrize("text", ["gewone tekst", "M7", "1 = 1", "a-b", "'aanhaling'", "–", ""])
def test_a_harmless_cell_of_the_csv_stays_as_it_is(text):
    rows = csv_rows(csv.write([Table("Proef", ["Kop", "Ander"], [[text, "x"]])]))

    assert rows == [["Kop", "Ander"], [text, "x"]]


def test_a_cell_with_quotes_semicolons_and_lines_comes_back_whole():
    text = 'Zij zei: "ja"; en\ntoen nee'

    rows = csv_rows(csv.write([Table("Proef", ["Kop"], [[text]])]))

    assert rows == [["Kop"], [text]]


@pytest.mark.parametrize("format", ["xlsx", "ods", "csv"])
def test_no_title_of_a_measure_or_motion_becomes_a_formula(format):
    make_motion("=1+1")
    content = a_measure_saying("=1+1", "=2+2")

    data = render(content, format)

    match format:
        case "csv":
            cells = [cell for row in csv_rows(data) for cell in row]
        case "xlsx":
            book = openpyxl.load_workbook(io.BytesIO(data))
            found = [c for sheet in book for row in sheet for c in row if c.value is not None]
            assert {cell.data_type for cell in found} == {"s", "n"}
            return
        case "ods":
            tables = odfdo.Document(io.BytesIO(data)).body.tables
            found = [cell for table in tables for row in table.get_rows() for cell in row.cells]
            assert not [cell for cell in found if cell.formula]
            return
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
    assert "'=1+1" in cells


# Any text.


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods", "odt", "docx", "pdf"])
def test_any_text_of_a_measure_is_found_back(format):
    """In the PDF a sign that the font cannot draw is a question mark."""
    slow = {"suppress_health_check": [HealthCheck.too_slow], "deadline": None}

    @settings(max_examples=20, **slow)
    @given(title=TITLES, explanation=TITLES)
    @example(title="a\x01\x1f\x7f\ufffe\uffffz", explanation="a\x0b\x0c\x85\u2028z")
    @example(title="a<b>&amp;</table:table-cell>]]>z", explanation="a#set page()[*x*] $1$ \\ @z")
    @example(title="a=1+1z", explanation="a\t\r\n  dubbel  wit\r\n\r\nnieuw\nz")
    @example(title="a_x000D__x0041_z", explanation="a{{ 1 }}{% now %}z")
    @example(title="aŞahin Özgür Łódź e\u0301 z", explanation="a😀 漢字 עברית العربية z")
    def check(title, explanation):
        with transaction.atomic():
            content = a_measure_saying(title, explanation)
            data = render(content, format)
            transaction.set_rollback(True)
        shown = squeezed(_words(data, format))
        for text in (title, explanation):
            if format == "pdf":
                assert shown
            else:
                assert squeezed(text) in shown

    check()


def _words(data: bytes, format: str) -> str:
    """What the cells and paragraphs of a file say, read by another library where there is one."""
    match format:
        case "csv":
            return "".join(cell for row in csv_rows(data) for cell in row)
        case "xlsx":
            book = openpyxl.load_workbook(io.BytesIO(data))
            return "".join(str(c.value) for sheet in book for row in sheet for c in row if c.value)
        case "ods":
            tables = odfdo.Document(io.BytesIO(data)).body.tables
            return "".join(
                str(c) for table in tables for row in table.get_rows() for c in row.cells
            )
        case "pdf":
            return "x" if data.startswith(b"%PDF") else ""
    return words_in(data, format)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", ["Şahin", "Čapek", "Łódź", "Ιωάννης", "Иван", "Nguyễn"])
def test_a_european_name_is_legible_in_every_file(format, name):
    content = a_measure_saying("Maatregel", f"Gemeld door {name}.")

    words = unicodedata.normalize("NFC", words_in(render(content, format), format))

    assert name in words


@pytest.mark.parametrize("format", FORMATS)
def test_a_very_long_text_is_not_cut_off(format):
    words = [f"woord{n}" for n in range(3000)]
    content = a_measure_saying("Maatregel", " ".join(words))

    found = words_in(render(content, format), format)

    assert [word for word in words if word not in found] == []


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("1\u202f000 m\u00b2", "1 000 m²"),
        ("niet\u2011bindend", "niet-bindend"),
        ("CO\u2082", "CO2"),
        ("Lac\u0327in", "Laçin"),
        ("on\u2060zichtbaar", "onzichtbaar"),
    ],
)
def test_the_pdf_shows_a_sign_without_glyph_as_its_plain_form(typed, drawn):
    content = a_measure_saying("Maatregel", f"Tekst {typed} einde.")

    words = words_in(render(content, "pdf"), "pdf")

    assert f"Tekst {drawn} einde." in words


def test_a_number_is_a_number_and_a_text_that_looks_like_one_is_text():
    tables = [Table("Proef", ["Kop", "Ander"], [[3, "3"]])]

    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.write(tables))).active
    row = odfdo.Document(io.BytesIO(ods.write(tables))).body.get_table(0).get_row(1)

    assert [(cell.value, cell.data_type) for cell in sheet[2]] == [(3, "n"), ("3", "s")]
    assert [(cell.value, cell.type) for cell in row.cells] == [(3, "float"), ("3", "string")]
    assert csv_rows(csv.write(tables))[1] == ["3", "3"]


def test_tabs_and_spaces_in_a_row_are_kept_in_the_ods():
    data = ods.write([Table("Proef", ["Kop"], [["a  b\tc"]])])

    cell = odfdo.Document(io.BytesIO(data)).body.get_table(0).get_cell((0, 1))

    assert cell.get_elements("text:p/text:tab")
    assert cell.get_elements("text:p/text:s")
    assert str(cell).strip() == "a  b\tc"


def test_a_text_that_is_too_long_for_a_cell_of_xlsx_says_that_it_was_cut():
    data = xlsx.write([Table("Proef", ["Kop"], [["x" * 40_000]])])

    value = openpyxl.load_workbook(io.BytesIO(data)).active["A2"].value

    assert len(value) == 32_767
    assert value.endswith("(ingekort: de rest past niet in een cel van XLSX)")


def test_a_sheet_is_dated_on_the_reference_date():
    content = a_measure_saying("Maatregel", "Stand.")

    book = openpyxl.load_workbook(io.BytesIO(render(content, "xlsx")))
    document = odfdo.Document(io.BytesIO(render(content, "ods")))

    assert book.properties.created.date() == DAY
    assert document.meta.creation_date.date() == DAY
