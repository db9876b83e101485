"""What the page of one measure says, read in few and light queries.

The page is made for every measure and every day that somebody asks for. So it reads no columns
that it does not show, looks for nothing that no record names, and for the sources of all its
statements together. What few measures have is asked for those alone that may have it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects

from parties.models import Party

from .models import (
    Commitment,
    Contribution,
    Effect,
    Evidence,
    FindingLink,
    Letter,
    Measure,
    Motion,
    ProgressUpdate,
    ReportingMoment,
    fetch_public_sources,
)
from .once import once
from .reference_date import ReferenceDate

# With more rows of a kind than this it is asked of every measure: what is kept stays small, and
# so does the work of finding it.
MOST_ROWS = 100


@dataclass(frozen=True)
class MeasurePage:
    """A measure as it stood on a day, and what there is about it; all of it public.

    Each statement has `public_sources`. `previous` and `next` are its neighbours by number.
    """

    measure: Measure
    absorbed: list[Measure]
    findings: list[FindingLink]
    motions: list[Motion]
    commitments: list[Commitment]
    effects: list[Effect]
    contributions: list[Contribution]
    moments: list[ReportingMoment]
    previous: Measure | None
    next: Measure | None


@dataclass(frozen=True)
class Rare:
    """Which measures (ids) may have something of a kind; None where there are too many to keep."""

    measures: Mapping[str, frozenset[int] | None]

    def may_be(self, measure: Measure, kind: str) -> bool:
        those = self.measures[kind]
        return those is None or measure.pk in those

    def of(self, measure: Measure, kind: str, records: Callable[[], Iterable]) -> list:
        """The records of this kind; they are made, and asked for, only where some may be."""
        return list(records()) if self.may_be(measure, kind) else []


def _measures_that_may_have() -> dict[str, frozenset[int] | None]:
    """Of each kind that few measures have: the measures (ids) with a row, public or not.

    It leaves out no row that is public in this version of the data: a row becomes public by a
    change that raises the version. Whether anybody may see it is asked of the row itself.
    """
    updates = ProgressUpdate.objects.order_by()
    kinds = {
        "absorbed": updates.filter(merged_into__isnull=False).values_list("merged_into"),
        "corrections": updates.filter(corrects__isnull=False).values_list("corrects__measure"),
        "evidence": Evidence.objects.order_by().values_list("update__measure"),
        "motions": Motion.measures.through.objects.values_list("measure"),
        "commitments": Commitment.measures.through.objects.values_list("measure"),
        "effects": Effect.measures.through.objects.values_list("measure"),
        "contributions": Contribution.objects.order_by().values_list("measure"),
    }
    return {kind: _few(rows) for kind, rows in kinds.items()}


def _few(rows) -> frozenset[int] | None:
    found = [pk for (pk,) in rows[: MOST_ROWS + 1]]
    return frozenset(found) if len(found) <= MOST_ROWS else None


def read(number: int, reference: ReferenceDate) -> MeasurePage:
    """Read the page of the measure with this number. Raises Measure.DoesNotExist.

    What is not public stays away, also what a public record names.
    """
    # Before the rest: what may be there is never older than what is asked for then.
    rare = Rare(once("measures that may have", _measures_that_may_have))
    day, known_on = reference.point
    measures = Measure.objects.public_as_of(day, known_on)
    measure = measures.with_deadline_state(reference.day).select_related("theme").get(number=number)
    _fetch_parties(measure)
    _fetch_reports(measure, reference, rare)
    measure.public_provenances = list(measure.provenances.order_by("field"))
    others = Measure.objects.public_with_status(day, known_on).for_links()
    page = MeasurePage(
        measure=measure,
        absorbed=rare.of(
            measure,
            "absorbed",
            lambda: measures.absorbed_by(measure, day, known_on).for_links(),
        ),
        findings=list(FindingLink.objects.public().for_measure(measure)),
        motions=rare.of(
            measure,
            "motions",
            lambda: Motion.objects.public(known_on).up_to(day).filter(measures=measure).for_links(),
        ),
        commitments=rare.of(
            measure,
            "commitments",
            lambda: (
                Commitment.objects.public(known_on).up_to(day).filter(measures=measure).for_links()
            ),
        ),
        effects=rare.of(
            measure,
            "effects",
            lambda: Effect.objects.public(known_on).filter(measures=measure),
        ),
        contributions=rare.of(
            measure,
            "contributions",
            lambda: (
                Contribution.objects.public(known_on).up_to(day).filter(measure=measure).for_page()
            ),
        ),
        moments=list(ReportingMoment.objects.public(known_on).telling(number, reference.day)),
        previous=others.filter(number__lt=number).order_by("-number").first(),
        next=others.filter(number__gt=number).order_by("number").first(),
    )
    fetch_public_sources(
        [measure],
        measure.public_provenances,
        measure.public_involvements,
        measure.public_updates,
        measure.public_deadline_changes,
        page.findings,
        page.effects,
    )
    return page


def _fetch_parties(measure: Measure) -> None:
    """Fetch lead and involved parties; one that is not public stays away."""
    _fetch_named([measure], Prefetch("lead", Party.objects.public().for_links()))
    measure.public_involvements = list(measure.involvements.public().with_party_for_links())


def _fetch_reports(measure: Measure, reference: ReferenceDate, rare: Rare) -> None:
    """Fetch the updates and the ledger of deadlines up to the day, latest first."""
    day, known_on = reference.point
    updates = measure.updates.published(known_on).latest_first()
    if rare.may_be(measure, "corrections"):
        updates = updates.with_is_corrected(known_on)
    changes = measure.deadline_changes.published(known_on).latest_first()
    if day is not None:
        updates, changes = updates.up_to(day), changes.up_to(day)
    measure.public_updates = list(updates)
    measure.public_deadline_changes = list(changes)
    letter = Prefetch("letter", Letter.objects.public(known_on))
    _fetch_named(
        measure.public_updates,
        letter,
        Prefetch("merged_into", Measure.objects.public().for_links()),
        Prefetch("corrects", ProgressUpdate.objects.published(known_on)),
    )
    _fetch_named(measure.public_deadline_changes, letter)
    if rare.may_be(measure, "evidence"):
        evidence = Evidence.objects.public(known_on)
        prefetch_related_objects(
            measure.public_updates, Prefetch("evidence", evidence, to_attr="public_evidence")
        )


def _fetch_named(records, *lookups: Prefetch) -> None:
    """Fetch what foreign keys of these records name.

    Django asks for what no record names too: it makes a whole query to find that it is empty.
    """
    for lookup in lookups:
        column = f"{lookup.prefetch_to}_id"
        naming = [record for record in records if getattr(record, column) is not None]
        if naming:
            prefetch_related_objects(naming, lookup)
