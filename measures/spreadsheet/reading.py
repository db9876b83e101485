"""A file that somebody sends, read as rows with known columns. Nothing in it is trusted.

What the file is, is told from its content; a package with macros, links to other files'
entities or an absurd size inside never reaches the library that reads it.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from itertools import islice
from pathlib import PurePosixPath

from .. import evidence_files
from ..evidence_files import Refused
from .cells import EMPTY, MAX_ROWS, Cell, Line
from .columns import BY_HEADING, COLUMNS, Column

FORMATS = ("xlsx", "ods", "csv")
MAX_UNPACKED = 60 * 1024 * 1024
# Above the headings there may be a title or a few lines of text.
HEADINGS_WITHIN = 20

_WE_READ = "Wij lezen een spreadsheet als xlsx, ods of csv."
DAMAGED = "Dit bestand is beschadigd of niet compleet. Sla het opnieuw op en probeer het nog eens."


@dataclass(frozen=True)
class Row:
    """A row with something in it; `number` as the spreadsheet program counts."""

    number: int
    cells: dict[Column, Cell]


@dataclass(frozen=True)
class Sheet:
    """What was read: the columns that are there, the rows, and what was passed over."""

    columns: list[Column]
    rows: list[Row]
    notices: list[str] = field(default_factory=list)


def read(name: str, data: bytes, *, max_mb: int) -> Sheet:
    """Read a file with this name and content.

    Raises Refused with a Dutch sentence for the person who sent it.
    """
    if len(data) > max_mb * 1024 * 1024:
        raise Refused(f"Dit bestand is groter dan {max_mb} MB. Zo groot is onze lijst nooit.")
    extension = PurePosixPath(evidence_files.clean_name(name)).suffix.removeprefix(".").lower()
    if extension in ("xlsm", "xlsb", "xltm"):
        raise Refused("In dit bestand kunnen macro’s zitten. Sla het op als xlsx, ods of csv.")
    if extension in ("xls", "ots", "fods", "numbers"):
        raise Refused(f"{_WE_READ} Sla dit bestand zo op.")
    if extension not in FORMATS:
        raise Refused(f"{_WE_READ} Dit bestand heet ‘{evidence_files.clean_name(name)}’.")
    facts = evidence_files.check(name, data, max_mb)
    if extension != "csv":
        _check_package(data)
    reader: Callable[[bytes, str], Iterable[tuple[str, Iterable[Line]]]]
    reader = import_module(f".from_{extension}", __package__).tables
    charset = facts.media_type.partition("charset=")[2]
    try:
        return _known(reader(data, charset))
    except Refused:
        raise
    except Exception as error:
        # The libraries raise all kinds of errors at files that programs did not make.
        raise Refused(DAMAGED) from error


def _check_package(data: bytes) -> None:
    """Refuse what is small outside and huge inside, and XML that defines entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise Refused(
                    "Uitgepakt is dit bestand veel groter dan een gewone spreadsheet. "
                    "Wij nemen het niet aan."
                )
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    _check_xml(package.read(part))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Refused(DAMAGED) from error


def _check_xml(part: bytes) -> None:
    # Spreadsheet programs write UTF-8. In another encoding this search would miss its mark.
    declared = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)", part)
    is_utf8 = declared is None or declared[1].lower() in (b"utf-8", b"utf8", b"us-ascii")
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\x00" in part or not is_utf8:
        raise Refused(
            "In dit bestand staan verwijzingen die een spreadsheet niet nodig heeft. "
            "Open het in Excel of LibreOffice en sla het opnieuw op."
        )


def _known(tables: Iterable[tuple[str, Iterable[Line]]]) -> Sheet:
    """The first table that has our headings, as rows of known columns."""
    for _, lines in tables:
        lines = iter(lines)
        for _, cells in islice(lines, HEADINGS_WITHIN):
            if _is_headings(cells):
                return _rows(cells, lines)
    raise Refused(
        "Wij vinden de kolom ‘Nummer’ niet. Zet boven de kolommen dezelfde namen als in het "
        "bestand dat u hier kunt downloaden."
    )


def heading_of(text: object) -> str:
    """A heading without what people change in passing: capitals, spaces, a remark behind it."""
    return " ".join(re.sub(r"\(.*?\)|[*:_]", " ", str(text)).lower().split())


def _is_headings(cells: list[Cell]) -> bool:
    return any(BY_HEADING.get(heading_of(cell.value)) is COLUMNS[0] for cell in cells)


def _rows(headings: list[Cell], lines: Iterable[Line]) -> Sheet:
    found: dict[int, Column] = {}
    unread = []
    for place, cell in enumerate(headings):
        column = BY_HEADING.get(heading_of(cell.value))
        if column in found.values():
            raise Refused(f"De kolom ‘{cell.value}’ staat er twee keer in.")
        if column:
            found[place] = column
        elif cell.value != "":
            unread.append(str(cell.value))
    if len(found) < 2:
        raise Refused("Er staat geen kolom in dit bestand die wij kunnen bijwerken.")
    rows: list[Row] = []
    for number, cells in lines:
        if len(rows) >= MAX_ROWS:
            raise Refused(f"Dit bestand heeft meer dan {MAX_ROWS} rijen.")
        known = {
            column: cells[place] if place < len(cells) else EMPTY for place, column in found.items()
        }
        if any(cell.value != "" or cell.is_formula for cell in known.values()):
            rows.append(Row(number, known))
    names = ", ".join(f"‘{name}’" for name in unread)
    notices = [f"Deze kolommen kennen wij niet en lezen wij niet: {names}."] if unread else []
    return Sheet(list(found.values()), rows, notices)
