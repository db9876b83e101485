"""The annex to a letter to Parliament: one content, six formats.

`content.build(day)` makes the content, `layout.paper(content)` the document, and
`render(content, format)` the file.
"""

from dataclasses import dataclass

from .. import documents
from . import layout
from .content import AnnexContent, build

__all__ = ["FORMATS", "AnnexContent", "Format", "build", "file_name", "render"]


@dataclass(frozen=True)
class Format:
    label: str
    media_type: str
    purpose: str


FORMATS = {
    "odt": Format("ODT", "application/vnd.oasis.opendocument.text", "Tekst om verder te bewerken"),
    "docx": Format(
        "DOCX",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Tekst om te bewerken in Word",
    ),
    "pdf": Format("PDF", "application/pdf", "Om te lezen, te printen en te bewaren"),
    "xlsx": Format(
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Tabellen voor Excel",
    ),
    "ods": Format(
        "ODS", "application/vnd.oasis.opendocument.spreadsheet", "Tabellen voor LibreOffice"
    ),
    "csv": Format("CSV", "text/csv; charset=utf-8", "Tabellen als platte tekst"),
}


def render(content: AnnexContent, format: str) -> bytes:
    """The annex as a file. The same content gives the same bytes."""
    return documents.render(layout.paper(content), format)


def file_name(content: AnnexContent, format: str) -> str:
    """'bijlage-kwalibo-2024-12-31.odt', with '-bekend-op-…' where that narrows it."""
    known = f"-bekend-op-{content.known_on.isoformat()}" if content.known_on else ""
    return f"bijlage-kwalibo-{content.reference_date.isoformat()}{known}.{format}"
