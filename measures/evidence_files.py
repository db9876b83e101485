"""What kind of file an upload is, told from its content, and whether we take it.

Nine kinds are allowed, none of which a browser runs: no HTML, SVG or program, and no
document with macros or scripts in it. A name alone proves nothing, so the content decides
and the extension must agree with it. Nothing is unpacked to disk.
"""

import hashlib
import io
import re
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.text import slugify

LONGEST_NAME = 150
# A document of pictures and tables stays far below these; a zip bomb does not.
MAX_PARTS = 5_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_DESCRIPTION = 2 * 1024 * 1024
# A picture of more points takes a reader's memory; a page scanned at 600 dpi has 35 million.
MAX_POINTS = 100_000_000
PIECE = 64 * 1024


class Refused(ValueError):
    """A file that we do not take; the message is Dutch, for the person who sent it."""


@dataclass(frozen=True)
class Kind:
    """A kind of file that we take, as readers and browsers know it."""

    extensions: tuple[str, ...]
    label: str
    media_type: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = Kind(("pdf",), "PDF", "application/pdf")
ODT = Kind(("odt",), "ODT", "application/vnd.oasis.opendocument.text")
ODS = Kind(("ods",), "ODS", "application/vnd.oasis.opendocument.spreadsheet")
DOCX = Kind(("docx",), "DOCX", f"{_OFFICE}.wordprocessingml.document")
XLSX = Kind(("xlsx",), "XLSX", f"{_OFFICE}.spreadsheetml.sheet")
PNG = Kind(("png",), "PNG", "image/png")
JPEG = Kind(("jpg", "jpeg"), "JPEG", "image/jpeg")
CSV = Kind(("csv",), "CSV", "text/csv")
TXT = Kind(("txt",), "TXT", "text/plain")
KINDS = [PDF, ODT, ODS, DOCX, XLSX, PNG, JPEG, CSV, TXT]
EXTENSIONS = [extension for kind in KINDS for extension in kind.extensions]
ALLOWED = ", ".join(EXTENSIONS[:-1]) + " of " + EXTENSIONS[-1]


@dataclass(frozen=True)
class Facts:
    """What we know of a file that we took. `size` in bytes, `sha256` in hexadecimal."""

    name: str
    media_type: str
    size: int
    sha256: str


def label_of(media_type: str) -> str:
    """'application/pdf' → 'PDF'."""
    essence = media_type.partition(";")[0]
    return next((kind.label for kind in KINDS if kind.media_type == essence), "bestand")


def too_large(size: int, max_mb: int) -> str:
    """Why a file of `size` bytes is refused, or empty when it is not too large."""
    if size <= max_mb * 1024 * 1024:
        return ""
    found = f"{size / 1024 / 1024:.1f}".replace(".", ",")
    return f"Dit bestand is {found} MB. Een bewijsstuk mag hoogstens {max_mb} MB zijn."


def check(name: str, data: bytes, max_mb: int) -> Facts:
    """Check an upload: its size, its content, and that its name agrees with that.

    Raises Refused with a sentence for the person who sent it.
    """
    name = clean_name(name)
    if not data:
        raise Refused("Dit bestand is leeg.")
    if reason := too_large(len(data), max_mb):
        raise Refused(reason)
    extension = PurePosixPath(name).suffix.removeprefix(".").lower()
    named = next((kind for kind in KINDS if extension in kind.extensions), None)
    if named is None:
        what = f"Een bestand met de naam ‘{name}’ nemen wij niet aan."
        raise Refused(f"{what} Wel: {ALLOWED}.")
    kind, charset = _kind_of(data)
    if kind is TXT and named is CSV:
        # Both are plain text; the name says how to read it.
        kind = CSV
    if kind is not named:
        raise Refused(
            f"Dit bestand heet ‘.{extension}’, maar de inhoud is {kind.label}. "
            "Geef het de naam die bij de inhoud past."
        )
    media_type = f"{kind.media_type}; charset={charset}" if charset else kind.media_type
    return Facts(name, media_type, len(data), hashlib.sha256(data).hexdigest())


def clean_name(name: str) -> str:
    """The name of a file as we keep it to show: without folders or invisible characters."""
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in name)
    name = " ".join(name.split()).strip(". ") or "bestand"
    path = PurePosixPath(name)
    return path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix[:LONGEST_NAME]


