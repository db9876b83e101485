"""What the database took: counted for every request, and told when it was long."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.backends.signals import connection_created

from kwalibo.monitoring import metrics, queries
from measures.models import Measure

pytestmark = pytest.mark.django_db
MARKER = "merkteken-waarde"


@pytest.fixture
def always_slow(settings):
    settings.SLOW_QUERY_MS = 0.000_001


def test_a_slow_query_is_told_by_its_text_and_never_by_its_values(always_slow, log, client):
    before = metrics.SLOW_QUERIES._value.get()

    get_user_model().objects.filter(username=MARKER).first()

    (line,) = log.lines("kwalibo.slow_query")
    assert "auth_user" in line["sql"]
    assert "%s" in line["sql"] or "?" in line["sql"]
    assert MARKER not in log.text
    assert line["ms"] >= 0
    assert metrics.SLOW_QUERIES._value.get() == before + 1


def test_it_says_which_request_and_which_code_asked(always_slow, log, client):
    answer = client.get("/partijen/")

    lines = log.lines("kwalibo.slow_query")
    assert {line["request_id"] for line in lines} == {answer.headers["X-Request-ID"]}
    assert any(line["caller"].startswith(("parties.", "measures.")) for line in lines)
    assert not any("monitoring" in line["caller"] for line in lines)


def test_what_is_quick_is_not_told(log, settings):
    settings.SLOW_QUERY_MS = 60_000
    Measure.objects.count()
    settings.SLOW_QUERY_MS = 0
    Measure.objects.count()

    assert log.lines("kwalibo.slow_query") == []


def test_a_connection_is_looked_at_once_however_often_it_connects():
    for _ in range(2):
        connection_created.send(sender=type(connection), connection=connection)

    assert connection.execute_wrappers.count(queries.look) == 1
