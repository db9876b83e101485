"""That an official can open what we make, in the office suite of the open standard."""

import io
from datetime import date

import pikepdf
import pytest

from measures import annex
from measures.loading import SHIPPED, load
from tests.libreoffice import pictures, to_pdf

PNG = b"\x89PNG"


@pytest.fixture
def content(db):
    """The annex of the real data set."""
    load(SHIPPED)
    return annex.build(date(2026, 11, 1))


@pytest.mark.parametrize("format", ["odt", "docx", "xlsx", "ods"])
def test_the_annex_opens_in_libreoffice(content, format):
    pdf = to_pdf(annex.render(content, format), format)

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) >= 1


def test_the_pages_of_the_annex_can_be_looked_at(content):
    pages = pictures(annex.render(content, "pdf"), dpi=20)

    assert len(pages) >= 2
    assert all(page.startswith(PNG) for page in pages)


def test_a_file_that_is_no_document_does_not_pass_for_one():
    with pytest.raises(AssertionError, match="cannot open"):
        to_pdf(b"PK\x03\x04 broken", "docx")
