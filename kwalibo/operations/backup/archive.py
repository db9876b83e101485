"""One file that holds everything, and proves it.

A gzipped tar: `manifest.json` first, then `database.sqlite3` or `database.dump` (pg_dump, custom
format), then `documents/…`. With BACKUP_RECIPIENTS it is encrypted with age (`.age`). So it can
be opened without this application:

    age --decrypt --identity KEY kwalibo-….tar.gz.age | tar --extract --gzip

The servers hold public keys alone: who steals one cannot read its back-ups.
"""

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from pathlib import Path, PurePosixPath

import pyrage
from django.conf import settings

from .errors import BackupError
from .manifest import Manifest, Part

MANIFEST = "manifest.json"
MANIFEST_BYTES = 50_000_000
AGE_MAGIC = b"age-encryption.org/"
DAMAGED = "De back-up is beschadigd: {}. Er is niets veranderd."


def recipients() -> list[pyrage.x25519.Recipient]:
    """The public keys that a new archive is encrypted for."""
    try:
        return [pyrage.x25519.Recipient.from_str(key) for key in settings.BACKUP_RECIPIENTS]
    except pyrage.RecipientError:
        raise BackupError(
            "BACKUP_RECIPIENTS bevat iets wat geen openbare sleutel van age is (age1…)."
        ) from None


def identities(path: Path) -> list[pyrage.x25519.Identity]:
    """The secret keys in a file as age-keygen writes it."""
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        keys = [line for line in lines if line and not line.startswith("#")]
        found = [pyrage.x25519.Identity.from_str(key) for key in keys]
    except OSError as error:
        raise BackupError(
            f"Het sleutelbestand {path} is niet te lezen: {error.strerror}."
        ) from None
    except (pyrage.IdentityError, UnicodeDecodeError):
        found = []
    if not found:
        raise BackupError(f"In {path} staat geen geheime sleutel van age (AGE-SECRET-KEY-1…).")
    return found


def describe(path: Path, name: str) -> Part:
    """A file as a part of an archive."""
    with path.open("rb") as file:
        return Part(name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def write(target: Path, manifest: Manifest, files: dict[str, Path], work: Path) -> None:
    """Write the archive; `files` maps the name of each part to where it lies now.

    `target` appears whole or not at all, and readable by its owner alone.
    """
    plain = work / "archive.tar.gz"
    with tarfile.open(plain, "w:gz", compresslevel=6, format=tarfile.PAX_FORMAT) as tar:
        text = manifest.to_json().encode()
        tar.addfile(_entry(MANIFEST, len(text)), io.BytesIO(text))
        for part in manifest.parts:
            with files[part.name].open("rb") as file:
                tar.addfile(_entry(part.name, part.size), file)
    unfinished = target.with_name(f"{target.name}.part")
    keys = recipients()
    try:
        with (
            plain.open("rb") as source,
            open(unfinished, "wb", opener=_for_the_owner) as destination,
        ):
            if keys:
                pyrage.encrypt_io(source, destination, keys)
            else:
                while block := source.read(1 << 20):
                    destination.write(block)
            destination.flush()
            os.fsync(destination.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _for_the_owner(path, flags) -> int:
    return os.open(path, flags, 0o600)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def is_encrypted(archive: Path) -> bool:
    try:
        with archive.open("rb") as file:
            return file.read(len(AGE_MAGIC)) == AGE_MAGIC
    except OSError as error:
        raise BackupError(f"{archive} is niet te lezen: {error.strerror}.") from None


def unpack(archive: Path, work: Path, identity_file: Path | None) -> tuple[Manifest, Path]:
    """The manifest, and a folder with the parts, each compared with it byte for byte.

    Raises BackupError when a byte is not what the manifest says, or when there is no key.
    """
    plain = archive
    if is_encrypted(archive):
        plain = work / "archive.tar.gz"
        _decrypt(archive, plain, identity_file)
    folder = work / "parts"
    folder.mkdir()
    try:
        with tarfile.open(plain, "r:gz") as tar:
            first = tar.next()
            if first is None or first.name != MANIFEST or not first.isreg():
                raise BackupError(f"{archive} is geen back-up van deze toepassing.")
            manifest = Manifest.from_json(_content(tar, first).read(MANIFEST_BYTES))
            for part in manifest.parts:
                _take(tar, part, folder)
            if extra := tar.next():
                raise BackupError(DAMAGED.format(f"{extra.name} hoort er niet in"))
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BackupError(DAMAGED.format("het bestand is niet heel")) from error
    return manifest, folder


def _decrypt(archive: Path, plain: Path, identity_file: Path | None) -> None:
    if identity_file is None:
        raise BackupError(
            "De back-up is versleuteld. Noem met BACKUP_IDENTITY_FILE of --sleutelbestand het "
            "bestand met de geheime sleutel."
        )
    keys = identities(identity_file)
    try:
        with archive.open("rb") as source, open(plain, "wb", opener=_for_the_owner) as target:
            pyrage.decrypt_io(source, target, keys)
    except pyrage.DecryptError:
        raise BackupError("De sleutel past niet op deze back-up. Er is niets veranderd.") from None
    except OSError as error:
        if error.errno:
            raise BackupError(f"De back-up is niet uit te pakken: {error}.") from error
        # What pyrage says of a block that somebody changed, or that is not there.
        raise BackupError(DAMAGED.format("de versleuteling klopt niet")) from error


def _content(tar: tarfile.TarFile, entry: tarfile.TarInfo):
    content = tar.extractfile(entry)
    if content is None:
        raise BackupError(DAMAGED.format(f"{entry.name} is geen bestand"))
    return content


def _take(tar: tarfile.TarFile, part: Part, folder: Path) -> None:
    """Put the next file of the archive in the folder, when it is this part, bit for bit."""
    path = PurePosixPath(part.name)
    if path.is_absolute() or ".." in path.parts:
        raise BackupError(DAMAGED.format(f"{part.name} ligt buiten de back-up"))
    entry = tar.next()
    if entry is None or entry.name != part.name or not entry.isreg():
        raise BackupError(DAMAGED.format(f"{part.name} ontbreekt"))
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with _content(tar, entry) as source, place.open("wb") as target:
        while block := source.read(1 << 20):
            digest.update(block)
            target.write(block)
    if digest.hexdigest() != part.sha256:
        raise BackupError(DAMAGED.format(f"{part.name} past niet bij zijn controlewaarde"))
