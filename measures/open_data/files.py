"""The files of the whole set: each made once per version of the data and day, then kept."""

import hashlib
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from .. import data_version
from ..models import DataFile, DataFilePart
from . import csv, json, sqlite
from .dataset import Dataset

# Raise this when a writer makes something else of the same data.
LAYOUT = 1
# How many files are kept: a few sets of them, so that who is reading can finish.
KEPT = 9
# Bytes in one part, and so in memory for each who is reading.
PART = 1 << 20
# How often making a file begins anew when the data change meanwhile.
TRIES = 3


@dataclass(frozen=True)
class Format:
    """A kind of file: its name, for whom it is, and who writes it."""

    name: str
    label: str
    media_type: str
    purpose: str
    write: Callable[[Dataset, BinaryIO], None]


FORMATS = {
    "kwalibo.json": Format(
        "json", "JSON", "application/json", "Voor programmeurs: alles, zoals de API", json.write
    ),
    "kwalibo-csv.zip": Format(
        "csv", "ZIP met CSV", "application/zip", "Voor een rekenblad: elke tabel apart", csv.write
    ),
    "kwalibo.sqlite": Format(
        "sqlite", "SQLite", "application/vnd.sqlite3", "Een database om in te zoeken", sqlite.write
    ),
}

# One at a time in each process: making one is work, and a crowd wants the same.
_making = threading.Lock()


def digest_of(dataset: Dataset) -> str:
    """What a file is found by: the data, the day, the site, and how we write."""
    about = f"{LAYOUT} {dataset.version.key} {dataset.day} {settings.SITE_URL}"
    return hashlib.sha256(about.encode()).hexdigest()


def now() -> Dataset:
    return Dataset(data_version.current(), timezone.localdate().isoformat())


def known() -> dict[str, int]:
    """How large the files of the data of this moment are, by format, as far as made."""
    rows = DataFile.objects.filter(digest=digest_of(now()))
    return dict(rows.values_list("format", "size"))


def get_or_make(format: Format) -> DataFile:
    """The file with the data of this moment."""
    found = _kept(now(), format)
    if found:
        return found
    with _making:
        return _make(format)


def _kept(dataset: Dataset, format: Format) -> DataFile | None:
    return DataFile.objects.filter(digest=digest_of(dataset), format=format.name).first()


def _make(format: Format) -> DataFile:
    for attempt in range(1, TRIES + 1):
        dataset = now()
        if found := _kept(dataset, format):
            return found
        with tempfile.TemporaryFile() as file:
            format.write(dataset, file)
            # What was read while the data changed is of no version. In the end it is better
            # than nothing: the next reader asks for a newer one anyway.
            if now() == dataset or attempt == TRIES:
                return _keep(dataset, format, file)
    raise AssertionError("unreachable")


def _keep(dataset: Dataset, format: Format, file: BinaryIO) -> DataFile:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    size = file.tell()
    file.seek(0)
    try:
        with transaction.atomic():
            kept = DataFile.objects.create(
                digest=digest_of(dataset), format=format.name, sha256=digest, size=size
            )
            for position, content in enumerate(iter(lambda: file.read(PART), b"")):
                DataFilePart.objects.create(file=kept, position=position, content=content)
            old = DataFile.objects.values_list("pk", flat=True)[KEPT:]
            DataFile.objects.filter(pk__in=list(old)).delete()
    except IntegrityError:
        # Another process was as far; both are alike.
        return DataFile.objects.get(digest=digest_of(dataset), format=format.name)
    return kept


def parts(file: DataFile) -> Iterator[bytes]:
    """The bytes of a file, a part at a time."""
    for position in range(-(-file.size // PART)):
        yield bytes(file.parts.values_list("content", flat=True).get(position=position))
