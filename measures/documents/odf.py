"""What OpenDocument files have in common: metadata, and bytes that never differ."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from odfdo import Document, Element

from .safety import printable

# Zip files cannot be older; a fixed date makes the same content the same bytes.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def element(xml: str) -> Any:
    """An element from its tag; of which class the library decides while running."""
    return Element.from_tag(xml)


def plain(text: str) -> str:
    """Text as XML that OpenDocument shows as it is: tabs, line ends and spaces in a row too."""
    parts = _SPACES.split(escape(printable(text)))
    return "".join(_space(part) if position % 2 else part for position, part in enumerate(parts))


# What OpenDocument would fold: more spaces, or a space at the beginning of a paragraph.
_SPACES = re.compile(r"(\t|\n|^ +| {2,}|(?<=[\t\n]) +)")


def _space(found: str) -> str:
    if found == "\t":
        return "<text:tab/>"
    if found == "\n":
        return "<text:line-break/>"
    return f'<text:s text:c="{len(found)}"/>'


class Tables:
    """Tables as XML, put in the file when it is written.

    A tree with an object per cell takes long, and grows more than in step with the table.
    Until then the document holds a table without rows in the place of each.
    """

    def __init__(self):
        self.xml: list[str] = []

    def hold(self, xml: str) -> Any:
        """An element in the place of the table."""
        self.xml.append(xml)
        return element(f'<table:table table:name="{self._name(len(self.xml) - 1)}"/>')

    def put_in(self, content: bytes) -> bytes:
        """The content of the document with every table in its place."""
        for number, xml in enumerate(self.xml):
            place = f'<table:table table:name="{self._name(number)}"/>'.encode()
            before, found, after = content.partition(place)
            assert found
            content = before + xml.encode() + after
        return content

    @staticmethod
    def _name(number: int) -> str:
        return f"kwalibo-tabel-{number}"


def to_bytes(document: Document, tables: Tables, *, title: str, moment: datetime) -> bytes:
    """The file, with `moment` as its date wherever a clock would stand."""
    meta = document.meta
    meta.title = title
    meta.language = "nl-NL"
    meta.creation_date = moment.replace(tzinfo=None)
    meta.date = moment.replace(tzinfo=None)
    meta.generator = "Kwalibo-voortgang"
    buffer = io.BytesIO()
    document.save(buffer)
    return with_fixed_dates(buffer.getvalue(), {"content.xml": tables.put_in})


def with_fixed_dates(
    archive: bytes, changed: Mapping[str, Callable[[bytes], bytes]] | None = None
) -> bytes:
    """The same zip with every date fixed; order and compression as they were.

    OpenDocument wants `mimetype` first and not compressed, so order matters. `changed` says
    what to make of a member.
    """
    changed = changed or {}
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(result, "w") as new:
        for item in old.infolist():
            fixed = zipfile.ZipInfo(item.filename, _ZIP_DATE)
            fixed.compress_type = item.compress_type
            fixed.external_attr = 0o644 << 16
            fixed.create_system = 3
            data = old.read(item)
            change = changed.get(item.filename)
            new.writestr(fixed, change(data) if change else data)
    return result.getvalue()
