"""Two colleagues who take the same step at the same moment."""

from datetime import date

import pytest
from django.db import connection

from measures import moments
from measures.models import ReportingMoment, Snapshot
from tests.factories import make_moment
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
