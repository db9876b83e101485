"""What the accessibility page may claim: the status from the register, and our own tests."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

# Written by tests/browser/accessibility.py, from a run over the real pages.
RESULTS = settings.BASE_DIR / "docs" / "toegankelijkheid.json"

# The statuses of the register (digitoegankelijk.nl), in our words.
STATUSES = {
    "A": (
        "voldoet volledig",
        "Deskundigen hebben de hele website onderzocht. Die voldoet aan alle eisen.",
    ),
    "B": (
        "voldoet gedeeltelijk",
        "Deskundigen hebben de hele website onderzocht. Die voldoet nog niet aan alle eisen. "
        "In de verklaring staat wat er nog fout is, en wanneer dat klaar is.",
    ),
    "C": (
        "eerste maatregelen genomen",
        "Er is nog geen volledig onderzoek. Dat staat wel gepland.",
    ),
    "D": ("voldoet niet", "Er is nog geen volledig onderzoek, en het staat ook niet gepland."),
}
MODES = {
    "light": "licht",
    "dark": "donker",
    "forced-colors": "met hoog contrast",
    "print": "op papier",
}


@dataclass(frozen=True)
class Violation:
    """A rule of axe-core that a page broke, where, and how often."""

    page: str
    width: int
    mode: str
    rule: str
    text: str
    number: int


@dataclass(frozen=True)
class Look:
    """How every page was looked at: the width of the screen in CSS pixels, and the mode."""

    width: int
    mode: str

    def __str__(self) -> str:
        return f"{self.width} pixels {MODES.get(self.mode, self.mode)}"


@dataclass(frozen=True)
class Results:
    """One run of our own tests: every page of `pages` (paths) in every way of `looks`."""

    day: date
    axe: str
    rules: tuple[str, ...]
    pages: tuple[str, ...]
    looks: tuple[Look, ...]
    violations: tuple[Violation, ...]


def parse(document: dict[str, Any]) -> Results:
    """The results in a document. Raises KeyError, TypeError or ValueError when it is no such."""
    return Results(
        day=date.fromisoformat(document["date"]),
        axe=str(document["axe"]),
        rules=tuple(document["rules"]),
        pages=tuple(document["pages"]),
        looks=tuple(Look(**row) for row in document["looks"]),
        violations=tuple(Violation(**row) for row in document["violations"]),
    )


@lru_cache(maxsize=1)
def results(path: Path = RESULTS) -> Results | None:
    """The results of the last run that was kept; None when there is no file or it is damaged.

    Read once: the file changes with the code.
    """
    try:
        return parse(json.loads(path.read_text()))
    except (OSError, KeyError, TypeError, ValueError):
        return None


@dataclass(frozen=True)
class Statement:
    """What the register says of this site."""

    url: str
    status: str
    name: str
    meaning: str
    audited_on: date | None


def statement() -> Statement | None:
    """The statement in the register; None until the settings name one with its status."""
    url, status = settings.ACCESSIBILITY_STATEMENT_URL, settings.ACCESSIBILITY_STATUS
    if not url or status not in STATUSES:
        return None
    return Statement(url, status, *STATUSES[status], settings.ACCESSIBILITY_AUDITED_ON)
