"""What an archive says of itself, and what a database says of its own content."""

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

from .errors import BackupError

FORMAT = "kwalibo-backup"
VERSION = 1


@dataclass(frozen=True)
class Part:
    """One file in the archive: 'database.sqlite3' or 'documents/…'; size in bytes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Facts:
    """By which two databases are known to hold the same.

    tables       name → number of rows
    migrations   'app.name' of each that was applied
    triggers     their names
    snapshots    'address of the moment' → SHA-256, computed from its document; and
                 'address/odt' → SHA-256, computed from that file
    damaged      the keys of `snapshots` whose content is not what it was when it was frozen
    documents    path in EVIDENCE_DIR → SHA-256 that was noted when it was uploaded
    """

    tables: dict[str, int]
    migrations: list[str]
    triggers: list[str]
    snapshots: dict[str, str]
    damaged: list[str]
    documents: dict[str, str]

    def differences(self, other: "Facts") -> list[str]:
        """What is not the same in the other, in Dutch."""
        found = []
        for table in sorted(self.tables.keys() | other.tables.keys()):
            before, after = self.tables.get(table), other.tables.get(table)
            if before != after:
                found.append(f"tabel {table}: {_number(before)} rijen, nu {_number(after)}")
        for key in sorted(self.snapshots.keys() | other.snapshots.keys()):
            if self.snapshots.get(key) != other.snapshots.get(key):
                found.append(f"momentopname {key}: een andere controlewaarde")
        for kind, ours, theirs in (
            ("migratie", set(self.migrations), set(other.migrations)),
            ("trigger", set(self.triggers), set(other.triggers)),
        ):
            found += [f"{kind} {name} ontbreekt" for name in sorted(ours - theirs)]
            found += [f"{kind} {name} hoort er niet" for name in sorted(theirs - ours)]
        if self.documents != other.documents:
            found.append("de lijst van bewijsstukken is anders")
        return found


def _number(rows: int | None) -> str:
    return "geen" if rows is None else str(rows)


@dataclass(frozen=True)
class Manifest:
    """The first file of every archive, manifest.json.

    made_at       ISO 8601 with its zone
    application   version of this application; `django` and `tool` (pg_dump or SQLite) theirs
    database      'sqlite' or 'postgresql'
    parts         every other file, in the order in which it lies in the archive
    missing       paths of documents that a row names and that were not there
    """

    made_at: str
    application: str
    django: str
    database: str
    tool: str
    facts: Facts
    parts: list[Part]
    missing: list[str]
    format: str = FORMAT
    version: int = VERSION

    def to_json(self) -> str:
        return json.dumps(dataclasses.asdict(self), indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Manifest":
        """Raises BackupError when it is not one of ours, or of a later version."""
        try:
            data: dict[str, Any] = json.loads(text)
            if data["format"] != FORMAT:
                raise BackupError("Dit is geen back-up van deze toepassing.")
            if data["version"] > VERSION:
                raise BackupError(
                    "Deze back-up is van een nieuwere versie van de toepassing. Gebruik die."
                )
            return cls(
                **data
                | {
                    "facts": Facts(**data["facts"]),
                    "parts": [Part(**part) for part in data["parts"]],
                }
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BackupError("De inhoudsopgave van de back-up is onleesbaar.") from error
