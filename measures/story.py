"""What the first page tells: the line of the programme, what is new, and what led to what."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from .comparison.changes import name_of_letter
from .models import (
    DeadlineChange,
    Effect,
    Finding,
    FindingLink,
    Measure,
    ProgressUpdate,
    ReportingMoment,
    TimelineEvent,
)
from .once import once
from .reference_date import ReferenceDate

# Of a finding that more measures answer, the first are named and the others counted.
MEASURES_PER_FINDING = 4


def milestones(reference: ReferenceDate) -> list[TimelineEvent]:
    """The events on the line of the programme; for a past day those that were over by then."""
    events = TimelineEvent.objects.public(reference.known_on).milestones()
    asked = reference.asked
    return [event for event in events if asked is None or event.was_over_on(asked)]


@dataclass(frozen=True)
class SinceLetter:
    """What was reported of the time after a letter, in numbers of measures."""

    moment: ReportingMoment
    reported: int
    implemented: int
    shifted: int

    @property
    def letter(self) -> str:
        """'de brief van 29 april 2025'."""
        return name_of_letter(self.moment.letter.title, self.moment.letter.date_label)


def since_last_letter(reference: ReferenceDate) -> SinceLetter | None:
    """What is new since the last letter of `reference.day` or before; None without a letter.

    Counts reports by their dates: to compare every measure with what the letter froze, as
    /vergelijken/ does, costs too much for the first page.
    """
    moments = ReportingMoment.objects.public(reference.known_on)
    moment = (
        moments.filter(reference_date__lte=reference.day)
        .select_related("letter")
        .order_by("-reference_date", "-pk")
        .first()
    )
    if moment is None:
        return None
    after = (moment.reference_date, reference.day, reference.known_on)

    def count() -> SinceLetter:
        return SinceLetter(
            moment,
            **ProgressUpdate.objects.count_measures_between(*after),
            shifted=DeadlineChange.objects.count_measures_shifted_between(*after),
        )

    return once(("since letter", after), count)


@dataclass(frozen=True)
class Answer:
    """A measure that answers a finding; `certainty` says whether a source says so."""

    measure: Measure
    certainty: str

    @property
    def effects(self) -> list[Effect]:
        return self.measure.public_effects


@dataclass
class Chain:
    """A finding, the first measures that answer it, and how many there are in all."""

    finding: Finding
    number: int = 0
    answers: list[Answer] = field(default_factory=list)

    @property
    def others(self) -> int:
        return self.number - len(self.answers)


@dataclass(frozen=True)
class Flow:
    """From finding to measure to result to effect; and the effects that no measure has."""

    chains: Sequence[Chain]
    effects: Sequence[Effect]


def flow(reference: ReferenceDate) -> Flow:
    """What led to what, in a fixed number of queries and bounded by the number of findings."""
    chains = {f.pk: Chain(f) for f in Finding.objects.public(reference.known_on)}
    links = FindingLink.objects.public().of_day(*reference.point)
    chosen = defaultdict(list)
    for row in links.first_of_each_finding(MEASURES_PER_FINDING) if chains else []:
        if chain := chains.get(row["finding"]):
            chain.number = row["number"]
            chosen[row["measure"]].append((chain, row["certainty"]))
    effects = Effect.objects.public(reference.known_on).with_public_sources()
    measures = (
        Measure.objects.public_as_of(*reference.point)
        .filter(pk__in=chosen)
        .with_public_effects(reference.known_on)
    )
    for measure in measures.order_by("number"):
        for chain, certainty in chosen[measure.pk]:
            chain.answers.append(Answer(measure, certainty))
    named = {e.pk for c in chains.values() for answer in c.answers for e in answer.effects}
    return Flow(list(chains.values()), [effect for effect in effects if effect.pk not in named])
