"""How much work a page is, counted: queries, instances of models, calls of functions.

A clock says something else each time; these say the same on every machine. Who makes a page
do more work on purpose raises its number here and says why in the commit.
"""

from datetime import date

import pytest
from django.test import Client

from measures.models import Status
from tests.counting import counted
from tests.factories import make_measure, make_party, make_source, report

pytestmark = pytest.mark.django_db

# Queries, instances, and calls of Python functions (as counted, and a fifth more).
MOST = {
    "/": (15, 19, 45_000),
    "/maatregelen/": (7, 31, 51_000),
    "/maatregelen/1/": (13, 8, 33_000),
}


def fill(number: int) -> None:
    """Measures with two updates each, of three parties, with sources."""
    parties = [make_party() for _ in range(3)]
    for n in range(number):
        source = make_source()
        measure = make_measure(
            number=n + 1, lead=parties[n % 3], sources=[source], deadline=date(2030, 1, 1)
        )
        report(measure, Status.PLANNED, on=date(2023, 1, 1), sources=[source])
        report(measure, Status.IN_DEVELOPMENT, on=date(2024, 1, 1), sources=[source])


def work_of(address: str, monkeypatch):
    client = Client()
    client.get(address)  # The first reader loads templates and code.
    with counted(monkeypatch) as work:
        assert client.get(address).status_code == 200
    return work


@pytest.mark.parametrize("address", MOST)
def test_a_page_that_is_made_takes_bounded_work(address, monkeypatch):
    fill(30)
    queries, instances, calls = MOST[address]

    work = work_of(address, monkeypatch)

    assert len(work.queries) <= queries
    assert work.instances.total() <= instances, work.instances
    assert work.calls.total() <= calls


@pytest.mark.parametrize("address", MOST)
def test_more_measures_than_a_page_shows_are_no_more_work(address, monkeypatch):
    fill(30)
    few = work_of(address, monkeypatch)
    for n in range(31, 121):
        make_measure(number=n)

    many = work_of(address, monkeypatch)

    assert len(many.queries) == len(few.queries)
    assert many.instances == few.instances
    assert many.calls.total() <= few.calls.total() * 1.1


def test_a_row_of_the_list_fetches_the_columns_that_it_shows(monkeypatch):
    fill(3)

    work = work_of("/maatregelen/", monkeypatch)

    rows = [sql for sql in work.queries if "LIMIT" in sql and "measures_measure" in sql]
    assert len(rows) == 1
    assert '"title"' in rows[0]
    assert '"description"' not in rows[0]
    assert "measures_theme" not in rows[0]
