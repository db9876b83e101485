"""A card as a picture (PNG), set by Typst.

A picture takes some tens of milliseconds. The latest stay in memory, one at a time is made in
each process, and who would wait too long for his turn is told to come back: however many ask,
the pages keep their share of the machine.
"""

import hashlib
import json
import threading
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import typst
from django.template.loader import render_to_string

from ..documents.pdf import FONTS, shown
from .cards import Card

WIDTH, HEIGHT = 1200, 630
# Raise this when the same card gets another look.
LAYOUT = 1
# How many pictures stay in the memory of a process; one is some 40 kB.
KEPT = 100
# How long somebody may wait for his turn.
PATIENCE_SECONDS = 2

_HERE = Path(__file__).parent
_making = threading.Lock()
# The edge and the bar of every status, as in static/css/tokens.css in the light.
COLOURS = {
    "onbekend": ("#55616c", "#e2e6ea"),
    "gepland": ("#465a6c", "#b9cddd"),
    "in-uitwerking": ("#1461a0", "#6ba6d6"),
    "wordt-doorgevoerd": ("#0d4a6e", "#17659a"),
    "geimplementeerd": ("#1d6b40", "#14502f"),
    "vervallen": ("#8b3a2b", "#8b3a2b"),
    "opgegaan-in": ("#694a86", "#927ab0"),
}
INK = "#17222c"
_MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" '
    'rx="6" fill="#fff"/><path d="M11 7v18M21 7 12 16l9 9" fill="none" stroke="#0d4a6e" '
    'stroke-width="4"/></svg>'
)


class Busy(Exception):
    """Too many ask for a picture at once."""


def digest(card: Card) -> str:
    """What tells two pictures apart, without making either."""
    text = json.dumps([LAYOUT, asdict(card)], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=KEPT)
def render(card: Card) -> bytes:
    """The picture of a card. Raises Busy when its turn does not come in time."""
    data = {
        "kicker": card.kicker,
        "title": card.title,
        "state": card.state,
        "day": card.day,
        "mark": _MARK,
        "shape": _shape(card.status) if card.status else "",
        "colour": COLOURS[card.status][0] if card.status else INK,
        "bar": [{"colour": COLOURS[name][1], "share": share} for name, share in card.bar],
    }
    if not _making.acquire(timeout=PATIENCE_SECONDS):
        raise Busy
    try:
        return typst.compile(
            _HERE / "card.typ",
            format="png",
            ppi=72,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            sys_inputs={"data": shown(json.dumps(data, ensure_ascii=False))},
        )
    finally:
        _making.release()


def _shape(status: str) -> str:
    """The shape of a status, as the pages draw it."""
    drawn = render_to_string("components/status_shape.html", {"value": status})
    start = drawn.index("<svg")
    return (
        drawn[start:]
        .replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
        .replace("currentColor", COLOURS[status][0])
    )
