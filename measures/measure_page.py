"""What the page of one measure says, read in few and light queries.

The page is made for every measure and every day that somebody asks for. So it reads no columns
that it does not show, looks for nothing that no record names, and for the sources of all its
statements together.
"""

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
from .reference_date import ReferenceDate


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


def read(number: int, reference: ReferenceDate) -> MeasurePage:
    """Read the page of the measure with this number. Raises Measure.DoesNotExist.

    What is not public stays away, also what a public record names.
    """
    day, known_on = reference.point
    measures = Measure.objects.public_as_of(day, known_on)
    measure = measures.with_deadline_state(reference.day).select_related("theme").get(number=number)
    _fetch_parties(measure)
    _fetch_reports(measure, reference)
    measure.public_provenances = list(measure.provenances.order_by("field"))
    motions = Motion.objects.public(known_on).up_to(day).filter(measures=measure)
    commitments = Commitment.objects.public(known_on).up_to(day).filter(measures=measure)
    contributions = Contribution.objects.public(known_on).up_to(day).filter(measure=measure)
    others = Measure.objects.public_with_status(day, known_on).for_links()
    page = MeasurePage(
        measure=measure,
        absorbed=list(measures.absorbed_by(measure, day, known_on).for_links()),
        findings=list(FindingLink.objects.public().for_measure(measure)),
        motions=list(motions.for_links()),
        commitments=list(commitments.for_links()),
        effects=list(Effect.objects.public(known_on).filter(measures=measure)),
        contributions=list(contributions.for_page()),
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


def _fetch_reports(measure: Measure, reference: ReferenceDate) -> None:
    """Fetch the updates and the ledger of deadlines up to the day, latest first."""
    day, known_on = reference.point
    updates = measure.updates.published(known_on).latest_first().with_is_corrected(known_on)
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
    prefetch_related_objects(
        measure.public_updates,
        Prefetch("evidence", Evidence.objects.public(known_on), to_attr="public_evidence"),
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
