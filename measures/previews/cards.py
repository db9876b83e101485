"""What a preview picture says: a title, how it stands, and of which day that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.text import Truncator

from ..charts import REPORTED_ORDER
from ..models import Measure, Motion, ReportingMoment, Status

# A longer title would not be legible on a card.
LONGEST = 150


@dataclass(frozen=True)
class Card:
    """The texts of one picture; two cards that are equal look the same.

    `status` is a stored status, whose shape and colour are drawn beside `state`; `bar` has a
    stored status and its share in percent.
    """

    kicker: str
    title: str
    state: str
    day: str
    status: str = ""
    bar: tuple[tuple[str, float], ...] = ()


def of_site(counts: Mapping[Any, int], day: date) -> Card:
    """The whole: `counts` has a number per status on `day`."""
    done, known = counts[Status.IMPLEMENTED], sum(counts.values())
    return Card(
        kicker="Kwalibo: kwaliteit van werk in de bodem",
        title="Hoe ver zijn de verbetermaatregelen?",
        state=_share(done, known),
        day=_as_of(day),
        bar=tuple(
            (status.value, 100 * counts[status] / known)
            for status in REPORTED_ORDER
            if counts.get(status)
        ),
    )


def of_measure(measure: Measure, day: date) -> Card:
    """A measure with its standing on `day` (`as_of`)."""
    return Card(
        kicker=f"Maatregel {measure.code}",
        title=_short(measure.title),
        state=measure.standing_label,
        status=measure.standing_status,
        day=_as_of(day),
    )


def of_motion(motion: Motion, day: date) -> Card:
    """A motion: what the ministry says of it. Parliament's view stands on the page."""
    return Card(
        kicker=f"Motie {motion.paper}".strip(),
        title=_short(motion.title),
        state=f"Volgens het ministerie: {motion.get_ministry_position_display().lower()}",
        day=_as_of(day),
    )


def of_letter(moment: ReportingMoment) -> Card:
    """What a letter told. A reconstruction says so on its picture too."""
    return Card(
        kicker=moment.letter.get_kind_display(),
        title=_short(moment.title),
        state="Reconstructie uit openbare bronnen"
        if moment.is_reconstruction
        else "Zoals de Kamer het las",
        day=_as_of(moment.reference_date),
    )


def _share(done: int, known: int) -> str:
    if not known:
        return "Nog geen maatregelen"
    what = "bekende maatregel" if known == 1 else "bekende maatregelen"
    return f"{done} van {known} {what} geïmplementeerd"


def _short(title: str) -> str:
    return Truncator(title).chars(LONGEST)


def _as_of(day: date) -> str:
    return f"Stand op {formats.date_format(day, 'j F Y')}"
