# ruff: noqa: INP001 (a script of its own)
"""Make the fonts of the PDF from those of the web: one TTF per weight, with every alphabet.

    npm pack @fontsource/fira-sans@5.3.0 && tar xzf fontsource-fira-sans-*.tgz
    .venv/bin/python docs/vormgeving/merge_fonts.py package/files

The files for the web are cut up by alphabet; a name such as Şahin or Łódź needs more
than the first. Needs fonttools[woff].
"""

import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parents[2] / "measures" / "annex" / "fonts"
ALPHABETS = ["latin", "latin-ext", "vietnamese", "greek", "cyrillic"]
WEIGHTS = {400: "FiraSans-Regular.ttf", 600: "FiraSans-SemiBold.ttf"}


def merge(source: Path, weight: int, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for alphabet in ALPHABETS:
            font = TTFont(source / f"fira-sans-{alphabet}-{weight}-normal.woff2")
            font.flavor = None
            parts.append(f"{folder}/{alphabet}.ttf")
            font.save(parts[-1])
        merged = Merger().merge(parts)
        # A fixed date: the same sources make the same file.
        merged["head"].created = merged["head"].modified = 0
        merged.recalcTimestamp = False
        merged.save(target)


if __name__ == "__main__":
    for weight, name in WEIGHTS.items():
        merge(Path(sys.argv[1]), weight, TARGET / name)
