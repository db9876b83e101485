"""A picture as a file of its own: with its colours in it, for use anywhere.

The colours are those of `static/css/tokens.css`, read from there: a house style that replaces
that file colours these files too. They are written out, since office programs that take an
SVG know no custom properties.
"""

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from .charts import Drawing
from .models import Status

WIDTH = 760
MARGIN = 20
# Above the picture its title, below it where it comes from.
HEAD, FOOT = 52, 34


def render(chart: Drawing, *, stand: str, address: str) -> str:
    """The picture as an SVG document; `stand` says of which day it is, `address` where it is."""
    return render_to_string(
        "charts/file.svg",
        {
            "chart": chart,
            "stand": stand,
            "address": address,
            "style": style(),
            "width": WIDTH,
            "height": HEAD + chart.height + FOOT + 2 * MARGIN,
            "inner": WIDTH - 2 * MARGIN,
            "margin": MARGIN,
            "top": MARGIN + HEAD,
            "foot": MARGIN + HEAD + chart.height + FOOT - 4,
        },
    )


@lru_cache(maxsize=1)
def style() -> str:
    """The rules of the file: light, and dark where the reader wants that."""
    light, dark = palettes()
    return render_to_string(
        "charts/file.css",
        {"schemes": [("", light), ("(prefers-color-scheme: dark)", dark)]},
    ).strip()


@lru_cache(maxsize=1)
def style_hash() -> str:
    """What a Content-Security-Policy calls this style: 'sha256-…'."""
    digest = hashlib.sha256(style().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def palettes() -> tuple[dict, dict]:
    """The colours of tokens.css by name without '--site-', light and dark.

    Each has `statuses` too: (stored value, bar, number on the bar) per status.
    """
    found = finders.find("css/tokens.css")
    assert found, "static/css/tokens.css is part of this repository"
    css = Path(found).read_text()
    head, _, rest = css.partition("@media screen and (prefers-color-scheme: dark)")
    # Part 3 passes the values on, and defines none.
    dark_part = rest.partition("/* 3.")[0]
    light = _colours(head)
    return _palette(light), _palette(light | _colours(dark_part))


def _colours(css: str) -> dict[str, str]:
    found = re.findall(r"--site-([\w-]+):\s*([^;]+);", css)
    return {name.replace("-", "_"): value for name, value in found}


def _palette(colours: dict[str, str]) -> dict:
    names = [(status.value, status.value.replace("-", "_")) for status in Status]
    return colours | {
        "statuses": [
            (value, colours[f"{name}_bar"], colours[f"{name}_bar_text"]) for value, name in names
        ]
    }
