"""Reading an annex back: what somebody finds who opens the file."""

import csv
import html
import io
import re
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing

import pikepdf

from tests.machine import needs

FORMATS = ["odt", "docx", "pdf", "xlsx", "ods", "csv"]


def words_in(data: bytes, format: str) -> str:
    """All text of a file, its hidden corners included, as one line."""
    match format:
        case "csv":
            text = data.decode("utf-8-sig")
        case "json" | "jsonld" | "ttl":
            text = data.decode()
        case "sqlite":
            text = _sqlite_text(data)
        case "pdf":
            text = _pdf_text(data)
        case _:
            text = _zip_text(data)
    return re.sub(r"\s+", " ", text)


def _zip_text(data: bytes) -> str:
    """Every member of the archive, once as it is and once without its tags."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    return " ".join(
        f"{part} {html.unescape(re.sub(r'<[^>]*>', ' ', part))} "
        f"{html.unescape(re.sub(r'<[^>]*>', '', part))}"
        for part in parts
    )


def _sqlite_text(data: bytes) -> str:
    """Every value of every table, and the bytes of the file: what was deleted may be there."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        return "\n".join(database.iterdump()) + data.decode("utf-8", "replace")


def _pdf_text(data: bytes) -> str:
    needs(shutil.which("pdftotext"), "poppler-utils is not on this machine")
    shown = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    # A word that was cut at the end of a line is whole again.
    shown = shown.replace("\xad\n", "").replace("-\n", "") + shown
    with pikepdf.open(io.BytesIO(data)) as pdf:
        hidden = [str(value) for value in pdf.trailer.get("/Info", {}).values()]
        hidden.append(pdf.Root.Metadata.read_bytes().decode())
        hidden += [
            str(element["/Alt"])
            for element in pdf.objects
            if isinstance(element, pikepdf.Dictionary) and "/Alt" in element
        ]
    return f"{shown} {' '.join(hidden)}"


def csv_rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def member(data: bytes, name: str) -> str:
    """One member of a zip file, as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()
