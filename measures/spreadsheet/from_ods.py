"""ODS, read from its XML: odfdo makes an object per cell, which takes long in a long list."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from lxml import etree

from .cells import EMPTY, MAX_COLUMNS, MAX_ROWS, Cell, Line

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def tables(data: bytes, charset: str) -> Iterable[tuple[str, Iterable[Line]]]:
    """The sheets, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        content = package.read("content.xml")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(content, parser)
    for sheet in root.iterfind(f".//{_OFFICE}spreadsheet/{_TABLE}table"):
        yield sheet.get(f"{_TABLE}name", ""), _lines(sheet)


def _lines(sheet) -> Iterator[Line]:
    number = 1
    for row in sheet.iter(f"{_TABLE}table-row"):
        cells = _cells(row)
        # An empty row may stand for a million; one with something in it seldom for two.
        times = _times(row, "rows")
        if any(cell.value != "" or cell.is_formula for cell in cells):
            for extra in range(min(times, MAX_ROWS + 100)):
                yield number + extra, cells
        number += times


def _cells(row) -> list[Cell]:
    cells: list[Cell] = []
    for element in row:
        if element.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            room = MAX_COLUMNS - len(cells)
            cells += [_cell(element)] * min(_times(element, "columns"), room)
    return cells


def _times(element, what: str) -> int:
    return max(1, int(element.get(f"{_TABLE}number-{what}-repeated", "1")))


def _cell(element) -> Cell:
    if element.get(f"{_TABLE}formula") is not None:
        return Cell(_shown(element), is_formula=True)
    match element.get(f"{_OFFICE}value-type"):
        case "date":
            return Cell(_day(element.get(f"{_OFFICE}date-value", "")))
        case "float" | "percentage" | "currency":
            number = float(element.get(f"{_OFFICE}value", "nan"))
            return Cell(int(number) if number.is_integer() else number)
        case "boolean":
            return Cell(element.get(f"{_OFFICE}boolean-value") == "true")
        case None:
            return EMPTY
    told = element.get(f"{_OFFICE}string-value")
    return Cell(told if told is not None else _shown(element))


def _day(text: str) -> date | str:
    moment = datetime.fromisoformat(text)
    return moment.date() if moment.time() == time() else text


def _shown(element) -> str:
    """The text of a cell, a line per paragraph; remarks beside it are not part of it."""
    return "\n".join(_words(paragraph) for paragraph in element.iterfind(f"{_TEXT}p"))


def _words(element) -> str:
    text = element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}s":
            text += " " * min(int(child.get(f"{_TEXT}c", "1")), 1000)
        elif child.tag == f"{_TEXT}tab":
            text += "\t"
        elif child.tag == f"{_TEXT}line-break":
            text += "\n"
        elif isinstance(child.tag, str) and not child.tag.startswith(_OFFICE):
            text += _words(child)
        text += child.tail or ""
    return text
