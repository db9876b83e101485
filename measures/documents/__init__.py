"""Writers of documents and tables. They know nothing of measures.

`render(paper, format)` writes a document; `write(format, tables)` plain tables. The same
data gives the same bytes on every run, and no text can become a formula.
"""

from collections.abc import Sequence
from importlib import import_module

from .paper import Paper
from .table import Table

__all__ = ["FORMATS", "Paper", "Table", "render", "write"]

# Those with headings and paragraphs, and those that have nothing but tables.
TEXTS = ("odt", "docx", "pdf")
TABLES = ("xlsx", "ods", "csv")
FORMATS = TEXTS + TABLES


def render(paper: Paper, format: str) -> bytes:
    """The document as a file, in one of FORMATS."""
    if format in TEXTS:
        return _module(format).render(paper)
    if format == "csv":
        return write(format, paper.tables)
    return _module(format).write(paper.tables, title=paper.title, day=paper.day)


def write(format: str, tables: Sequence[Table]) -> bytes:
    """The tables as a file."""
    return _module(format).write(tables)


def _module(format: str):
    """A writer, imported when it is used: each brings a library of its own."""
    return import_module(f".{format}", __package__)
