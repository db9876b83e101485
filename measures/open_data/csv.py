"""The whole set as tables in a zip, for spreadsheets: semicolons, UTF-8, no formulas."""

import csv
import io
import zipfile
from typing import Any, BinaryIO

from ..documents.safety import not_a_formula, printable
from . import dataset
from .dataset import Collection, Dataset, Sheet, sheets

# Not the time of making: the same data are the same bytes.
_DATE = (1980, 1, 1, 0, 0, 0)

READ_ME = """\
{naam}

{uitgever}. Licentie: {licentie}.
Peildatum: {peildatum}. Versie van de gegevens: {versie}.
Uitleg: {beschrijving}

Elk bestand is een tabel, gescheiden door puntkomma's, in UTF-8. De eerste regel heeft de namen
van de kolommen; die zijn gelijk aan de namen in de API. Leeg is onbekend. Codes in één vak zijn
gescheiden door een puntkomma en een spatie. Een tekst die een rekenblad als formule zou lezen,
begint met een apostrof.
"""


class Writer(dataset.Writer):
    """A zip with a file per table, and one to read first. Holds one collection in memory."""

    def __init__(self, data: Dataset, file: BinaryIO):
        self._archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._archive.writestr(_entry("LEESMIJ.txt"), READ_ME.format(**data.about))
        self._tables: list[tuple[Sheet, io.StringIO, Any]] = []

    def start(self, collection: Collection) -> None:
        self._tables = [(sheet, *_start(sheet.headings)) for sheet in sheets(collection)]

    def add(self, record: dict[str, Any]) -> None:
        for sheet, _, writer in self._tables:
            writer.writerows([_cell(value) for value in row] for row in sheet.rows(record))

    def end(self) -> None:
        for sheet, buffer, _ in self._tables:
            content = buffer.getvalue().encode("utf-8-sig")
            self._archive.writestr(_entry(f"{sheet.name}.csv"), content)

    def finish(self) -> None:
        self.close()

    def close(self) -> None:
        self._archive.close()


def _start(headings: list[str]):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    return buffer, writer


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _cell(value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return str(value) if isinstance(value, int) else not_a_formula(printable(value))
