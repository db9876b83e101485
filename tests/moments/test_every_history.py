"""What holds for every history of reports: past days, embargoes, freezing and comparing."""

from datetime import UTC, date, datetime, time, timedelta

import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from measures import annex, moments, snapshot
from measures.comparison import Kind, compare
from measures.models import Measure, ProgressUpdate, Status
from parties.publication import Publication
from tests.factories import CONCEPT, make_measure, make_moment, make_theme
from tests.moments.test_steps import freeze

START = date(2023, 1, 1)
DAYS = st.integers(min_value=0, max_value=400)
TEXTS = st.text("ab c", max_size=8)
RUNNING = [Status.PLANNED, Status.IN_DEVELOPMENT, Status.BEING_INTRODUCED, Status.IMPLEMENTED]


@st.composite
def reports(draw):
    """(reporting day, days until it was published, status, text), in the order of making."""
    return draw(
        st.lists(
            st.tuples(
                DAYS, st.integers(0, 200), st.sampled_from(RUNNING), st.text("ab c", max_size=8)
            ),
            max_size=6,
        )
    )


@st.composite
def shifts(draw):
    """(day from which it holds, days until it was published, new deadline)."""
    return draw(st.lists(st.tuples(DAYS, st.integers(0, 200), DAYS), max_size=4))


HISTORY = st.lists(st.tuples(reports(), shifts(), st.none() | DAYS), min_size=1, max_size=3)
# Long after everything of the histories.
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def day_of(offset: int) -> date:
    return START + timedelta(days=offset)


def noon(offset: int) -> datetime:
    return datetime.combine(day_of(offset), time(12), tzinfo=UTC)


def write(history):
    """The measures with these histories, all published at the moment that they say."""
    make_theme()
    for updates, moves, added in history:
        measure = make_measure(added_on=None if added is None else day_of(added))
        Measure.objects.filter(pk=measure.pk).update(published_at=noon(0))
        ProgressUpdate.objects.bulk_create(
            ProgressUpdate(
                measure=measure,
                status=status,
                reporting_date=day_of(day),
                explanation=f"Tekst {text}",
                publication=Publication.PUBLIC,
                published_at=noon(day + later),
            )
            for day, later, status, text in updates
        )
        for number, (day, later, deadline) in enumerate(moves):
            measure.deadline_changes.create(
                deadline=day_of(deadline),
                precision="dag",
                reporting_date=day_of(day),
                reason="Reden.",
                is_original=not number,
                publication=Publication.PUBLIC,
                published_at=noon(day + later),
            )


def rows(content):
    return {row.number: row for section in content.sections for row in section.rows}


EVERY = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@time_machine.travel(NOW, tick=False)
class EveryHistoryTest(TestCase):
    @EVERY
    @given(HISTORY)
    def test_today_by_its_date_is_the_live_page(self, history):
        write(history)
        live = Measure.objects.public_as_of().with_deadline_state()
        # Yesterday nothing was otherwise, and it is answered from the reports themselves.
        yesterday = NOW.date() - timedelta(days=1)
        asked = Measure.objects.public_as_of(yesterday).with_deadline_state(NOW.date())
        fields = ("number", "standing_status", "standing_date", "standing_deadline")
        assert list(live.values_list(*fields, "deadline_state")) == list(
            asked.values_list(*fields, "deadline_state")
        )

    @EVERY
    @given(HISTORY, DAYS, DAYS)
    def test_a_past_day_is_what_the_reports_say_one_by_one(self, history, day, known):
        write(history)
        at, known_on = day_of(day), day_of(known)
        for known_by in (None, known_on):
            found = Measure.objects.public_as_of(at, known_by).in_bulk(field_name="number")
            for measure in Measure.objects.all():
                was_there = measure.added_on is None or measure.added_on <= at
                assert (measure.number in found) == was_there
                if not was_there:
                    continue
                standing = found[measure.number]
                latest = max(
                    (
                        update
                        for update in measure.updates.all()
                        if update.reporting_date <= at
                        and (known_by is None or update.published_at.date() <= known_by)
                    ),
                    key=lambda update: (update.reporting_date, update.published_at, update.pk),
                    default=None,
                )
                assert standing.standing_status == (latest.status if latest else "onbekend")
                assert standing.standing_date == (latest.reporting_date if latest else None)
                assert standing.standing_is_later == bool(
                    latest and latest.published_at.date() > at
                )
                deadline = max(
                    (
                        change
                        for change in measure.deadline_changes.all()
                        if change.reporting_date <= at
                        and (known_by is None or change.published_at.date() <= known_by)
                    ),
                    key=lambda change: (change.reporting_date, change.published_at, change.pk),
                    default=None,
                )
                assert standing.standing_deadline == (deadline.deadline if deadline else None)

    @EVERY
    @given(HISTORY, DAYS, DAYS)
    def test_what_was_known_then_holds_nothing_that_was_published_later(self, history, day, known):
        write(history)
        known_on = day_of(known)
        later = set(
            ProgressUpdate.objects.filter(published_at__gt=noon(known)).values_list("pk", flat=True)
        )
        measures = Measure.objects.public_as_of(day_of(day), known_on)
        for measure in measures.with_public_updates(day_of(day), known_on):
            assert not later & {update.pk for update in measure.public_updates}

    @EVERY
    @given(HISTORY, DAYS, DAYS)
    def test_the_counts_of_two_days_reconcile(self, history, first, second):
        write(history)
        before, after = sorted([day_of(first), day_of(second)])
        old, new = annex.build(before), annex.build(after)

        found = compare(old, new)

        assert found.number_before == len(rows(old))
        assert found.number_after == len(rows(new))
        counts = {kind: found.number(kind) for kind in Kind}
        assert sum(counts.values()) == len({*rows(old), *rows(new)})
        assert found.number_before + counts[Kind.NEW] - counts[Kind.ABSENT] == found.number_after
        assert compare(old, old).is_same

    @EVERY
    @given(HISTORY, DAYS, reports())
    def test_freezing_and_reading_is_what_the_day_says_then(self, history, day, later):
        write(history)
        at = day_of(day)
        moment = make_moment(on=at)
        measure = Measure.objects.public_as_of(at).first()
        if measure is not None:
            held = measure.updates.create(
                status=Status.PLANNED, reporting_date=at, explanation="Nieuw.", publication=CONCEPT
            )
            held.hold(moment)

        told = freeze(moment)
        moments.render_files(told)
        frozen = snapshot.read(told)
        assert annex.render(frozen, "csv") == annex.render(
            snapshot.from_document(told.document), "csv"
        )
        moment = moments.release(moment)

        # Released, the day says what was frozen; whatever comes later changes nothing in it.
        assert annex.build(at, moment) == frozen
        write([(later, [], None)])
        assert snapshot.read(type(told).objects.get(pk=told.pk)) == frozen
