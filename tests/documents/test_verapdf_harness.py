"""That veraPDF tells a good PDF from a bad one here, so that its silence means something."""

import io

import pikepdf
import pytest
import typst

from tests.verapdf import violations

FLAVOURS = ["PDFA_2_A", "PDFUA_1"]


@pytest.fixture(scope="module")
def accessible() -> bytes:
    """A small document with a title, a language and a heading."""
    text = (
        '#set document(title: "Proef", date: datetime(year: 2024, month: 12, day: 31))\n'
        '#set text(lang: "nl")\n'
        "= Proef\nEen alinea.\n"
    )
    return typst.compile(text.encode(), format="pdf", pdf_standards=["a-2a", "ua-1"])


def saved(pdf: pikepdf.Pdf) -> bytes:
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_an_accessible_pdf_breaks_no_rule(accessible, flavour):
    assert violations(accessible, flavour) == []


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_bare_pdf_breaks_rules(flavour):
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        bare = saved(pdf)

    assert len(violations(bare, flavour)) > 1


def test_a_pdf_that_only_claims_to_be_tagged_is_found_out(accessible):
    """The claim in its metadata stays; what it claims is taken away."""
    with pikepdf.open(io.BytesIO(accessible)) as pdf:
        del pdf.Root.StructTreeRoot
        hollow = saved(pdf)

    assert violations(hollow, "PDFUA_1")


def test_a_violation_is_said_in_words(accessible):
    with pikepdf.open(io.BytesIO(accessible)) as pdf:
        del pdf.Root.Lang
        without_language = saved(pdf)

    found = violations(without_language, "PDFUA_1")

    assert any("language" in line.lower() for line in found), found
