"""Everything public of today, collection by collection, as the API tells it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.conf import settings
from rest_framework import serializers

from ..api.fields import Keys, PeriodField, SourceReference
from ..api.resources import PARTS, RESOURCES
from ..data_version import Version
from ..reference_date import ReferenceDate

# How many records are in memory at a time.
BATCH = 500
NOW = ReferenceDate()


@dataclass(frozen=True)
class Collection:
    """One kind of record: its name, what it tells, and its rows as the API writes them."""

    name: str
    description: str
    serializer: type[serializers.Serializer]
    _rows: Callable[[ReferenceDate], Any]
    _context: Callable[[ReferenceDate], dict[str, Any]]

    def rows(self) -> Iterator[dict[str, Any]]:
        context = {"site": settings.SITE_URL, "query": "", **self._context(NOW)}
        batch = []
        for row in self._rows(NOW).iterator(chunk_size=BATCH):
            batch.append(row)
            if len(batch) == BATCH:
                yield from self.serializer(batch, many=True, context=context).data
                batch = []
        yield from self.serializer(batch, many=True, context=context).data


@dataclass(frozen=True)
class Dataset:
    """The public data of one version, on one day."""

    version: Version
    day: str

    @property
    def about(self) -> dict[str, Any]:
        """What a file says of itself; the same for the same version and day."""
        changed = self.version.changed_at
        return {
            "naam": "Kwalibo-voortgang: alle openbare gegevens",
            "uitgever": "Ministerie van Infrastructuur en Waterstaat",
            "licentie": "CC0 1.0: vrij te gebruiken",
            "peildatum": self.day,
            "versie": self.version.number,
            "gewijzigdOp": changed.strftime("%Y-%m-%dT%H:%M:%SZ") if changed else None,
            "beschrijving": f"{settings.SITE_URL}/open-data/",
        }

    @staticmethod
    def collections() -> list[Collection]:
        found = []
        for one in RESOURCES:
            found.append(
                Collection(one.name, one.description, one.serializer, one.rows, one.context)
            )
            if one.name == "maatregelen":
                found += [
                    Collection(name, f"Bij elke maatregel: {name}.", serializer, rows, lambda _: {})
                    for name, (rows, serializer) in PARTS.items()
                ]
        return found


class Writer:
    """Writes one kind of file: of each collection its start, its records and its end.

    `finish()` completes the file; `close()` lets go of what is open, finished or not.
    """

    def __init__(self, dataset: Dataset, file: BinaryIO):
        raise NotImplementedError

    def start(self, collection: Collection) -> None:
        raise NotImplementedError

    def add(self, record: dict[str, Any]) -> None:
        raise NotImplementedError

    def end(self) -> None:
        raise NotImplementedError

    def finish(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        pass


# Records as tables: one row each, and a table of its own for a list of records in them.


@dataclass(frozen=True)
class Column:
    """A column and where in a record its value stands; `is_list` holds codes or sources."""

    name: str
    path: tuple[str, ...]
    is_list: bool = False

    def value(self, record: dict[str, Any]) -> str | int | None:
        found: Any = record
        for step in self.path:
            if found is None:
                return None
            found = found[step]
        if not self.is_list:
            return found
        return "; ".join(str(row["code"] if isinstance(row, dict) else row) for row in found or ())


@dataclass(frozen=True)
class Sheet:
    """A table: `rows(record)` gives the values of a record of its collection, row by row."""

    name: str
    columns: list[Column]
    # For a table of what lies in a record: its key there, and the list that it is of.
    key: str = ""
    inner: str = ""

    @property
    def headings(self) -> list[str]:
        parent = [self.name.removesuffix(self.inner) + self.key] if self.inner else []
        return parent + [column.name for column in self.columns]

    def rows(self, record: dict[str, Any]) -> Iterator[list[str | int | None]]:
        if not self.inner:
            yield [column.value(record) for column in self.columns]
            return
        for row in record[self.inner]:
            yield [record[self.key], *(column.value(row) for column in self.columns)]


# Counted from the other tables by who wants it, or told there in full.
LEFT_OUT = {("hoofdlijnen", "aantalMaatregelen"), ("maatregelen", "standVanZaken")}


def sheets(collection: Collection) -> list[Sheet]:
    """The tables of a collection: its own, and one per list of records in a record."""
    name = collection.name.replace("-", "_")
    fields = {
        key: field
        for key, field in collection.serializer().fields.items()
        if (collection.name, key) not in LEFT_OUT
    }
    inner = {key: field for key, field in fields.items() if _is_list_of_records(field)}
    own = {key: field for key, field in fields.items() if key not in inner}
    key = next(key for key in ("nummer", "id", "code", "maatregel") if key in fields)
    return [
        Sheet(name, list(_columns(own))),
        *(
            Sheet(f"{name}_{part}", list(_columns(field.child.fields)), key, part)
            for part, field in inner.items()
        ),
    ]


def _is_list_of_records(field) -> bool:
    is_list = isinstance(field, serializers.ListSerializer)
    return is_list and not isinstance(field.child, SourceReference)


def _columns(fields, path: tuple[str, ...] = ()) -> Iterator[Column]:
    for key, field in fields.items():
        here = (*path, key)
        name = "_".join(here)
        if isinstance(field, PeriodField):
            for part in ("datum", "nauwkeurigheid", "tekst"):
                yield Column(f"{name}_{part}", (*here, part))
        elif isinstance(field, serializers.ListSerializer | Keys):
            yield Column(name, here, is_list=True)
        elif isinstance(field, serializers.Serializer):
            yield from _columns(field.fields, here)
        else:
            yield Column(name, here)
