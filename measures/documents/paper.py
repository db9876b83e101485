"""A document as data, for every format."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .blocks import Block
from .table import Table


@dataclass(frozen=True)
class Paper:
    """A document: what stands on top, its blocks, and the same as tables.

    `day` is the date of the file itself: no renderer asks the clock. `day_name` and
    `day_label` say in words of which day it tells: 'Peildatum', '31 december 2024'.
    """

    title: str
    subtitle: str
    dossier: str
    day: date
    day_name: str
    day_label: str
    blocks: Sequence[Block]
    tables: Sequence[Table]

    @property
    def kicker(self) -> str:
        return f"{self.subtitle} · dossier {self.dossier}"

    @property
    def day_line(self) -> str:
        return f"{self.day_name}: {self.day_label}"

    @property
    def subject(self) -> str:
        return f"{self.subtitle}, dossier {self.dossier}"

    @property
    def footer(self) -> str:
        return f"{self.subject}, {self.day_name.lower()} {self.day_label}"

    @property
    def full_title(self) -> str:
        return f"{self.title} ({self.day_label})"
