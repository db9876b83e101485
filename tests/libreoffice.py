"""Opening a document as an official does, in LibreOffice, and looking at its pages.

For people: `python -m tests.libreoffice bijlage.odt pages/` makes one picture per page.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.machine import needs

# Every start writes its own settings; on a busy machine that takes a while.
PATIENCE = 120


def to_pdf(document: bytes, format: str) -> bytes:
    """The document as LibreOffice sets it; fails when LibreOffice cannot open it."""
    return convert(document, format, "pdf")


def convert(document: bytes, format: str, into: str) -> bytes:
    """The document as LibreOffice saves it in another format."""
    needs(shutil.which("soffice"), "LibreOffice is not on this machine")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / f"document.{format}"
        source.write_bytes(document)
        # Settings of its own for each time: two that share them wait for each other.
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        said = _soffice(profile, "--convert-to", into, "--outdir", name, str(source))
        result = source.with_suffix(f".{into}")
        # LibreOffice ends with 0 whether or not it could read the file.
        assert result.exists(), f"LibreOffice cannot open this {format}: {said}"
        return result.read_bytes()


def pictures(pdf: bytes, dpi: int = 80) -> list[bytes]:
    """A PNG of every page."""
    needs(shutil.which("pdftoppm"), "poppler-utils is not on this machine")
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(
            ["pdftoppm", "-png", "-r", str(dpi), "-", f"{name}/page"], input=pdf, check=True
        )
        return [path.read_bytes() for path in sorted(Path(name).glob("page*.png"))]


def _soffice(*words: str) -> str:
    """Run LibreOffice without a screen; returns what it said."""
    process = subprocess.Popen(
        ["soffice", "--headless", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # `soffice` starts the real program; one that hangs has to end with it.
        start_new_session=True,
    )
    try:
        return process.communicate(timeout=PATIENCE)[0].strip()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def main(source: str, target: str = "."):
    path, folder = Path(source), Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    data = path.read_bytes()
    pdf = data if path.suffix == ".pdf" else to_pdf(data, path.suffix.lstrip("."))
    for number, picture in enumerate(pictures(pdf), start=1):
        (folder / f"{path.stem}-{number}.png").write_bytes(picture)


if __name__ == "__main__":
    main(*sys.argv[1:])
