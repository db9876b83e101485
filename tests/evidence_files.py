"""Small real files of every kind that we take, and of some that we do not."""

import io
import struct
import zipfile
import zlib

import docx
import odfdo
import xlsxwriter

TEXT = "Verslag van het overleg: café."


def pdf(extra: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + extra + b">>\nendobj\ntrailer <<>>\n%%EOF\n"


def pdf_with_packed(extra: bytes) -> bytes:
    """A PDF with an object in a packed stream, where no plain search finds it."""
    packed = zlib.compress(b"1 0 << " + extra + b" >>")
    return (
        b"%PDF-1.7\n2 0 obj\n<< /Type /ObjStm /N 1 /Filter /FlateDecode >>\nstream\n"
        + packed
        + b"\nendstream\nendobj\n%%EOF\n"
    )


def png(width: int = 1, height: int = 1) -> bytes:
    def part(kind, content):
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    picture = part(b"IDAT", zlib.compress(b"\x00\x00"))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + picture + part(b"IEND", b"")


def jpeg(width: int = 1, height: int = 1) -> bytes:
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    head = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return b"\xff\xd8" + head + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\xff\xd9"


def odf(kind: str) -> bytes:
    out = io.BytesIO()
    odfdo.Document(kind).save(out)
    return out.getvalue()


def docx_file() -> bytes:
    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(TEXT)
    document.save(out)
    return out.getvalue()


def xlsx() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write(0, 0, TEXT)
    return out.getvalue()


def with_part(package: bytes, name: str, content: bytes) -> bytes:
    """The same package with one part more."""
    out = io.BytesIO(package)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def with_changed_part(package: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The same package with other words in one part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.namelist():
            content = before.read(part)
            if part == name:
                assert old in content
                content = content.replace(old, new)
            after.writestr(part, content)
    return out.getvalue()


GOOD = {
    "verslag.pdf": (pdf(), "application/pdf"),
    "verslag.odt": (odf("text"), "application/vnd.oasis.opendocument.text"),
    "cijfers.ods": (odf("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
    "verslag.docx": (
        docx_file(),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "cijfers.xlsx": (
        xlsx(),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "foto.png": (png(), "image/png"),
    "foto.jpg": (jpeg(), "image/jpeg"),
    "foto.jpeg": (jpeg(), "image/jpeg"),
    "cijfers.csv": (b"maatregel;aantal\r\n7;3\r\n", "text/csv; charset=utf-8"),
    "verslag.txt": (TEXT.encode(), "text/plain; charset=utf-8"),
    "oud.txt": (TEXT.encode("windows-1252"), "text/plain; charset=windows-1252"),
}


def status_of(client, address: str) -> int:
    """The status of the answer for a file. It is read to the end, which closes it as a server
    does; closed by hand it would end the transaction of the test."""
    answer = client.get(address)
    answer.getvalue()
    return answer.status_code
