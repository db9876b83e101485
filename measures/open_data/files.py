"""The files of the whole set: made once per version of the data and day, then kept.

Reading the data is nearly all of the work, so one reading makes every kind of file.
"""

import hashlib
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from .. import data_version
from ..models import DataFile, DataFilePart
from . import csv, json, sqlite
from .dataset import Dataset, Writer

# Raise this when a writer makes something else of the same data.
LAYOUT = 1
# How many files are kept: a few sets of them, so that who is reading can finish.
KEPT = 9
# Bytes in one part, and so in memory for each who is reading.
PART = 1 << 20
# How often making files begins anew when the data change meanwhile.
TRIES = 3
# Files are made beforehand when nothing changed for so long: colleagues save often.
QUIET = timedelta(minutes=2)


@dataclass(frozen=True)
class Format:
    """A kind of file: its name, for whom it is, and who writes it."""

    name: str
    label: str
    media_type: str
    purpose: str
    writer: type[Writer]


FORMATS = {
    "kwalibo.json": Format(
        "json", "JSON", "application/json", "Voor programmeurs: alles, zoals de API", json.Writer
    ),
    "kwalibo-csv.zip": Format(
        "csv", "ZIP met CSV", "application/zip", "Voor een rekenblad: elke tabel apart", csv.Writer
    ),
    "kwalibo.sqlite": Format(
        "sqlite", "SQLite", "application/vnd.sqlite3", "Een database om in te zoeken", sqlite.Writer
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
    return _kept(now(), format) or _make(format)


def make_when_quiet() -> bool:
    """Make the files before anybody asks, when the data changed and are quiet now.

    Whether they were made.
    """
    dataset = now()
    changed = dataset.version.changed_at
    if changed is None or timezone.now() - changed < QUIET:
        return False
    first = next(iter(FORMATS.values()))
    if _kept(dataset, first):
        return False
    _make(first)
    return True


def _kept(dataset: Dataset, format: Format) -> DataFile | None:
    return DataFile.objects.filter(digest=digest_of(dataset), format=format.name).first()


def _make(format: Format) -> DataFile:
    """Make every kind of file of this moment, and return the one of this format."""
    with _making:
        for attempt in range(1, TRIES + 1):
            dataset = now()
            if found := _kept(dataset, format):
                return found
            with ExitStack() as opened:
                made = {
                    one.name: (one, opened.enter_context(tempfile.TemporaryFile()))
                    for one in FORMATS.values()
                }
                writers = [one.writer(dataset, file) for one, file in made.values()]
                for writer in writers:
                    opened.callback(writer.close)
                write(dataset, writers)
                # What was read while the data changed is of no version. In the end it is
                # better than nothing: the next reader asks for a newer one anyway.
                if now() == dataset or attempt == TRIES:
                    files = {one.name: _keep(dataset, one, file) for one, file in made.values()}
                    return files[format.name]
    raise AssertionError("unreachable")


def write(dataset: Dataset, writers: list[Writer]) -> None:
    """Read the data once, a batch of records at a time, and give all of it to each writer."""
    for collection in dataset.collections():
        for writer in writers:
            writer.start(collection)
        for record in collection.rows():
            for writer in writers:
                writer.add(record)
        for writer in writers:
            writer.end()
    for writer in writers:
        writer.finish()


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
