"""A document as PDF/A-2a and PDF/UA-1, set by Typst.

The template (paper.typ) gets the content as data, so that no text is taken for
markup. The date of the file is the reference date: same content, same bytes.
"""

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from fontTools.ttLib import TTFont

from .blocks import Block, Grid, Heading, Line, NoteList, Paragraph
from .paper import Paper
from .safety import printable

_HERE = Path(__file__).parent
FONTS = _HERE / "fonts"
# In DejaVu, which Typst brings: the shapes of the statuses, and marks in front of words.
_SHAPES = "?○◔◑●×→"
# A row longer than this may be cut over pages; a shorter one stays together.
_LONG = 1500
_MOST_ROWS = 200


def render(paper: Paper) -> bytes:
    day = paper.day
    data = {
        "title": paper.title,
        "kicker": paper.kicker,
        "subject": paper.subject,
        "footer": paper.footer,
        "full_title": paper.full_title,
        "day": paper.day_line,
        "date": [day.year, day.month, day.day],
        "blocks": [_block(part) for block in paper.blocks for part in _parts(block)],
    }
    return typst.compile(
        _HERE / "paper.typ",
        format="pdf",
        font_paths=[FONTS],
        ignore_system_fonts=True,
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()),
        sys_inputs={"data": shown(json.dumps(data, ensure_ascii=False))},
    )


def _parts(block: Block) -> list[Block]:
    """A very long table as several: Typst takes more than twice the time for twice the rows."""
    if not isinstance(block, Grid) or len(block.rows) <= _MOST_ROWS:
        return [block]
    starts = range(0, len(block.rows), _MOST_ROWS)
    return [replace(block, rows=block.rows[start : start + _MOST_ROWS]) for start in starts]


def _line(line: Line | Heading) -> dict[str, Any]:
    return {
        "text": printable(line.text),
        "notes": line.notes,
        "reading": line.reading,
        "strong": line.strong,
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, **_line(block)}
        case Paragraph():
            return {"kind": "paragraph", "line": _line(block.line), "leads": block.leads}
        case Grid():
            rows = [[[_line(line) for line in cell] for cell in row] for row in block.rows]
            longest = max(
                (sum(len(line.text) for line in cell) for row in block.rows for cell in row),
                default=0,
            )
            return {
                "kind": "grid",
                "columns": block.columns,
                "widths": block.widths,
                "numeric": block.numeric,
                "breakable": longest > _LONG,
                "rows": rows,
            }
        case NoteList():
            items = [(number, printable(text)) for number, text in block.items]
            return {"kind": "notes", "items": items}


@cache
def _known_characters() -> frozenset[str]:
    """What our fonts can show: Fira Sans, and the shapes of the statuses."""
    with TTFont(FONTS / "FiraSans-Regular.ttf") as font:
        return frozenset(map(chr, font.getBestCmap())) | frozenset(_SHAPES)


def shown(text: str) -> str:
    """The text in signs that our fonts can show; a question mark stands for any other.

    PDF/A asks that every character has a glyph.
    """
    return "".join(map(_drawn, unicodedata.normalize("NFC", text)))


@cache
def _drawn(sign: str) -> str:
    known = _known_characters()
    if sign in known:
        return sign
    if unicodedata.category(sign) == "Cf":
        # A joiner or a mark of direction: it has no shape of its own.
        return ""
    # A narrow space is a space, a hyphen that does not break a hyphen, ₂ a 2.
    plain = unicodedata.normalize("NFKC", sign).replace("\u2010", "-")
    return plain if plain != sign and known.issuperset(plain) else "?"
