"""Whatever file comes in: read as its program meant it, or refused with a clear sentence."""

import csv
import io
import zipfile
from datetime import date, datetime

import pytest

from measures import spreadsheet
from measures.spreadsheet import values
from measures.spreadsheet.cells import Cell
from measures.spreadsheet.columns import DEADLINE, NUMBER, TEXT, TITLE
from tests.libreoffice import convert
from tests.spreadsheet.files import as_excel, current, made, read, with_part

ROW = ["M1", "Titel é ‘van’ één", "31-12-2025"]
HEADINGS = ["Nummer", "Titel", "Streefdatum"]


def as_csv(rows, delimiter=";", encoding="utf-8", **options) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, **options).writerows(rows)
    return buffer.getvalue().encode(encoding)


def only_row(found):
    return {column.heading: cell.value for column, cell in found.rows[0].cells.items()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_csv_is_read_however_it_is_written(encoding, delimiter, end):
    data = as_csv([HEADINGS, ROW], delimiter, encoding, lineterminator=end)

    assert only_row(read(data, "csv")) == dict(zip(HEADINGS, ROW, strict=True))


def test_csv_of_excel_may_say_its_own_delimiter():
    data = b"sep=,\r\n" + as_csv([HEADINGS, ROW], ",")

    found = read(data, "csv")

    assert (only_row(found)["Nummer"], found.rows[0].number) == ("M1", 3)


def test_a_cell_of_csv_may_hold_lines_and_quotes():
    text = 'Regel 1\nRegel "2"; en\u2028meer'

    found = read(as_csv([["Nummer", "Stand van zaken"], ["M1", text]]), "csv")

    assert only_row(found)["Stand van zaken"] == text


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_columns_may_come_in_any_order_below_a_title(format):
    rows = [["Lijst van november"], [], ["Streefdatum ", "NUMMER", "Titel (kort)"]]
    rows.append(["31-12-2025", "M1", "Titel"])
    data = as_csv(rows) if format == "csv" else as_excel(rows)

    found = read(data, format)

    assert found.columns == [DEADLINE, NUMBER, TITLE]
    assert found.rows[0].number == 4


@pytest.mark.parametrize("epoch_1904", [False, True])
def test_a_date_of_excel_is_that_day_whatever_its_calendar(epoch_1904):
    rows = [["Nummer", "Streefdatum"], ["M1", date(2025, 12, 31)], ["M2", 46022]]

    found = read(as_excel(rows, epoch_1904=epoch_1904))

    days = [values.day(row.cells[DEADLINE]) for row in found.rows]
    assert days == [date(2025, 12, 31), date(2030, 1, 1) if epoch_1904 else date(2025, 12, 31)]


@pytest.mark.parametrize(
    "typed",
    [
        "31-12-2025",
        "31/12/2025",
        "31.12.2025",
        "2025-12-31",
        "31 december 2025",
        "31 dec 2025",
        "31 dec. 2025",
        "31-dec-2025",
        "46022",
        46022,
        46022.0,
        " 31-12-2025 ",
    ],
)
def test_a_day_may_be_written_as_the_dutch_write_it(typed):
    assert values.day(Cell(typed)) == date(2025, 12, 31)


@pytest.mark.parametrize(
    "typed",
    ["12-31-2025", "31-12-25", "2025", "morgen", 0, -1, 1e9, 46022.5, float("nan"), True, "32 mei"],
)
def test_what_is_no_day_is_not_made_one(typed):
    with pytest.raises(values.Unreadable):
        values.day(Cell(typed))


def test_a_moment_is_no_day():
    noon = datetime(2025, 1, 1, 12)  # noqa: DTZ001 - a cell knows no zone
    found = read(as_excel([["Nummer", "Streefdatum"], ["M1", noon]]))

    with pytest.raises(values.Unreadable, match="01-01-2025 12:00"):
        values.day(found.rows[0].cells[DEADLINE])


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (Cell("=A1", is_formula=True), "formule"),
        (Cell(True), "WAAR"),
        (Cell(date(2025, 1, 1)), "01-01-2025"),
    ],
)
def test_a_text_that_a_program_made_something_else_of_is_refused(cell, message):
    with pytest.raises(values.Unreadable, match=message):
        values.text(cell)


def test_a_number_is_a_text_too():
    assert values.text(Cell(30015)) == values.text(Cell(30015.0)) == "30015"


def test_a_list_that_went_through_libreoffice_is_the_same(measures, writer):
    data = made(current(), "xlsx")
    for before, after in (("xlsx", "ods"), ("ods", "xlsx")):
        data = convert(data, before, after)
        plan = spreadsheet.plan(read(data, after), writer)
        assert (plan.rows, plan.problems, plan.unchanged) == ([], [], 3)


# Refused.


def refusal(data, format="xlsx", name="") -> str:
    with pytest.raises(spreadsheet.Refused) as refused:
        read(data, format, name)
    return str(refused.value)


GOOD = as_excel([["Nummer", "Titel"], ["M1", "Titel"]])


