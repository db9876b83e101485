"""Nothing that is not public gets into an annex: a marker in every hidden place, and a search."""

from datetime import date

import pytest

from measures.annex import build, render
from measures.models import InternalNote, Motion, Statement, Status
from parties.certainty import Certainty
from parties.publication import Publication
from tests.factories import (
    CONCEPT,
    make_commitment,
    make_letter,
    make_measure,
    make_motion,
    make_party,
    make_source,
    make_theme,
    report,
)

from .reading import FORMATS, words_in

pytestmark = pytest.mark.django_db

DAY = date(2024, 12, 31)
MARKER = "Geheimzinnig"
SHOWN = "Zichtbaar"


def concept_update(measure):
    report(measure, Status.DROPPED, on=DAY, explanation=MARKER, publication=CONCEPT)


def withdrawn_update(measure):
    report(measure, Status.DROPPED, on=DAY, explanation=MARKER).withdraw(MARKER)


def later_update(measure):
    report(measure, Status.DROPPED, on=date(2025, 1, 1), explanation=MARKER)


def internal_note(measure):
    InternalNote.objects.create(measure=measure, text=MARKER)


def concept_lead(measure):
    measure.lead = make_party(MARKER, abbreviation=MARKER, publication=CONCEPT)
    measure.save()


def withdrawn_lead(measure):
    party = make_party(f"{MARKER} bureau", abbreviation=MARKER)
    measure.lead = party
    measure.save()
    party.publication = Publication.WITHDRAWN
    party.save()


def concept_measure(measure):
    other = make_measure(MARKER, publication=CONCEPT, description=MARKER)
    report(other, Status.PLANNED, on=DAY, explanation=MARKER)


def concept_sources(measure):
    """Concept sources behind everything in the annex that names its sources."""
    source = make_source(MARKER, paper=MARKER, remark=MARKER, publication=CONCEPT)
    theme = measure.theme
    theme.sources.add(source)
    measure.sources.add(source)
    measure.updates.first().sources.add(source)
    lead = measure.provenances.create(field="lead", certainty=Certainty.STATED)
    lead.sources.add(source)
    motion = make_motion("Motie", proposers=[("Lid", "SP")])
    motion.sources.add(source)
    motion.proposers.get().sources.add(source)
    make_commitment().sources.add(source)
    total = Statement.objects.create(
        key="totaal", topic=Statement.Topic.TOTAL, text="circa 40", publication=Publication.PUBLIC
    )
    total.sources.add(source)


def concept_motion(measure):
    make_motion(
        MARKER,
        request=MARKER,
        ministry_explanation=MARKER,
        measures=[measure],
        proposers=[(MARKER, MARKER)],
        publication=CONCEPT,
    )


def concept_commitment(measure):
    make_commitment(MARKER, text=MARKER, measures=[measure], publication=CONCEPT)


def concept_letter(measure):
    make_motion(
        "Motie",
        ministry_position=Motion.MinistryPosition.DONE,
        fulfilled_by=make_letter(MARKER, summary=MARKER, publication=CONCEPT),
    )


def concept_statement(measure):
    Statement.objects.create(
        key="totaal", topic=Statement.Topic.TOTAL, text=MARKER, publication=CONCEPT
    )


def concept_measure_behind_a_motion(measure):
    make_motion("Motie over meer", measures=[make_measure(MARKER, publication=CONCEPT)])


HIDDEN = [
    concept_update,
    withdrawn_update,
    later_update,
    internal_note,
    concept_lead,
    withdrawn_lead,
    concept_measure,
    concept_sources,
    concept_motion,
    concept_commitment,
    concept_letter,
    concept_statement,
    concept_measure_behind_a_motion,
]


@pytest.fixture
def measure():
    measure = make_measure(f"{SHOWN} onderwerp", theme=make_theme("Toezicht"))
    report(measure, Status.PLANNED, on=date(2024, 1, 1), explanation="Zichtbare stand.")
    return measure


@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__)
def test_what_is_not_public_is_not_in_the_content(measure, hide):
    hide(measure)

    content = build(DAY)

    assert SHOWN in repr(content)
    assert MARKER not in repr(content)
    assert content.summary[-1].numbers[-1] == 1


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_not_public_is_in_no_file(measure, format):
    for hide in HIDDEN:
        if hide is not concept_statement:
            hide(measure)

    words = words_in(render(build(DAY), format), format)

    assert SHOWN in words
    assert MARKER.casefold() not in words.casefold()


@pytest.mark.parametrize("format", FORMATS)
def test_the_search_finds_what_is_in_a_file(measure, format):
    """The tests above would prove nothing if the search were blind."""
    report(measure, Status.PLANNED, on=DAY, explanation=MARKER)

    assert MARKER in words_in(render(build(DAY), format), format)
