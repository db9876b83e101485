"""Status over time says on every day what the pages say of that day."""

from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from measures.models import Measure, Status
from measures.status_steps import status_steps
from tests.factories import CONCEPT, make_measure, make_theme, report
from tests.moments.test_every_history import DAYS, HISTORY, NOW, day_of, noon, write

EVERY_MONTH = {day_of(offset) for offset in range(-1, 420, 28)}


def days_to_ask(history):
    """Each step, the day before it, and a day in every month: a step may be missing."""
    steps = {step.day for step in history if step.day}
    return sorted(steps | {day - timedelta(days=1) for day in steps} | EVERY_MONTH)


def on(history, day):
    """The numbers that hold on a day, of a history."""
    return [step.counts for step in history if step.day is None or step.day <= day][-1]


@time_machine.travel(NOW, tick=False)
class EveryHistory(TestCase):
    """Random reports, published late or not, some measures added later and some ended."""

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(HISTORY, st.sets(st.integers(0, 2)), DAYS)
    def test_the_stack_on_a_day_is_what_that_day_counts(self, history, ended, known):
        write(history)
        measures = list(Measure.objects.order_by("pk"))
        for measure in measures:
            if measure.pk - measures[0].pk in ended:
                report(measure, Status.DROPPED, on=day_of(410), published_at=noon(415))
        hidden = make_measure(publication=CONCEPT)
        report(hidden, Status.PLANNED, on=day_of(3))

        for known_on in (None, day_of(known)):
            found = status_steps(None, None, known_on)
            for day in days_to_ask(found):
                counts = Measure.objects.public_as_of(day, known_on).count_by_status()
                assert on(found, day) == counts
                # Asked for that day, the history ends with it.
                assert status_steps(None, day, known_on)[-1].counts == counts
            now = Measure.objects.public_as_of(None, known_on).count_by_status()
            assert found[-1].counts == now


pytestmark = pytest.mark.django_db


def test_each_day_on_which_something_changed_is_a_step():
    loket, toezicht = make_measure(), make_measure()
    report(loket, Status.PLANNED, on=date(2023, 1, 1))
    report(loket, Status.PLANNED, on=date(2023, 2, 1))
    report(toezicht, Status.IMPLEMENTED, on=date(2024, 1, 1))

    history = status_steps()

    assert [step.day for step in history] == [None, date(2023, 1, 1), date(2024, 1, 1)]
    assert history[0].counts[Status.UNKNOWN] == 2
    assert history[1].counts[Status.PLANNED] == history[1].counts[Status.UNKNOWN] == 1
    assert history[2].counts[Status.IMPLEMENTED] == 1


def test_of_two_reports_on_one_day_the_last_published_counts():
    measure = make_measure()
    report(measure, Status.PLANNED, on=date(2023, 1, 1))
    report(measure, Status.IMPLEMENTED, on=date(2023, 1, 1))

    assert status_steps()[-1].counts[Status.IMPLEMENTED] == 1
    assert status_steps()[-1].counts[Status.PLANNED] == 0


def test_what_was_withdrawn_never_was_a_step():
    measure = make_measure()
    report(measure, Status.PLANNED, on=date(2023, 1, 1)).withdraw("Verkeerde maatregel.")

    assert [step.day for step in status_steps()] == [None]


def test_a_measure_of_later_is_not_in_the_stack_before(time_machine):
    time_machine.move_to(date(2025, 6, 1))
    make_measure(added_on=date(2024, 5, 1))
    early = make_measure(added_on=date(2024, 5, 1))
    report(early, Status.PLANNED, on=date(2023, 1, 1))

    first, step = status_steps()

    assert sum(first.counts.values()) == 0
    assert step.day == date(2024, 5, 1)
    assert step.counts[Status.UNKNOWN] == step.counts[Status.PLANNED] == 1


def test_what_is_dated_later_than_today_holds_today_already(time_machine):
    time_machine.move_to(date(2025, 6, 1))
    report(make_measure(), Status.PLANNED, on=date(2025, 6, 10))

    assert status_steps()[-1].day == date(2025, 6, 1)
    assert status_steps()[-1].counts == Measure.objects.public_as_of(None).count_by_status()
    assert status_steps(day=date(2025, 5, 31))[-1].counts[Status.PLANNED] == 0


def test_of_a_theme_only_its_measures_count():
    theme = make_theme()
    report(make_measure(theme=theme), Status.PLANNED, on=date(2023, 1, 1))
    report(make_measure(theme=make_theme()), Status.IMPLEMENTED, on=date(2023, 1, 1))

    assert sum(status_steps(theme.measures.all())[-1].counts.values()) == 1


@pytest.mark.parametrize("number", [2, 40])
def test_it_takes_two_queries_however_many_days(django_assert_num_queries, number):
    for n in range(number):
        measure = make_measure()
        for step, status in enumerate([Status.PLANNED, Status.IMPLEMENTED]):
            report(measure, status, on=date(2023, 1, 1) + timedelta(days=n * 3 + step))

    with django_assert_num_queries(2):
        status_steps()
