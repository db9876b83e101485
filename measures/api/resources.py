"""What there is to read: every collection once, with its records and how they are fetched.

The API, its document, the page for people and the whole-set downloads all follow this list.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from parties.models import Party

from ..models import (
    Commitment,
    Contribution,
    DeadlineChange,
    Effect,
    Evaluation,
    Finding,
    FindingLink,
    GlossaryTerm,
    Letter,
    Measure,
    Motion,
    ProgressUpdate,
    ReportingMoment,
    Source,
    Statement,
    Theme,
    TimelineEvent,
)
from ..reference_date import ReferenceDate
from . import serializers
from .fields import Record
from .query import MEASURE_FILTERS, REFERENCE, SEARCH, Parameter, Query


@dataclass(frozen=True)
class Resource:
    """A collection. `rows(reference)` gives its public records with all that they tell."""

    name: str
    title: str
    singular: str
    description: str
    serializer: type[Record]
    rows: Callable[[ReferenceDate], QuerySet]
    key: str
    parameters: list[Parameter] = field(default_factory=list)
    # What the serializer needs beside the rows.
    context: Callable[[ReferenceDate], dict[str, Any]] = lambda reference: {}
    # What the parameters choose from the rows.
    choose: Callable[[QuerySet, Query], QuerySet] = lambda rows, query: rows

    @property
    def item_parameters(self) -> list[Parameter]:
        """Those that make sense for one record: the day, and nothing to choose by."""
        return [parameter for parameter in self.parameters if parameter in REFERENCE]


def _search(rows, query):
    return rows.search(query.words) if query.words else rows


def measures(reference: ReferenceDate):
    return (
        Measure.objects.public_as_of(*reference.point)
        .with_deadline_state(reference.day)
        .with_all_public(*reference.point)
    )


def updates(reference: ReferenceDate):
    asked, known_on = reference.point
    rows = ProgressUpdate.objects.public(known_on).latest_first()
    rows = rows.select_related("measure").with_public_details(known_on)
    return rows.up_to(asked) if asked else rows


def deadlines(reference: ReferenceDate):
    asked, known_on = reference.point
    rows = DeadlineChange.objects.public(known_on).latest_first()
    rows = rows.select_related("measure").with_public_details(known_on)
    return rows.up_to(asked) if asked else rows


def contributions(reference: ReferenceDate):
    rows = Contribution.objects.public(reference.known_on).up_to(reference.asked)
    return rows.select_related("party", "measure")


def parties(reference: ReferenceDate):
    numbers = Measure.objects.public_with_status(*reference.point).order_by("number")
    return Party.objects.public().prefetch_related(
        Prefetch("sources", Source.objects.public()),
        Prefetch("led_measures", numbers, to_attr="public_led"),
        Prefetch("involved_measures", numbers.distinct(), to_attr="public_involved"),
    )


def motions(reference: ReferenceDate):
    found = Motion.objects.public(reference.known_on).up_to(reference.asked)
    return found.with_public_details(*reference.point)


def commitments(reference: ReferenceDate):
    found = Commitment.objects.public(reference.known_on).up_to(reference.asked)
    return found.with_public_details(*reference.point)


def themes(reference: ReferenceDate):
    return Theme.objects.prefetch_related(Prefetch("sources", Source.objects.public()))


def counts(reference: ReferenceDate) -> dict[str, Any]:
    return {"tally": Measure.objects.tally(*reference.point)}


def moments(reference: ReferenceDate):
    return (
        ReportingMoment.objects.public(reference.known_on)
        .filter(reference_date__lte=reference.day)
        .select_related("snapshot")
    )


def letters(reference: ReferenceDate):
    told = moments(reference).defer("snapshot__document")
    return (
        Letter.objects.public(reference.known_on)
        .up_to(reference.asked)
        .prefetch_related(
            Prefetch("sources", Source.objects.public()),
            Prefetch("moments", told, to_attr="public_moments"),
        )
    )


def evaluations(reference: ReferenceDate):
    return Evaluation.objects.public(reference.known_on).with_public_sources()


def findings(reference: ReferenceDate):
    there = Measure.objects.public_with_status(*reference.point).values("pk")
    links = FindingLink.objects.public().filter(measure__in=there).order_by("measure__number")
    links = links.select_related("measure").with_public_sources()
    return (
        Finding.objects.public(reference.known_on)
        .with_public_details()
        .prefetch_related(Prefetch("measure_links", links, to_attr="public_links"))
    )


def effects(reference: ReferenceDate):
    numbers = Measure.objects.public_with_status(*reference.point).order_by("number")
    found = Effect.objects.public(reference.known_on).with_public_sources()
    return found.prefetch_related(Prefetch("measures", numbers, to_attr="public_measures"))


def terms(reference: ReferenceDate):
    return GlossaryTerm.objects.public(reference.known_on).with_public_sources()


def statements(reference: ReferenceDate):
    return Statement.objects.public(reference.known_on).with_public_sources()


def sources(reference: ReferenceDate):
    return Source.objects.public(reference.known_on).prefetch_related(
        Prefetch("parties", Party.objects.public())
    )


def events(reference: ReferenceDate):
    found = TimelineEvent.objects.public(reference.known_on).with_public_details()
    return found.over_on(reference.asked)


KNOWN_ON = [parameter for parameter in REFERENCE if parameter.name == "bekendOp"]
SOURCED = "Elk met zekerheid en bronnen."

RESOURCES = [
    Resource(
        "maatregelen",
        "Maatregelen",
        "maatregel",
        "Elke maatregel met zijn stand op de peildatum. Filters als op de website.",
        serializers.MeasureSerializer,
        measures,
        key="number",
        parameters=[*REFERENCE, *MEASURE_FILTERS],
    ),
    Resource(
        "partijen",
        "Partijen",
        "partij",
        "Wie een rol heeft in het stelsel, en in welke maatregelen.",
        serializers.PartySerializer,
        parties,
        key="slug",
        parameters=REFERENCE,
    ),
    Resource(
        "moties",
        "Moties",
        "motie",
        "Wat de Tweede Kamer vroeg, en hoe het is opgepakt.",
        serializers.MotionSerializer,
        motions,
        key="slug",
        parameters=[*REFERENCE, *SEARCH],
        choose=_search,
    ),
    Resource(
        "toezeggingen",
        "Toezeggingen",
        "toezegging",
        "Wat de regering de Tweede Kamer beloofde.",
        serializers.CommitmentSerializer,
        commitments,
        key="slug",
        parameters=[*REFERENCE, *SEARCH],
        choose=_search,
    ),
    Resource(
        "hoofdlijnen",
        "Hoofdlijnen",
        "hoofdlijn",
        "De hoofdlijnen van het programma, met hoeveel maatregelen elke status hebben.",
        serializers.ThemeSerializer,
        themes,
        key="slug",
        parameters=REFERENCE,
        context=counts,
    ),
    Resource(
        "kamerbrieven",
        "Kamerbrieven",
        "Kamerbrief",
        "Brieven aan de Tweede Kamer, met wat elke brief vertelde en de controlewaarde daarvan.",
        serializers.LetterSerializer,
        letters,
        key="key",
        parameters=REFERENCE,
    ),
    Resource(
        "evaluaties",
        "Evaluaties",
        "evaluatie",
        f"De onderzoeken van 2020. {SOURCED}",
        serializers.EvaluationSerializer,
        evaluations,
        key="key",
        parameters=KNOWN_ON,
    ),
    Resource(
        "verbeterpunten",
        "Verbeterpunten",
        "verbeterpunt",
        "Wat volgens de evaluaties beter moest, en welke maatregelen daarop antwoorden.",
        serializers.FindingSerializer,
        findings,
        key="key",
        parameters=REFERENCE,
    ),
    Resource(
        "effecten",
        "Effecten",
        "effect",
        f"Wat mensen van de maatregelen merken. {SOURCED}",
        serializers.EffectSerializer,
        effects,
        key="key",
        parameters=REFERENCE,
    ),
    Resource(
        "gebeurtenissen",
        "Tijdlijn",
        "gebeurtenis",
        f"De gebeurtenissen van de tijdlijn, op volgorde. {SOURCED}",
        serializers.EventSerializer,
        events,
        key="key",
        parameters=REFERENCE,
    ),
    Resource(
        "begrippen",
        "Begrippen",
        "begrip",
        f"De woorden van het vak. {SOURCED}",
        serializers.TermSerializer,
        terms,
        key="slug",
        parameters=KNOWN_ON,
    ),
    Resource(
        "uitspraken",
        "Uitspraken",
        "uitspraak",
        f"Wat bronnen over het geheel zeggen, en wat zij niet zeggen. {SOURCED}",
        serializers.StatementSerializer,
        statements,
        key="key",
        parameters=KNOWN_ON,
    ),
    Resource(
        "bronnen",
        "Bronnen",
        "bron",
        "De stukken waarop alles rust.",
        serializers.SourceSerializer,
        sources,
        key="key",
        parameters=KNOWN_ON,
    ),
]

# What belongs to one measure; in the whole set each is a table of its own.
PARTS = {
    "standen-van-zaken": (updates, serializers.UpdateSerializer),
    "streefdata": (deadlines, serializers.DeadlineSerializer),
    "inbreng": (contributions, serializers.ContributionSerializer),
}
