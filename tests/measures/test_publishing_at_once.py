"""Two people who publish at the same moment, on a database that lets them."""

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections

from measures import triggers
from measures.models import Measure, ProgressUpdate, Status
from tests.factories import make_measure

pytestmark = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite lets one writer in at a time; its tests share one connection.",
)


@pytest.fixture
def committed(transactional_db):
    """Rows that other connections see; taken away afterwards, triggers or not."""
    yield
    triggers.remove(connection)


def at_once(*tasks):
    """Run every task in a thread of its own; returns what each raised, or None."""
    start = threading.Barrier(len(tasks))
    outcome: list = [None] * len(tasks)

    def run(n, task):
        start.wait()
        try:
            task()
        except (ValidationError, IntegrityError) as error:
            outcome[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcome


def concept(measure, status, **values):
    return ProgressUpdate.objects.create(
        measure=measure,
        status=status,
        reporting_date=values.pop("on", date(2024, 1, 1)),
        explanation="Tekst.",
        **values,
    )


def test_two_measures_never_merge_into_each_other(committed):
    for _ in range(5):
        a, b = make_measure(), make_measure()
        into_b = concept(a, Status.MERGED, merged_into=b)
        into_a = concept(b, Status.MERGED, merged_into=a)

        outcome = at_once(into_b.publish, into_a.publish)

        assert len([error for error in outcome if error]) == 1
        assert Measure.objects.filter(pk__in=[a.pk, b.pk], merged_into=None).count() == 1


def test_of_many_updates_at_once_none_is_lost_and_the_status_fits(committed):
    measure = make_measure()
    rows = [concept(measure, Status.PLANNED, on=date(2024, 1, 1 + n)) for n in range(6)]
    rows.append(concept(measure, Status.IMPLEMENTED, on=date(2024, 2, 1)))

    outcome = at_once(*[row.publish for row in rows])

    measure.refresh_from_db()
    assert outcome == [None] * 7
    assert measure.updates.published().count() == 7
    assert (measure.status, measure.reported_on) == (Status.IMPLEMENTED, date(2024, 2, 1))


def test_nothing_is_published_after_an_end_that_comes_at_the_same_time(committed):
    for _ in range(5):
        measure = make_measure()
        end = concept(measure, Status.DROPPED, on=date(2024, 1, 1))
        later = concept(measure, Status.PLANNED, on=date(2024, 2, 1))

        outcome = at_once(end.publish, later.publish)

        assert len([error for error in outcome if error]) == 1
        assert measure.updates.published().count() == 1
