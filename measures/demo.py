"""Fictitious measures, for tests and benchmarks only.

Every title says 'Fictief', so that nobody takes the data for real, and the
same seed makes the same data.
"""

import random
from datetime import UTC, date, datetime, time, timedelta

from auditlog.context import disable_auditlog
from django.db import transaction

from parties.certainty import Certainty
from parties.models import Party
from parties.publication import Publication

from .models import DeadlineChange, Measure, ProgressUpdate, Source, Status, Theme
from .periods import Precision

PREFIX = "Fictief: "
START = date(2022, 2, 1)
DAYS = 1500
BATCH = 2000

_VERBS = ["Verbeteren van", "Onderzoek naar", "Afspraken over", "Toezicht op", "Voorlichting over"]
_OBJECTS = ["de monsterneming", "het registratieformulier", "de opleiding", "de steekproef"]
_PLACES = ["bij de proeflocatie", "in het oefengebied", "op de testbank", "in het voorbeeldlab"]
_WORDS = ["de proef is gestart", "het verslag is klaar", "er volgt overleg", "de test loopt"]
_COURSE = [Status.PLANNED, Status.IN_DEVELOPMENT, Status.BEING_INTRODUCED, Status.IMPLEMENTED]


class HoldsRealMeasures(Exception):
    """The database holds measures that this module did not make."""


@disable_auditlog()
@transaction.atomic
def generate(*, measures: int, updates: int, seed: int) -> None:
    """Add `measures` measures with `updates` published updates each.

    Raises HoldsRealMeasures, with nothing written, when any measure in the
    database is not fictitious.
    """
    if Measure.objects.exclude(title__startswith=PREFIX).exists():
        raise HoldsRealMeasures
    dice = random.Random(seed)  # noqa: S311 (made-up data, the same for a seed)
    themes = [_theme(n) for n in range(4)]
    parties = [_party(n) for n in range(12)]
    source, _ = Source.objects.get_or_create(
        key="FICTIEF",
        defaults={"title": f"{PREFIX}verzonnen bron", "publication": Publication.PUBLIC},
    )
    first = (Measure.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    for start in range(first, first + measures, BATCH):
        numbers = range(start, min(start + BATCH, first + measures))
        batch = Measure.objects.bulk_create(_measure(n, dice, themes, parties) for n in numbers)
        ProgressUpdate.objects.bulk_create(
            (row for measure in batch for row in _history(measure, updates, dice)),
            batch_size=BATCH,
        )
        DeadlineChange.objects.bulk_create(
            (row for measure in batch for row in _deadlines(measure, dice)), batch_size=BATCH
        )
        Measure.sources.through.objects.bulk_create(
            Measure.sources.through(measure=measure, source=source) for measure in batch
        )


def _theme(n: int) -> Theme:
    theme, _ = Theme.objects.get_or_create(
        key=f"FICTIEF-{n}",
        defaults={
            "title": f"{PREFIX}hoofdlijn {n + 1}",
            "slug": f"fictieve-hoofdlijn-{n + 1}",
            "position": n,
        },
    )
    return theme


def _party(n: int) -> Party:
    party, _ = Party.objects.get_or_create(
        name=f"{PREFIX}organisatie {n + 1}",
        defaults={
            "slug": f"fictieve-organisatie-{n + 1}",
            "kind": Party.Kind.values[n % len(Party.Kind.values)],
            "sector": Party.Sector.PUBLIC,
            "publication": Publication.PUBLIC,
        },
    )
    return party


def _measure(number: int, dice: random.Random, themes, parties) -> Measure:
    what = f"{dice.choice(_VERBS)} {dice.choice(_OBJECTS)} {dice.choice(_PLACES)}"
    return Measure(
        number=number,
        title=f"{PREFIX}{what} {number}",
        description=f"Verzonnen omschrijving van {what.lower()}.",
        theme=dice.choice(themes),
        lead=dice.choice([None, *parties]),
        certainty=Certainty.INFERRED,
        publication=Publication.PUBLIC,
        published_at=_moment(START),
    )


def _deadlines(measure: Measure, dice: random.Random):
    """None, or an original date, which every fourth time was moved later on."""
    if dice.random() >= 0.7:
        return
    first = START + timedelta(days=dice.randrange(2 * DAYS))
    yield DeadlineChange(
        measure=measure, deadline=first, is_original=True, published_at=_moment(START), **_SHOWN
    )
    if dice.random() < 0.25:
        day = START + timedelta(days=dice.randrange(DAYS))
        yield DeadlineChange(
            measure=measure,
            deadline=first + timedelta(days=dice.randrange(30, 400)),
            reporting_date=day,
            reason=f"Verzonnen reden: {dice.choice(_WORDS)}.",
            published_at=_moment(day),
            **_SHOWN,
        )


_SHOWN = {
    "precision": Precision.DAY,
    "certainty": Certainty.INFERRED,
    "publication": Publication.PUBLIC,
}


def _history(measure: Measure, updates: int, dice: random.Random):
    days = sorted(dice.sample(range(DAYS), updates))
    step = dice.randrange(2)
    for n, offset in enumerate(days):
        step = min(step + (dice.random() < 0.3), len(_COURSE) - 1)
        ends = n == updates - 1 and dice.random() < 0.05
        day = START + timedelta(days=offset)
        yield ProgressUpdate(
            measure=measure,
            reporting_date=day,
            status=Status.DROPPED if ends else _COURSE[step],
            explanation=f"Verzonnen stand: {dice.choice(_WORDS)}.",
            certainty=Certainty.INFERRED,
            publication=Publication.PUBLIC,
            published_at=_moment(day),
        )


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)
