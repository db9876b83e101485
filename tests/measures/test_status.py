"""The status of a measure is that of its latest published update."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measures.models import Measure, ProgressUpdate, Status, derive_status
from parties.publication import Publication
from tests.factories import CONCEPT, make_measure, report

pytestmark = pytest.mark.django_db

RUNNING = [Status.UNKNOWN, Status.PLANNED, Status.IN_DEVELOPMENT, Status.IMPLEMENTED]


def test_a_measure_without_updates_is_unknown():
    measure = make_measure()

    assert measure.status == Status.UNKNOWN
    assert measure.reported_on is None


def test_the_latest_reporting_date_counts_not_the_latest_row():
    measure = make_measure()
    report(measure, Status.IMPLEMENTED, on=date(2024, 12, 31))
    report(measure, Status.PLANNED, on=date(2022, 4, 4))

    assert measure.status == Status.IMPLEMENTED
    assert measure.reported_on == date(2024, 12, 31)


def test_of_two_updates_on_one_day_the_later_published_counts():
    measure = make_measure()
    report(measure, Status.IMPLEMENTED, on=date(2024, 1, 1))
    report(measure, Status.BEING_INTRODUCED, on=date(2024, 1, 1))

    assert measure.status == Status.BEING_INTRODUCED


def test_a_concept_changes_nothing_until_it_is_published():
    measure = make_measure()
    update = report(measure, Status.IMPLEMENTED, on=date(2024, 1, 1), publication=CONCEPT)
    assert measure.status == Status.UNKNOWN

    update.publish()

    measure.refresh_from_db()
    assert measure.status == Status.IMPLEMENTED


def test_withdrawing_brings_back_what_was_reported_before():
    measure = make_measure()
    report(measure, Status.PLANNED, on=date(2023, 1, 1))
    update = report(measure, Status.IMPLEMENTED, on=date(2024, 1, 1))

    update.withdraw("Het loket bleek nog dicht.")

    measure.refresh_from_db()
    assert (measure.status, measure.reported_on) == (Status.PLANNED, date(2023, 1, 1))
    assert update.withdrawal_reason == "Het loket bleek nog dicht."


def test_withdrawing_asks_for_a_reason():
    update = report(make_measure(), Status.PLANNED, on=date(2023, 1, 1))

    with pytest.raises(ValidationError, match="Zeg waarom"):
        update.withdraw("  ")

    update.refresh_from_db()
    assert update.is_public


def test_only_derive_status_writes_the_status():
    measure = make_measure()

    with pytest.raises(FieldError):
        Measure.objects.update(status=Status.IMPLEMENTED)
    with pytest.raises(FieldError):
        measure.save(update_fields=["status"])
    measure.status = Status.IMPLEMENTED
    with pytest.raises(FieldError), transaction.atomic():
        Measure.objects.bulk_update([measure], ["status"])
    measure.save()

    measure.refresh_from_db()
    assert measure.status == Status.UNKNOWN
    assert make_measure(status=Status.IMPLEMENTED).status == Status.UNKNOWN


def test_an_instance_from_before_a_publication_does_not_put_the_old_status_back():
    measure = make_measure(title="Loket")
    stale = Measure.objects.get(pk=measure.pk)
    report(measure, Status.IMPLEMENTED, on=date(2024, 1, 1))

    stale.title = "Loket voor vragen"
    stale.save()

    stale.refresh_from_db()
    assert (stale.title, stale.status) == ("Loket voor vragen", Status.IMPLEMENTED)


def latest_by_hand(measure):
    """The status as the rule says it, worked out without the database."""
    rows = [row for row in measure.updates.all() if row.publication == Publication.PUBLIC]
    if not rows:
        return Status.UNKNOWN, None
    last = max(rows, key=lambda row: (row.reporting_date, row.published_at, row.pk))
    return last.status, last.reporting_date


PATHS = st.lists(
    st.tuples(
        st.sampled_from(
            ["publish", "concept", "bulk", "bulk_update", "update", "withdraw", "delete", "save"]
        ),
        st.sampled_from(RUNNING),
        st.integers(0, 40),
    ),
    max_size=12,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(PATHS)
def test_no_path_leaves_the_status_wrong(path):
    with transaction.atomic():
        measure = make_measure()
        for step, status, offset in path:
            take(measure, step, status, date(2024, 1, 1) + timedelta(days=offset))

            measure.refresh_from_db()
            assert (measure.status, measure.reported_on) == latest_by_hand(measure)
        transaction.set_rollback(True)


def take(measure, step, status, day):
    """Change the updates of a measure by one of the paths that exist."""
    values = {"measure": measure, "status": status, "reporting_date": day, "explanation": "Tekst."}
    concepts = measure.updates.filter(publication=CONCEPT)
    match step:
        case "publish":
            ProgressUpdate(**values).publish()
        case "concept":
            ProgressUpdate.objects.create(**values)
        case "bulk":
            row = ProgressUpdate(**values, publication=Publication.PUBLIC)
            row.stamp()
            ProgressUpdate.objects.bulk_create([row])
        case "bulk_update":
            rows = list(concepts)
            for row in rows:
                row.publication = Publication.PUBLIC
                row.stamp()
            ProgressUpdate.objects.bulk_update(rows, ["publication", "published_at"])
        case "update":
            measure.updates.filter(publication=Publication.PUBLIC).update(
                publication=Publication.WITHDRAWN, withdrawal_reason="Onjuist."
            )
        case "withdraw":
            if row := measure.updates.filter(publication=Publication.PUBLIC).first():
                row.withdraw("Onjuist.")
        case "delete":
            concepts.delete()
        case "save":
            if row := concepts.first():
                row.publication = Publication.PUBLIC
                row.save()


def test_what_was_published_is_not_rewritten_whoever_tries():
    update = report(make_measure(), Status.PLANNED, on=date(2023, 1, 1))

    update.explanation = "Iets anders."
    with pytest.raises(IntegrityError, match="niet herschreven"), transaction.atomic():
        update.save()
    with pytest.raises(IntegrityError, match="niet herschreven"), transaction.atomic():
        ProgressUpdate.objects.filter(pk=update.pk).update(status=Status.IMPLEMENTED)
    with pytest.raises(IntegrityError, match="alleen worden ingetrokken"), transaction.atomic():
        ProgressUpdate.objects.filter(pk=update.pk).update(publication=CONCEPT)
    with pytest.raises(IntegrityError, match="niet verwijderd"), transaction.atomic():
        ProgressUpdate.objects.filter(pk=update.pk).delete()


def test_a_withdrawn_update_stays_withdrawn():
    update = report(make_measure(), Status.PLANNED, on=date(2023, 1, 1))
    update.withdraw("Onjuist.")

    with pytest.raises(IntegrityError, match="alleen worden ingetrokken"), transaction.atomic():
        ProgressUpdate.objects.filter(pk=update.pk).update(publication=Publication.PUBLIC)


@pytest.mark.parametrize("missing", [{"explanation": ""}, {"reporting_date": None}])
def test_nothing_is_published_without_text_and_date(missing):
    values = {
        "measure": make_measure(),
        "status": Status.PLANNED,
        "reporting_date": date(2023, 1, 1),
        "explanation": "Tekst.",
    } | missing
    update = ProgressUpdate.objects.create(**values)

    with pytest.raises(ValidationError, match="peildatum en een tekst"):
        update.publish()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressUpdate.objects.filter(pk=update.pk).update(publication=Publication.PUBLIC)


def test_a_state_of_tomorrow_cannot_be_reported_today():
    tomorrow = timezone.localdate() + timedelta(days=1)
    update = report(make_measure(), Status.PLANNED, on=tomorrow, publication=CONCEPT)

    with pytest.raises(ValidationError, match="in de toekomst"):
        update.publish()


class TestAsOf:
    def test_each_day_has_the_status_that_was_reported_by_then(self):
        desk = make_measure()
        report(desk, Status.IN_DEVELOPMENT, on=date(2023, 1, 1))
        report(desk, Status.IMPLEMENTED, on=date(2023, 11, 1))

        def standing(day):
            return Measure.objects.as_of(day).get().standing_status

        assert standing(date(2022, 12, 31)) == Status.UNKNOWN
        assert standing(date(2023, 1, 1)) == Status.IN_DEVELOPMENT
        assert standing(date(2023, 10, 31)) == Status.IN_DEVELOPMENT
        assert standing(date(2023, 11, 1)) == Status.IMPLEMENTED
        assert standing(None) == Status.IMPLEMENTED

    def test_something_reported_in_a_year_counts_from_its_last_day(self):
        measure = make_measure()
        report(measure, Status.IMPLEMENTED, on=date(2022, 3, 1), reporting_date_precision="jaar")

        assert Measure.objects.as_of(date(2022, 12, 30)).get().standing_status == Status.UNKNOWN
        assert Measure.objects.as_of(date(2022, 12, 31)).get().standing_status == "geimplementeerd"

    def test_a_status_asked_for_without_a_day_fails(self):
        measure = make_measure()

        with pytest.raises(AttributeError):
            _ = measure.standing_label

    def test_the_counts_of_any_day_add_up_to_all_measures(self):
        for n, status in enumerate([Status.PLANNED, Status.IMPLEMENTED, Status.DROPPED]):
            report(make_measure(), status, on=date(2023, 1 + n, 1))
        make_measure()

        for day in [date(2022, 1, 1), date(2023, 2, 15), None]:
            assert sum(Measure.objects.as_of(day).count_by_status().values()) == 4
        assert Measure.objects.as_of(None).remaining().count() == 2


class TestTheEnd:
    def test_a_dropped_measure_knows_its_day_and_takes_no_later_update(self):
        measure = make_measure()
        report(measure, Status.DROPPED, on=date(2024, 1, 1))
        assert measure.ended_on == date(2024, 1, 1)

        late = report(measure, Status.PLANNED, on=date(2024, 2, 1), publication=CONCEPT)
        with pytest.raises(ValidationError, match="geëindigd op 1 januari 2024"):
            late.publish()
        with pytest.raises(IntegrityError, match="Na het einde"), transaction.atomic():
            report(measure, Status.PLANNED, on=date(2024, 2, 1))

    def test_a_measure_cannot_end_before_what_was_reported_later(self):
        measure = make_measure()
        report(measure, Status.PLANNED, on=date(2024, 2, 1))

        end = report(measure, Status.DROPPED, on=date(2024, 1, 1), publication=CONCEPT)
        with pytest.raises(ValidationError, match="latere peildatum"):
            end.publish()
        with pytest.raises(IntegrityError, match="Na het einde"), transaction.atomic():
            report(measure, Status.DROPPED, on=date(2024, 1, 1))

    def test_withdrawing_the_end_opens_the_measure_again(self):
        measure = make_measure()
        end = report(measure, Status.DROPPED, on=date(2024, 1, 1))

        end.withdraw("De maatregel gaat toch door.")
        report(measure, Status.PLANNED, on=date(2024, 2, 1))

        assert (measure.status, measure.ended_on) == (Status.PLANNED, None)

    def test_a_merged_measure_points_to_its_successor(self):
        old, new = make_measure(), make_measure()
        update = report(old, Status.MERGED, on=date(2024, 1, 1), merged_into=new)

        assert old.merged_into == new
        assert update.status_label == f"Opgegaan in {new.code}"

    def test_merging_names_another_measure(self):
        measure = make_measure()

        with pytest.raises(IntegrityError), transaction.atomic():
            report(measure, Status.MERGED, on=date(2024, 1, 1))
        with pytest.raises(IntegrityError), transaction.atomic():
            report(measure, Status.MERGED, on=date(2024, 1, 1), merged_into=measure)

    def test_measures_never_merge_in_a_circle(self):
        a, b, c = make_measure(), make_measure(), make_measure()
        report(a, Status.MERGED, on=date(2024, 1, 1), merged_into=b)
        report(b, Status.MERGED, on=date(2024, 2, 1), merged_into=c)

        back = report(c, Status.MERGED, on=date(2024, 3, 1), merged_into=a, publication=CONCEPT)
        with pytest.raises(ValidationError, match="zelf al geëindigd"):
            back.publish()
        with pytest.raises(IntegrityError, match="die dan nog loopt"), transaction.atomic():
            report(c, Status.MERGED, on=date(2024, 3, 1), merged_into=a)

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 5)), max_size=8))
    def test_whatever_is_merged_every_chain_ends(self, merges):
        with transaction.atomic():
            measures = [make_measure() for _ in range(5)]
            for source, target, offset in merges:
                try:
                    with transaction.atomic():
                        report(
                            measures[source],
                            Status.MERGED,
                            on=date(2024, 1, 1) + timedelta(days=offset),
                            merged_into=measures[target],
                        )
                except IntegrityError:
                    continue
            successors = dict(Measure.objects.values_list("pk", "merged_into"))
            for start in successors:
                seen = set()
                while start is not None:
                    assert start not in seen
                    seen.add(start)
                    start = successors[start]
            transaction.set_rollback(True)


class TestAPublicMeasure:
    def test_it_is_never_deleted(self):
        measure = make_measure()

        with pytest.raises(IntegrityError, match="niet verwijderd"), transaction.atomic():
            measure.delete()

    def test_it_stays_public_and_keeps_its_number(self):
        measure = make_measure()

        with pytest.raises(IntegrityError, match="houdt zijn nummer"), transaction.atomic():
            Measure.objects.update(publication=CONCEPT)
        with pytest.raises(IntegrityError, match="houdt zijn nummer"), transaction.atomic():
            Measure.objects.update(number=measure.number + 100)

    def test_a_concept_may_be_deleted(self):
        make_measure(publication=CONCEPT).delete()

        assert not Measure.objects.exists()

    def test_numbers_are_given_out_once(self):
        first = make_measure()

        with pytest.raises(IntegrityError), transaction.atomic():
            make_measure(number=first.number)
        assert make_measure().number == first.number + 1


def test_deriving_again_changes_nothing():
    measure = make_measure()
    report(measure, Status.PLANNED, on=date(2023, 1, 1))

    derive_status([measure.pk])

    measure.refresh_from_db()
    assert measure.status == Status.PLANNED