def name_for_address(name: str) -> str:
    """'Verslag 4 mei.PDF' → 'verslag-4-mei.pdf'."""
    path = PurePosixPath(name)
    return f"{slugify(path.stem) or 'bewijsstuk'}{path.suffix.lower()}"


def _kind_of(data: bytes) -> tuple[Kind, str]:
    """The kind of this content, and for text how its characters are written."""
    if data.startswith(b"%PDF-"):
        _check_pdf(data)
        return PDF, ""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        _check_png(data)
        return PNG, ""
    if data.startswith(b"\xff\xd8\xff"):
        _check_jpeg(data)
        return JPEG, ""
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(data), ""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            "Dit is een document van een oude versie van Office, of het heeft een wachtwoord. "
            "Sla het op als docx, xlsx of pdf, zonder wachtwoord."
        )
    return TXT, _charset_of(data)


_DAMAGED = "Dit bestand is beschadigd of niet compleet. Maak het opnieuw en probeer het nog eens."
_MACROS = "In dit document zitten macro’s of scripts. Sla het op zonder, of als pdf."


# PDF


def _check_pdf(data: bytes) -> None:
    # A zip file has its contents at its end: one file may be both.
    if b"%%EOF" not in data[-1024:] or zipfile.is_zipfile(io.BytesIO(data)):
        raise Refused(_DAMAGED)
    names = _pdf_names(data)
    if b"/Encrypt" in names:
        raise Refused("Dit pdf-bestand is beveiligd. Sla het op zonder beveiliging.")
    if any(name in names for name in (b"/JavaScript", b"/Launch", b"/EmbeddedFile")):
        raise Refused(
            "In dit pdf-bestand zit een script of een ander bestand. Sla het op als gewone pdf."
        )


def _pdf_names(data: bytes) -> bytes:
    """The text of a PDF in which names of actions can stand, packed objects included."""
    parts, left, end = [data], MAX_UNPACKED, 0
    streams = re.finditer(rb"/ObjStm\b.{0,400}?stream\r?\n", data, re.DOTALL)
    for number, found in enumerate(streams):
        if end < found.end():
            end = data.find(b"endstream", found.end())
        if end < 0 or number == MAX_PARTS:
            raise Refused(_DAMAGED)
        parts.append(_unpacked(memoryview(data)[found.end() : end], left))
        left -= len(parts[-1])
        if left <= 0:
            raise Refused(_too_big_inside())
    # '/J#61vaScript' is the same name as '/JavaScript'.
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), b"\n".join(parts))


def _unpacked(packed: memoryview, most: int) -> bytes:
    """What is packed here, as far as it can be read: at most `most` bytes.

    A piece at a time: zlib copies what it was given and did not use.
    """
    unpacker, found = zlib.decompressobj(), bytearray()
    for place in range(0, len(packed), PIECE):
        try:
            found += unpacker.decompress(packed[place : place + PIECE], most - len(found))
        except zlib.error:
            break
        if unpacker.eof or len(found) >= most:
            break
    return bytes(found)


# Pictures


def _check_png(data: bytes) -> None:
    """Walk through all parts: each whole, and nothing behind the last one."""
    place = 8
    while place + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        end = place + 12 + length
        if end > len(data) or zlib.crc32(data[place + 4 : end - 4]) != int.from_bytes(
            data[end - 4 : end]
        ):
            break
        if kind == b"IHDR" and length >= 8:
            _check_points(*struct.unpack(">II", data[place + 8 : place + 16]))
        if kind == b"IEND" and end == len(data):
            return
        place = end
    raise Refused(_DAMAGED)


def _check_jpeg(data: bytes) -> None:
    """Walk through the parts before the picture itself, and look for its end."""
    place = 2
    while data[place : place + 1] == b"\xff" and place + 9 <= len(data):
        # The marks of a frame; the four left out among them mean something else.
        if 0xC0 <= data[place + 1] <= 0xCF and data[place + 1] not in (0xC4, 0xC8, 0xCC):
            _check_points(*struct.unpack(">HH", data[place + 5 : place + 9]))
        if data[place + 1] == 0xDA:
            if data.rstrip(b"\x00").endswith(b"\xff\xd9"):
                return
            break
        place += 2 + int.from_bytes(data[place + 2 : place + 4])
    raise Refused(_DAMAGED)


