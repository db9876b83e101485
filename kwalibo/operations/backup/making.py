"""Make a back-up."""

import hashlib
import tempfile
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import django
from django.conf import settings

from . import archive, databases
from .errors import BackupError, told
from .manifest import Manifest, Part

DOCUMENTS = "documents"


@dataclass(frozen=True)
class Made:
    """A finished archive; `sha256` is that of the whole file."""

    path: Path
    sha256: str
    manifest: Manifest
    is_encrypted: bool


@told("De back-up is niet te maken")
def make(place: Path, now: datetime | None = None) -> Made:
    """Write an archive: to `place`, or in it under a name with the time when it is a folder.

    Raises BackupError, with nothing left behind, when it cannot be made whole.
    """
    now = now or datetime.now(UTC)
    keys = archive.recipients()
    target = _target(place, now, encrypted=bool(keys))
    database = databases.present()
    with tempfile.TemporaryDirectory(prefix="kwalibo-backup-") as folder:
        work = Path(folder)
        files = {database.file: work / database.file}
        facts = database.dump(files[database.file])
        # After the database: whatever a row names was written before it.
        files |= _documents()
        parts, gone = _describe(files)
        for name in gone:
            del files[name]
        manifest = Manifest(
            made_at=now.isoformat(timespec="seconds"),
            application=_version(),
            django=django.get_version(),
            database=database.kind,
            tool=database.tool,
            facts=facts,
            parts=parts,
            missing=[name for name in facts.documents if f"{DOCUMENTS}/{name}" not in files],
        )
        archive.write(target, manifest, files, work)
    with target.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Made(target, digest, manifest, bool(keys))


def _target(place: Path, now: datetime, *, encrypted: bool) -> Path:
    if place.is_dir():
        name = f"kwalibo-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.tar.gz"
        place = place / (f"{name}.age" if encrypted else name)
    elif not place.parent.is_dir():
        raise BackupError(f"De map {place.parent} is er niet.")
    if place.exists():
        raise BackupError(f"{place} is er al. Een back-up wordt nooit overschreven.")
    return place


def _documents() -> dict[str, Path]:
    """Name in the archive → file, for all that lies in EVIDENCE_DIR."""
    root = Path(settings.EVIDENCE_DIR)
    return {
        f"{DOCUMENTS}/{path.relative_to(root).as_posix()}": path
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def _describe(files: dict[str, Path]) -> tuple[list[Part], list[str]]:
    """The parts, and the names of files that somebody deleted meanwhile."""
    parts, gone = [], []
    for name, path in files.items():
        try:
            parts.append(archive.describe(path, name))
        except FileNotFoundError:
            gone.append(name)
    return parts, gone


def _version() -> str:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    return project["project"]["version"]
