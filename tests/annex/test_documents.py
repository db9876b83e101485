"""The text documents are documents: headings, tables with headers, a language, pages."""

import io
from datetime import date

import docx
import odfdo
import pytest
from django.core.management import call_command
from docx.oxml.ns import qn

from measures.annex import build, layout, render
from measures.models import Status
from tests.factories import make_measure, report

from .reading import csv_rows, member

pytestmark = pytest.mark.django_db

DAY = date(2024, 12, 31)
COLUMNS = ["Nr.", "Maatregel", "Trekker", "Stand van zaken", "Status"]


@pytest.fixture
def content():
    call_command("load_kwalibo", verbosity=0)
    return build(DAY)


@pytest.fixture
def odt(content):
    return odfdo.Document(io.BytesIO(render(content, "odt")))


@pytest.fixture
def word(content):
    return docx.Document(io.BytesIO(render(content, "docx")))


def headings_of(content) -> list[tuple[int, str]]:
    """Level and text of every heading, the title first."""
    below = [
        (block.level + 1, block.text)
        for block in layout.blocks(content)
        if isinstance(block, layout.Heading)
    ]
    return [(1, content.title), *below]


def grids_of(content) -> list[layout.Grid]:
    return [block for block in layout.blocks(content) if isinstance(block, layout.Grid)]


def test_the_headings_of_the_odt_are_headings(content, odt):
    found = [(int(h.get_attribute("text:outline-level")), str(h)) for h in odt.body.headers]

    for (level, text), (wanted_level, wanted) in zip(found, headings_of(content), strict=True):
        assert level == wanted_level
        assert text.startswith(wanted)


def test_the_headings_of_the_docx_are_headings(content, word):
    found = [
        (int(paragraph.style.name.removeprefix("Heading ")), paragraph.text)
        for paragraph in word.paragraphs
        if paragraph.style.name.startswith("Heading")
    ]

    for (level, text), (wanted_level, wanted) in zip(found, headings_of(content), strict=True):
        assert level == wanted_level
        assert text.startswith(wanted)


def test_every_table_of_the_odt_has_a_repeating_header_and_a_description(content, odt):
    tables = odt.body.tables

    assert len(tables) == len(grids_of(content))
    for table, grid in zip(tables, grids_of(content), strict=True):
        header = table.get_element("table:table-header-rows")
        texts = [str(cell).strip() for cell in header.get_elements("table:table-row/*")]
        assert texts == list(grid.columns)
        assert table.get_element("table:title").text == grid.title
        assert table.get_element("table:desc").text == grid.description


def test_every_table_of_the_docx_has_a_repeating_header_and_a_description(content, word):
    assert len(word.tables) == len(grids_of(content))
    for table, grid in zip(word.tables, grids_of(content), strict=True):
        first, *others = table.rows
        assert [cell.text for cell in first.cells] == list(grid.columns)
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in others)
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == grid.title
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val")) == grid.description


def test_each_theme_has_the_columns_that_the_chamber_is_used_to(word):
    headers = [[cell.text for cell in table.rows[0].cells] for table in word.tables]

    assert headers.count(COLUMNS) == 3
    assert ["Omschrijving", "Vindplaats", "Stand van zaken"] in headers


def test_no_row_of_the_odt_is_cut_by_the_end_of_a_page(content):
    xml = member(render(content, "odt"), "content.xml")

    assert 'style:name="Rij"' in xml
    assert 'fo:keep-together="always"' in xml


def test_the_documents_are_in_dutch(content, odt, word):
    odt_styles = member(render(content, "odt"), "styles.xml")
    docx_styles = member(render(content, "docx"), "word/styles.xml")

    assert odt.meta.language == "nl-NL"
    assert 'fo:language="nl"' in odt_styles
    assert 'fo:language="fr"' not in odt_styles
    assert word.core_properties.language == "nl-NL"
    assert 'w:lang w:val="nl-NL"' in docx_styles
    assert 'w:val="en-US"' not in docx_styles


def test_the_documents_name_their_title_and_the_day(odt, word):
    title = "Stand van zaken verbetermaatregelen Kwalibo (31 december 2024)"

    assert odt.meta.title == title
    assert odt.meta.creation_date.date() == DAY
    assert word.core_properties.title == title
    assert word.core_properties.created.date() == DAY


def test_the_pages_lie_on_their_side_and_are_numbered(content, word):
    styles = member(render(content, "odt"), "styles.xml")
    footer = member(render(content, "docx"), "word/footer1.xml")

    assert 'fo:page-width="297mm" fo:page-height="210mm"' in styles
    assert "text:page-number" in styles
    assert "text:page-count" in styles
    assert word.sections[0].page_width > word.sections[0].page_height
    assert 'w:instr="PAGE"' in footer
    assert 'w:instr="NUMPAGES"' in footer


def test_a_status_is_told_by_shape_and_by_word():
    for number, status in enumerate([Status.PLANNED, Status.IMPLEMENTED], start=1):
        report(make_measure(number=number), status, on=DAY)
    content = build(DAY)
    cells = [cell for grid in grids_of(content) for row in grid.rows for cell in row]
    texts = {line.text for cell in cells for line in cell}

    # With a space between them that no line end breaks.
    assert {"○\u00a0Gepland", "●\u00a0Geïmplementeerd"} <= texts
    assert len(set(layout.SHAPES.values())) == len(Status)


def test_the_csv_opens_in_a_dutch_spreadsheet_program(content):
    data = render(content, "csv")

    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") > 20
    header = ["Nr.", "Maatregel", "Hoofdlijn", "Trekker", "Stand van zaken", "Status"]
    assert header in csv_rows(data)
