"""The PDF meets PDF/A-2a and PDF/UA-1, proven by veraPDF."""

import io
from datetime import date
from itertools import pairwise

import pikepdf
import pytest
from django.core.management import call_command

from measures import demo
from measures.annex import build, layout, render
from measures.documents import pdf
from measures.models import Status
from tests.factories import make_measure, report
from tests.verapdf import violations

# One process for Java is enough.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("java")]

DAY = date(2024, 12, 31)
STANDARDS = ["PDFA_2_A", "PDFUA_1"]


@pytest.mark.parametrize("standard", STANDARDS)
def test_the_annex_of_the_real_data_meets_the_standard(standard):
    call_command("load_kwalibo", verbosity=0)

    assert violations(render(build(DAY), "pdf"), standard) == []


@pytest.mark.parametrize("standard", STANDARDS)
def test_an_annex_of_many_pages_meets_the_standard(standard):
    demo.generate(measures=50, updates=3, seed=1)

    assert violations(render(build(DAY), "pdf"), standard) == []


@pytest.mark.parametrize("standard", STANDARDS)
def test_an_annex_that_says_nothing_meets_the_standard(standard):
    assert violations(render(build(DAY), "pdf"), standard) == []


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize(
    "text",
    [
        "😀 漢字 עברית العربية",
        "a\u0301\u0327 \u202f \u2011 \ufe0f",
        "\ue000\U000f0000",
        "regel\n\n\nregel",
    ],
    ids=ascii,
)
def test_strange_signs_do_not_break_the_standard(standard, text):
    report(make_measure(f"Maatregel {text}"), Status.PLANNED, on=DAY, explanation=text)

    assert violations(render(build(DAY), "pdf"), standard) == []


def test_the_pdf_names_its_title_language_and_day():
    with pikepdf.open(io.BytesIO(render(build(DAY), "pdf"))) as pdf:
        assert pdf.Root.Lang == "nl-NL"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        metadata = pdf.open_metadata()
        assert "31 december 2024" in metadata["dc:title"]
        assert metadata["xmp:CreateDate"].startswith("2024-12-31")


def test_the_pages_lie_on_their_side():
    demo.generate(measures=50, updates=1, seed=1)

    with pikepdf.open(io.BytesIO(render(build(DAY), "pdf"))) as pdf:
        boxes = {tuple(round(float(x)) for x in page.mediabox) for page in pdf.pages}

    assert boxes == {(0, 0, 842, 595)}


def structure(pdf) -> list[str]:
    """The tags of the document in reading order."""
    found = []

    def walk(element):
        if isinstance(element, pikepdf.Array):
            for child in element:
                walk(child)
        elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
            found.append(str(element.S))
            walk(element.get("/K", pikepdf.Array()))

    walk(pdf.Root.StructTreeRoot.K)
    return found


def test_headings_descend_by_one_and_tables_have_headers():
    call_command("load_kwalibo", verbosity=0)

    with pikepdf.open(io.BytesIO(render(build(DAY), "pdf"))) as pdf:
        tags = structure(pdf)

    levels = [int(tag[2]) for tag in tags if tag in ("/H1", "/H2", "/H3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert tags.count("/Table") >= 6
    assert tags.count("/THead") == tags.count("/Table")


def test_the_font_of_shapes_has_the_shape_of_every_status():
    assert set(layout.SHAPES.values()) <= set(pdf._SHAPES)
