"""What can be compared: the state on a day, or what a letter said.

An endpoint is written as 'JJJJ-MM-DD' or as the slug of a public reporting moment.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import formats

from .. import snapshot
from ..annex.content import AnnexContent, build
from ..models import ReportingMoment, Snapshot
from ..reference_date import EARLIEST


class BadEndpoint(ValueError):
    """A moment that cannot be compared; the message is a Dutch sentence."""


@dataclass(frozen=True)
class Endpoint:
    """One side of a comparison; `text` is how an address writes it."""

    text: str
    day: date
    moment: ReportingMoment | None = None

    @property
    def is_letter(self) -> bool:
        return self.moment is not None

    def content(self) -> AnnexContent:
        """What was said then: read back from what was frozen, or built from the record.

        Raises CorruptSnapshot when what was frozen is damaged.
        """
        if self.moment is None:
            return build(self.day)
        frozen = Snapshot.objects.select_related("moment").get(moment=self.moment)
        return snapshot.read(frozen)


def public_moments() -> list[ReportingMoment]:
    """The letters to choose from, the latest first."""
    return list(ReportingMoment.objects.public().select_related("letter"))


def endpoint(text: str, moments: Sequence[ReportingMoment], *, today: date) -> Endpoint:
    """Read one endpoint. Raises BadEndpoint for a day that does not exist or is still to
    come, and for a letter that is not public."""
    text = text.strip()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _of_letter(text, moments)
    if day < EARLIEST:
        raise BadEndpoint(f"Deze datum ligt voor {EARLIEST.year}. Kies een latere dag.")
    if day > today:
        label = formats.date_format(day, "j F Y")
        raise BadEndpoint(f"{label} ligt in de toekomst. Kies vandaag of een eerdere dag.")
    return Endpoint(day.isoformat(), day)


def _of_letter(text: str, moments: Sequence[ReportingMoment]) -> Endpoint:
    for moment in moments:
        if moment.slug == text:
            return Endpoint(text, moment.reference_date, moment)
    if re.fullmatch(r"[\d\s./-]+", text):
        raise BadEndpoint(
            f"De datum ‘{text[:40]}’ bestaat niet. "
            "Schrijf een datum als jaar-maand-dag, bijvoorbeeld 2024-12-31."
        )
    raise BadEndpoint(
        f"Wij kennen geen brief of datum ‘{text[:40]}’. Kies een brief uit de lijst, of een datum."
    )


def in_order(before: Endpoint, after: Endpoint) -> None:
    """Raise BadEndpoint when the first moment lies after the second."""
    if before.day > after.day:
        first = formats.date_format(before.day, "j F Y")
        second = formats.date_format(after.day, "j F Y")
        raise BadEndpoint(
            f"Dit moment ({first}) ligt na het tweede ({second}). Kies hier een vroeger moment."
        )
