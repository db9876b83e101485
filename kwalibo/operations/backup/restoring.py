"""Read a back-up, and put it in place."""

import hashlib
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from . import archive, databases
from .errors import BackupError, told
from .making import DOCUMENTS
from .manifest import Manifest


@dataclass(frozen=True)
class Restored:
    """What was put in place; `left` are documents of before that the back-up does not know."""

    manifest: Manifest
    left: list[str]


@told("De back-up is niet te lezen")
def check(path: Path, identity_file: Path | None = None) -> Manifest:
    """What the archive says of itself, once every byte of it was compared. Changes nothing."""
    with _opened(path, identity_file) as (manifest, _, _):
        return manifest


@told("De back-up is niet terug te zetten")
def restore(path: Path, identity_file: Path | None = None, *, overwrite: bool = False) -> Restored:
    """Put an archive in the place of database and documents, and look whether all is there.

    Raises BackupError: with nothing changed when the archive is not whole, is of another kind of
    database, or would come over what is there already; and, afterwards, when anything in the
    database or the folder is not what the archive says.
    """
    with _opened(path, identity_file) as (manifest, parts, work):
        database = databases.present()
        if manifest.database != database.kind:
            raise BackupError(
                f"Deze back-up is van {_name(manifest.database)} en de database hier is "
                f"{_name(database.kind)}. Er is niets veranderd."
            )
        root = Path(settings.EVIDENCE_DIR)
        present = {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()}
        if not overwrite and (present or not database.is_empty()):
            raise BackupError(
                "De database of de map met bewijsstukken is niet leeg. Er is niets veranderd. "
                "Met --overschrijven komt de back-up in de plaats van wat er nu is."
            )
        # Documents first: a row never waits for its file. One that no row names does no harm.
        _put_documents(parts / DOCUMENTS, root)
        database.load(parts / database.file, work=work)
        _look_again(manifest, database, root)
    known = {part.name.removeprefix(f"{DOCUMENTS}/") for part in manifest.parts}
    return Restored(manifest, sorted(present - known))


@contextmanager
def _opened(path: Path, identity_file: Path | None) -> Iterator[tuple[Manifest, Path, Path]]:
    """The manifest, the folder with the parts, and one to work in."""
    if identity_file is None and settings.BACKUP_IDENTITY_FILE:
        identity_file = Path(settings.BACKUP_IDENTITY_FILE)
    with tempfile.TemporaryDirectory(prefix="kwalibo-restore-") as folder:
        work = Path(folder)
        manifest, parts = archive.unpack(path, work, identity_file)
        yield manifest, parts, work


def _name(kind: str) -> str:
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(kind, kind)


def _put_documents(source: Path, root: Path) -> None:
    """Copy every document to its place; each appears whole or not at all."""
    for path in sorted(source.rglob("*")) if source.exists() else []:
        if path.is_dir():
            continue
        place = root / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = place.with_name(f".{secrets.token_hex(8)}.part")
        try:
            unfinished.touch(mode=0o600)
            with path.open("rb") as read, unfinished.open("wb") as write:
                while block := read.read(1 << 20):
                    write.write(block)
            unfinished.replace(place)
        finally:
            unfinished.unlink(missing_ok=True)


def _look_again(manifest: Manifest, database, root: Path) -> None:
    """Compare what is there now with what the archive says."""
    faults = manifest.facts.differences(database.facts())
    for part in manifest.parts:
        if not part.name.startswith(f"{DOCUMENTS}/"):
            continue
        place = root / part.name.removeprefix(f"{DOCUMENTS}/")
        with place.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != part.sha256:
                faults.append(f"bewijsstuk {place.name}: een andere controlewaarde")
    if faults:
        raise BackupError("Wat is teruggezet, is niet wat in de back-up zat: " + "; ".join(faults))
