"""From concept to public: whatever is tried, in whatever order, two people see every text."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings, strategies

from measures.models import ProgressUpdate, ReviewStep, Stage, Status
from measures.rules import State
from parties.publication import Publication
from tests.desk.people import colleague
from tests.factories import CONCEPT, make_measure, make_moment, report

DAY = date(2024, 1, 1)


@pytest.fixture
def measure(db):
    return make_measure()


@pytest.fixture
def concept(measure, writer):
    return report(measure, Status.PLANNED, on=DAY, publication=CONCEPT, author=writer)


def test_a_text_goes_from_one_person_to_another_to_the_public(concept, measure, writer, approver):
    concept.submit(writer, "Klopt de datum?")
    concept.approve(approver)
    assert measure.updates.public().count() == 0

    concept.publish(writer)

    measure.refresh_from_db()
    assert measure.status == Status.PLANNED
    assert [(step.kind, step.by, step.comment) for step in concept.steps.all()] == [
        (ReviewStep.Kind.SUBMITTED, writer, "Klopt de datum?"),
        (ReviewStep.Kind.APPROVED, approver, ""),
        (ReviewStep.Kind.PUBLISHED, writer, ""),
    ]
    concept.refresh_from_db()
    assert (concept.approved_by, concept.approved_alone) == (approver, False)


def test_nothing_is_public_without_a_second_person(concept, writer, approver):
    for step in (concept.publish, lambda by: concept.hold(make_moment(on=DAY), by)):
        with pytest.raises(ValidationError, match="Bied het eerst ter goedkeuring aan"):
            step(writer)
    with pytest.raises(ValidationError, match="Bied het eerst ter goedkeuring aan"):
        concept.approve(approver)
    concept.submit(writer)
    with pytest.raises(ValidationError, match="nog niet akkoord"):
        concept.publish(approver)
    with pytest.raises(ValidationError, match="geen rechten"):
        concept.approve(writer)


def test_what_is_sent_back_says_why_and_starts_again(concept, writer, approver):
    concept.submit(writer)
    with pytest.raises(ValidationError, match="Zeg wat er anders moet"):
        concept.send_back(approver, "  ")

    concept.send_back(approver, "Noem het loket.")

    assert concept.state == State.DRAFT
    assert concept.steps.last().comment == "Noem het loket."
    concept.submit(writer)
    assert concept.state == State.SUBMITTED


def test_a_word_changed_after_the_approval_takes_the_approval_away(concept, writer, approver):
    concept.submit(writer)
    concept.approve(approver)

    concept.explanation = "Toch anders."
    concept.write(writer)

    assert (concept.state, concept.approved_by) == (State.DRAFT, None)
    with pytest.raises(ValidationError):
        concept.publish(writer)


def test_what_is_not_complete_is_not_offered(concept, writer):
    concept.explanation = ""

    with pytest.raises(ValidationError, match="Vul een peildatum en een tekst in"):
        concept.submit(writer)
    assert concept.publication == Publication.CONCEPT


@pytest.mark.parametrize(
    "values",
    [
        {"publication": "openbaar", "published_at": "2024-01-02T00:00Z"},
        {"stage": Stage.APPROVED, "approved_by": "author", "approved_at": "2024-01-02T00:00Z"},
    ],
)
def test_the_database_holds_it_against_every_other_writer(concept, values):
    if "approved_by" in values:
        values = values | {"approved_by": concept.author}

    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressUpdate.objects.filter(pk=concept.pk).update(**values)


def test_steps_stay_as_they_were_taken(concept, writer, approver):
    concept.submit(writer)
    step = concept.steps.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewStep.objects.filter(pk=step.pk).update(by=approver)
    concept.approve(approver)
    concept.publish(approver)

    with pytest.raises(IntegrityError), transaction.atomic():
        step.delete()


def test_with_a_concept_that_is_thrown_away_go_its_steps(concept, writer):
    concept.submit(writer)

    concept.delete()

    assert not ReviewStep.objects.exists()


def test_a_team_of_one_goes_at_once_and_it_shows(concept, writer, settings):
    settings.FOUR_EYES = False
    one = colleague("alleen", "redacteur", "fiatteur")
    own = report(concept.measure, Status.PLANNED, on=DAY, publication=CONCEPT, author=one)

    own.publish(one)

    own.refresh_from_db()
    assert (own.is_public, own.approved_by, own.approved_alone) == (True, one, True)


def test_a_correction_takes_the_place_and_says_of_what(measure, writer, approver):
    wrong = report(measure, Status.IMPLEMENTED, on=DAY, explanation="Het is klaar.")
    right = ProgressUpdate(
        measure=measure,
        status=Status.IN_DEVELOPMENT,
        reporting_date=DAY,
        explanation="Het is bijna klaar.",
        corrects=wrong,
    )
    right.write(writer)
    right.submit(writer)
    right.approve(approver)
    right.publish(approver)

    measure.refresh_from_db()
    assert measure.status == Status.IN_DEVELOPMENT
    assert list(measure.updates.public().latest_first()) == [right, wrong]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reporting_date": date(2023, 1, 1)}, "blijft die gelden"),
        ({"measure": "another"}, "andere maatregel"),
    ],
)
def test_a_correction_that_could_not_take_the_place_is_refused(measure, change, message):
    wrong = report(measure, Status.IMPLEMENTED, on=DAY)
    values = {"measure": measure, "reporting_date": DAY} | change
    if values["measure"] == "another":
        values["measure"] = make_measure()

    with pytest.raises(ValidationError, match=message):
        ProgressUpdate(
            status=Status.PLANNED, explanation="Nee.", corrects=wrong, **values
        ).publish()


# Whatever people try.

STEPS = strategies.lists(
    strategies.tuples(
        strategies.sampled_from(
            ["write", "submit", "approve", "send_back", "hold", "let_go", "publish", "withdraw"]
        ),
        strategies.sampled_from(["a", "b", "c"]),
    ),
    max_size=14,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_no_history_of_steps_makes_a_text_public_that_one_person_saw(db, steps):
    with transaction.atomic():
        people = {
            name: colleague(f"{name}-{connection.vendor}", "redacteur", "fiatteur")
            for name in "abc"
        }
        moment = make_moment(on=DAY)
        update = ProgressUpdate(
            measure=make_measure(), status=Status.PLANNED, reporting_date=DAY, explanation="Tekst"
        )
        update.write(people["a"])
        wrote, approved = {"a"}, set()
        for step, name in steps:
            update = ProgressUpdate.objects.get(pk=update.pk)
            before = update.state
            try:
                with transaction.atomic():
                    _take(update, step, people[name], moment)
            except ValidationError:
                update.refresh_from_db()
                assert update.state == before, (step, before)
                continue
            if step == "write":
                wrote, approved = wrote | {name}, set()
            if step == "send_back":
                approved = set()
            if step == "approve":
                assert name not in wrote
                approved = {name}
            if update.publication == Publication.PUBLIC:
                assert approved - wrote
        taken = list(update.steps.values_list("kind", flat=True))
        assert taken.count(ReviewStep.Kind.PUBLISHED) == (update.published_at is not None)
        transaction.set_rollback(True)


def _take(update, step, by, moment):
    match step:
        case "write":
            update.explanation += "!"
            update.write(by)
        case "send_back":
            update.send_back(by, "Anders.")
        case "hold":
            update.hold(moment, by)
        case "withdraw":
            update.withdraw("Vergissing.", by)
        case _:
            getattr(update, step)(by)
