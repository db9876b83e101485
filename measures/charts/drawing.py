"""What every picture is made of: boxes, rules, words and marks on a sheet of any width.

What runs from left to right is a percentage of the width, what runs down is in pixels.
So nothing is scaled: on a phone the words keep their size.
"""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..models import Status

# How many letters fit on a line of 288 pixels, the width of a page on the smallest phone.
LINE = 40
LINE_HEIGHT = 20
KEY_HEIGHT = 24


@dataclass(frozen=True)
class Box:
    """A filled part; `css_class` names what it stands for, `label` is told when pointed at.

    `number` is drawn in the middle. A plain one has neither number, stripes nor edge.
    """

    kind: ClassVar[str] = "box"
    x: float
    y: float
    width: float
    height: float
    css_class: str
    label: str = ""
    number: str = ""
    is_plain: bool = False


@dataclass(frozen=True)
class Rule:
    """A straight line."""

    kind: ClassVar[str] = "rule"
    x1: float
    y1: float
    x2: float
    y2: float
    css_class: str = "site-chart__rule"


@dataclass(frozen=True)
class Words:
    """A line of text on the base line `y`; `dx` moves it some pixels to the right."""

    kind: ClassVar[str] = "words"
    x: float
    y: float
    text: str
    css_class: str = ""
    anchor: str = "start"
    dx: float = 0


@dataclass(frozen=True)
class Mark:
    """A sign at a place, with its middle at (x, y); `form` is one of the forms in mark.svg."""

    kind: ClassVar[str] = "mark"
    x: float
    y: float
    form: str
    css_class: str = ""
    label: str = ""
    text: str = ""


@dataclass(frozen=True)
class Swatch:
    """A small box of 14 pixels for the key."""

    kind: ClassVar[str] = "swatch"
    x: float
    y: float
    css_class: str


Shape = Box | Rule | Words | Mark | Swatch


@dataclass(frozen=True)
class Drawing:
    """A picture: what it is called, what it shows in one sentence or two, and its shapes."""

    name: str
    title: str
    description: str
    height: int
    shapes: Sequence[Shape]


def nothing(name: str, title: str, sentence: str) -> Drawing:
    """A picture of which there is nothing to draw yet: it says so."""
    lines, height = lines_of(sentence, 20)
    return Drawing(name, title, sentence, height, lines)


def lines_of(
    text: str, y: float, css_class: str = "", width: int = LINE
) -> tuple[list[Words], int]:
    """A text in lines that fit on a phone, the first on base line `y`; and how far it comes."""
    lines = textwrap.wrap(text, width) or [""]
    words = [Words(0, y + n * LINE_HEIGHT, line, css_class) for n, line in enumerate(lines)]
    return words, int(y + (len(lines) - 1) * LINE_HEIGHT + 6)


def key(entries: Iterable[tuple[str, str]], y: float) -> tuple[list[Shape], int]:
    """A key of (css class, text) in two columns from `y` down; and its height."""
    shapes: list[Shape] = []
    number = 0
    for number, (css_class, text) in enumerate(entries, start=1):
        x = 50.0 if number % 2 == 0 else 0.0
        top = y + (number - 1) // 2 * KEY_HEIGHT
        shapes += [Swatch(x, top, css_class), Words(x, top + 12, text, "site-chart__small", dx=22)]
    return shapes, (number + 1) // 2 * KEY_HEIGHT


def status_class(status: Status | str) -> str:
    return f"site-status--{Status(status).value}"


def status_key(statuses: Iterable[Status], y: float) -> tuple[list[Shape], int]:
    return key([(status_class(status), status.label) for status in statuses], y)


def fits(number: str, width: float) -> bool:
    """Whether a number can be read in a box of so many per cent, on a phone too."""
    return width >= 3 * len(number) + 2
