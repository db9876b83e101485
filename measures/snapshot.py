"""What an annex says as one canonical JSON document, and back.

Canonical: UTF-8, keys in order, no space between, dates as JJJJ-MM-DD. The same content is
the same text on every machine, so its SHA-256 proves that nothing was changed. The
document is described in docs/momentopname.md; a change of its form gets a new version
here, and what older versions hold stays readable.
"""

import dataclasses
import hashlib
import json
import types
import typing
from datetime import date
from enum import Enum
from functools import cache
from typing import Any

from .annex.content import AnnexContent
from .models import Snapshot

SCHEMA = "kwalibo-bijlage"
VERSION = 1


class CorruptSnapshot(Exception):
    """A snapshot that does not say what it said when it was made; the message is Dutch."""


def to_document(content: AnnexContent) -> str:
    """The canonical JSON document of an annex."""
    data = {"schema": SCHEMA, "versie": VERSION, "bijlage": dataclasses.asdict(content)}
    return json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
    )


def _plain(value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a snapshot.")


def sha256_of(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest()


def from_document(document: str) -> AnnexContent:
    """The annex that a document holds. Raises CorruptSnapshot when it is not one of ours."""
    try:
        data = json.loads(document)
        if (data["schema"], data["versie"]) != (SCHEMA, VERSION):
            raise CorruptSnapshot(f"Versie {data['versie']} van {data['schema']} is onbekend.")
        return _read(AnnexContent, data["bijlage"])
    except (KeyError, TypeError, ValueError) as error:
        raise CorruptSnapshot("De momentopname is onleesbaar.") from error


def read(snapshot: Snapshot) -> AnnexContent:
    """The annex of a stored snapshot. Raises CorruptSnapshot when its hash does not fit."""
    if sha256_of(snapshot.document) != snapshot.sha256:
        raise CorruptSnapshot(
            f"De momentopname van ‘{snapshot.moment}’ is beschadigd: de inhoud past niet meer "
            "bij de controlewaarde."
        )
    return from_document(snapshot.document)


def _read(kind: Any, value: Any) -> Any:
    """A value of the given type from what JSON holds of it; every field must be there."""
    if dataclasses.is_dataclass(kind):
        return _record(kind, value)
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType or origin is typing.Union:
        if value is None:
            return None
        (inner,) = (part for part in parts if part is not type(None))
        return _read(inner, value)
    if origin is tuple:
        inner_kinds = [parts[0]] * len(value) if parts[-1] is Ellipsis else parts
        return tuple(_read(k, v) for k, v in zip(inner_kinds, value, strict=True))
    if kind is date:
        return date.fromisoformat(value)
    if issubclass(kind, Enum):
        return kind(value)
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}.")
    return value


def _record(kind: Any, value: Any) -> Any:
    hints = _fields(kind)
    if value.keys() != hints.keys():
        raise ValueError(f"{kind} wants {sorted(hints)}, not {sorted(value)}.")
    return kind(**{name: _read(hint, value[name]) for name, hint in hints.items()})


@cache
def _fields(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)