def test_a_formula_is_named_with_its_row_and_column(measures, writer):
    title = TITLE.heading
    excel = as_excel([["Nummer", title], ["M1", '=HYPERLINK("http://x","y")']])
    files = {
        "xlsx": excel,
        "csv": as_csv([["Nummer", title], ["M1", "=1+1"]]),
        "ods": convert(excel, "xlsx", "ods"),
    }
    for format, data in files.items():
        plan = spreadsheet.plan(read(data, format), writer)
        assert plan.rows == []
        assert [(p.row, p.column) for p in plan.problems] == [(2, title)]
        assert "formule" in plan.problems[0].message


def test_macros_are_refused():
    data = with_part(GOOD, "xl/vbaProject.bin", b"macro")

    assert "macro" in refusal(data)
    assert "macro" in refusal(GOOD, name="lijst.xlsm")


def test_what_is_small_outside_and_huge_inside_is_refused():
    data = with_part(GOOD, "xl/worksheets/sheet9.xml", b" " * (70 * 1024 * 1024))

    assert len(data) < 1024 * 1024
    assert "veel groter" in refusal(data)


@pytest.mark.parametrize(
    "part",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
        b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []><x/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE x []><x/>',
    ],
)
@pytest.mark.parametrize("format", ["xlsx", "ods"])
def test_entities_and_other_encodings_never_reach_a_parser(measures, part, format):
    good = made(current(), format)
    place = "xl/sharedStrings.xml" if format == "xlsx" else "content.xml"

    assert "verwijzingen" in refusal(with_part(good, place, part), format)


@pytest.mark.parametrize("told", [b"A1:XFD1048576", b"A1"])
def test_a_sheet_is_read_to_its_end_whatever_it_says_of_its_size(told):
    endless = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
    <dimension ref="SIZE"/><sheetData>
    <row r="1"><c r="A1" t="inlineStr"><is><t>Nummer</t></is></c>
    <c r="B1" t="inlineStr"><is><t>Titel</t></is></c></row>
    <row r="2"><c r="A2" t="inlineStr"><is><t>M1</t></is></c></row>
    <row r="99999999999"><c r="A99999999999" t="inlineStr"><is><t>M2</t></is></c></row>
    </sheetData></worksheet>"""

    found = read(with_part(GOOD, "xl/worksheets/sheet1.xml", endless.replace(b"SIZE", told)))

    assert (found.columns, len(found.rows)) == ([NUMBER, TITLE], 1)


def test_a_row_of_ods_that_repeats_a_million_times_is_refused(measures):
    good = made(current(), "ods")
    with zipfile.ZipFile(io.BytesIO(good)) as package:
        content = package.read("content.xml")
    many = content.replace(
        b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1048576">'
    ).replace(b"<table:table-cell ", b'<table:table-cell table:number-columns-repeated="16384" ')

    with pytest.raises(spreadsheet.Refused):
        read(with_part(good, "content.xml", many), "ods")


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "lijst.csv", "leeg"),
        (b"a;b\n1;2\n", "lijst.csv", "‘Nummer’ niet"),
        (b"Nummer\nM1\n", "lijst.csv", "geen kolom"),
        (b"Nummer;Titel;titel\nM1;a;b\n", "lijst.csv", "twee keer"),
        (b'Nummer;Titel\nM1;"open\n', "lijst.csv", "beschadigd"),
        (b"<html>", "lijst.csv", "webpagina"),
        (b"\x00\x01\x02", "lijst.csv", "herkennen de inhoud"),
        (b"PK\x03\x04kapot", "lijst.xlsx", "beschadigd"),
        (b"Nummer;Titel\nM1;a\n", "lijst.xlsx", "de inhoud is"),
        (GOOD, "lijst.ods", "de inhoud is XLSX"),
        (GOOD, "lijst.csv", "de inhoud is XLSX"),
        (b"\xd0\xcf\x11\xe0", "lijst.xls", "xlsx, ods of csv"),
        (b"\xd0\xcf\x11\xe0 wachtwoord", "lijst.xlsx", "wachtwoord"),
        (b"%PDF-1.7", "lijst.pdf", "xlsx, ods of csv"),
        (b"x" * (11 * 1024 * 1024), "lijst.csv", "groter dan 10 MB"),
    ],
)
def test_what_is_no_list_of_ours_is_refused_with_a_reason(data, name, message):
    assert message in refusal(data, name=name)


def test_too_many_rows_are_refused():
    data = as_csv([["Nummer", "Titel"], *([f"M{n}", "x"] for n in range(20_001))])

    assert "20000 rijen" in refusal(data, "csv")


def test_only_a_sheet_that_can_be_seen_is_read():
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    book.active.sheet_state = "hidden"
    book.create_sheet("Zichtbaar").append(["Iets anders"])
    buffer = io.BytesIO()
    book.save(buffer)

    assert "‘Nummer’ niet" in refusal(buffer.getvalue())


def test_a_number_with_a_dot_stays_text_in_its_column():
    found = read(as_excel([["Nummer", "Stand van zaken"], ["M1", 1.5]]))

    assert values.text(found.rows[0].cells[TEXT]) == "1.5"
