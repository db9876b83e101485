"""Two colleagues who take the same step at the same moment."""

from datetime import date

import pytest
from django.db import connection

from measures import moments, snapshot
from measures.models import ProgressUpdate, ReportingMoment, Snapshot, Status
from tests.factories import CONCEPT, make_measure, make_moment, make_party, report
from tests.measures.test_publishing_at_once import at_once, committed  # noqa: F401

pytestmark = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite lets one writer in at a time; its tests share one connection.",
)


def test_one_of_two_freezes_and_one_of_two_releases(committed):  # noqa: F811
    for _ in range(3):
        moment = make_moment(on=date(2024, 12, 31))
        step = [lambda moment=moment: moments.freeze(moment, by=None)] * 2
        refused = [error for error in at_once(*step) if error]
        assert len(refused) == 1
        assert "is al vastgesteld" in str(refused[0])
        assert Snapshot.objects.filter(moment=moment).count() == 1

        moments.render_files(Snapshot.objects.get(moment=moment))
        step = [lambda moment=moment: moments.release(moment)] * 2
        refused = [error for error in at_once(*step) if error]
        assert len(refused) == 1
        assert "is al openbaar" in str(refused[0])
        assert ReportingMoment.objects.public().filter(pk=moment.pk).exists()


def accepted(row):
    """A concept that is not held in time is no reason to stop here."""
    return "Dat mag."


def test_what_is_held_while_somebody_freezes_is_in_the_snapshot_or_refused(committed):  # noqa: F811
    measure = make_measure(lead=make_party())
    for number in range(5):
        moment = make_moment(on=date(2024, 12, 31))
        update = report(
            measure,
            Status.PLANNED,
            on=date(2024, 1, 1 + number),
            explanation=f"Klaar {number}.",
            publication=CONCEPT,
        )

        refused, _ = at_once(
            lambda update=update, moment=moment: update.hold(moment),
            lambda moment=moment: moments.freeze(
                moment, by=None, reason_for=lambda row: "Dat mag."
            ),
        )

        made = Snapshot.objects.filter(moment=moment).first()
        told = f"Klaar {number}." in made.document if made else None
        is_held = ProgressUpdate.objects.held_for(moment).filter(pk=update.pk).exists()
        assert is_held == (refused is None)
        assert made is None or told == is_held
        assert made is None or snapshot.read(made)


def test_an_edit_while_somebody_freezes_changes_nothing_that_is_frozen(committed):  # noqa: F811
    measure = make_measure(lead=make_party())
    for number in range(5):
        moment = make_moment(on=date(2024, 12, 31))
        update = report(
            measure,
            Status.PLANNED,
            on=date(2024, 1, 1 + number),
            explanation="Voor.",
            publication=CONCEPT,
        )
        update.hold(moment)
        update.explanation = f"Na {number}."

        at_once(update.save, lambda moment=moment: moments.freeze(moment, by=None))

        update.refresh_from_db()
        assert update.explanation in Snapshot.objects.get(moment=moment).document
