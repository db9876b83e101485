"""What OpenDocument files have in common: metadata, and bytes that never differ."""

import io
import zipfile
from datetime import datetime
from typing import Any

from odfdo import Document, Element

# Zip files cannot be older; a fixed date makes the same content the same bytes.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def element(xml: str) -> Any:
    """An element from its tag; of which class the library decides while running."""
    return Element.from_tag(xml)


def to_bytes(document: Document, *, title: str, moment: datetime) -> bytes:
    """The file, with `moment` as its date wherever a clock would stand."""
    meta = document.meta
    meta.title = title
    meta.language = "nl-NL"
    meta.creation_date = moment.replace(tzinfo=None)
    meta.date = moment.replace(tzinfo=None)
    meta.generator = "Kwalibo-voortgang"
    buffer = io.BytesIO()
    document.save(buffer)
    return with_fixed_dates(buffer.getvalue())


def with_fixed_dates(archive: bytes) -> bytes:
    """The same zip with every date fixed; order and compression as they were.

    OpenDocument wants `mimetype` first and not compressed, so order matters.
    """
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(result, "w") as new:
        for item in old.infolist():
            fixed = zipfile.ZipInfo(item.filename, _ZIP_DATE)
            fixed.compress_type = item.compress_type
            fixed.external_attr = 0o644 << 16
            fixed.create_system = 3
            new.writestr(fixed, old.read(item))
    return result.getvalue()
