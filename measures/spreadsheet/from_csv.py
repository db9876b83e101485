"""CSV as people have it: semicolons, commas or tabs, UTF-8 or Windows-1252."""

import csv
import io
from collections.abc import Iterable, Iterator

from ..documents.safety import as_typed
from .cells import Cell, Line

DELIMITERS = ";,\t"


def tables(data: bytes, charset: str) -> Iterable[tuple[str, Iterable[Line]]]:
    """One table: the file."""
    text = data.decode("utf-8-sig" if charset == "utf-8" else charset)
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        # Excel writes so which sign stands between the cells.
        yield "", _lines(rest, first.strip()[4], skipped=1)
    else:
        yield "", _lines(text, _delimiter_of(text), skipped=0)


def _delimiter_of(text: str) -> str:
    """The sign that divides the first lines in most cells."""
    head = "\n".join(text.splitlines()[:20])
    return max(DELIMITERS, key=head.count)


def _lines(text: str, delimiter: str, skipped: int) -> Iterator[Line]:
    # A cell may hold several lines, and signs that other readers take for the end of one.
    found = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for number, row in enumerate(found, start=1 + skipped):
        yield number, [_cell(text) for text in row]


def _cell(text: str) -> Cell:
    # A program would calculate this when it opens the file; an apostrophe says it is text.
    return Cell(as_typed(text), is_formula=text.lstrip().startswith("="))