def _check_points(one: int, other: int) -> None:
    if one * other > MAX_POINTS:
        raise Refused(
            "Deze afbeelding is te groot: meer dan 100 miljoen punten. Maak haar kleiner."
        )


# Documents that are a zip file with parts


def _kind_of_zip(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_size_inside(package)
            if package.testzip():
                raise Refused(_DAMAGED)
            names = package.namelist()
            if len(set(names)) != len(names):
                raise Refused(_DAMAGED)
            if "mimetype" in names:
                return _kind_of_odf(package, names)
            if "[Content_Types].xml" in names:
                return _kind_of_office(package, names)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        # Among them parts that overlap, parts with a password, and unusual ways of packing.
        raise Refused(_DAMAGED) from error
    raise Refused(f"Een zip-bestand nemen wij niet aan. Wel: {ALLOWED}.")


def _check_size_inside(package: zipfile.ZipFile) -> None:
    """By what the package says of itself; zipfile never reads more of a part than that."""
    parts = package.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refused(_too_big_inside())


def _too_big_inside() -> str:
    return (
        "Uitgepakt is dit bestand veel groter dan een gewoon document "
        f"(meer dan {MAX_UNPACKED // 1024 // 1024} MB). Wij nemen het niet aan."
    )


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    """A part that says what the package is; nobody needs megabytes for that."""
    if package.getinfo(name).file_size > MAX_DESCRIPTION:
        raise Refused(_DAMAGED)
    return package.read(name)


def _kind_of_odf(package: zipfile.ZipFile, names: list[str]) -> Kind:
    media_type = _read(package, "mimetype").strip()
    kind = next((kind for kind in (ODT, ODS) if kind.media_type.encode() == media_type), None)
    if kind is None:
        raise Refused(f"Dit soort document nemen wij niet aan. Wel: {ALLOWED}.")
    if "content.xml" not in names or "META-INF/manifest.xml" not in names:
        raise Refused(_DAMAGED)
    folders = ("Basic/", "Scripts/", "Dialogs/")
    if any(name.startswith(folders) or _HOLDS_PROGRAM.search(name) for name in names):
        raise Refused(_MACROS)
    if b"encryption-data" in _read(package, "META-INF/manifest.xml"):
        raise Refused("Dit document heeft een wachtwoord. Sla het op zonder wachtwoord.")
    return kind


# Programs, and packages within the package: nobody looks into those.
_PROGRAMS = (
    r"\.(exe|dll|js|vbs|bat|cmd|ps1|scr|hta|lnk|msi|zip|7z|rar|gz|tar|jar|iso|img"
    r"|docm|dotm|xlsm|xltm|xlsb)$"
)
_HOLDS_PROGRAM = re.compile(_PROGRAMS, re.IGNORECASE)
_RUNS = re.compile(
    rf"vba(project|data)|(^|/)(activex|macrosheets)/|oleobject[^/]*$|\.(html?|svg)$|{_PROGRAMS}",
    re.IGNORECASE,
)


def _kind_of_office(package: zipfile.ZipFile, names: list[str]) -> Kind:
    types = _read(package, "[Content_Types].xml")
    if b"macroenabled" in types.lower() or b"vbaproject" in types.lower():
        raise Refused(_MACROS)
    if any(_RUNS.search(name) for name in names):
        raise Refused(_MACROS)
    for kind in (DOCX, XLSX):
        if f"{kind.media_type}.main+xml".encode() in types:
            return kind
    raise Refused(f"Dit soort document nemen wij niet aan. Wel: {ALLOWED}.")


# Plain text

_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"\s*<(!doctype|html|head|body|script|svg|\?xml|\?php)", re.IGNORECASE)


def _charset_of(data: bytes) -> str:
    """How the characters of a text are written; refuses what is no text."""
    for charset in ("utf-8", "windows-1252"):
        try:
            text = data.decode(charset)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            break
        if _MARKUP.match(text.removeprefix("\ufeff")) or text.startswith("#!"):
            raise Refused(f"Een webpagina of script nemen wij niet aan. Wel: {ALLOWED}.")
        return charset
    raise Refused(f"Wij herkennen de inhoud van dit bestand niet. Wel: {ALLOWED}.")
