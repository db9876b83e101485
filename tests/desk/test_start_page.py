"""The first page for staff: what waits for whom, and nothing else."""

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

from measures.desk import work
from measures.models import Status
from tests.desk.people import again, colleague
from tests.factories import CONCEPT, make_measure, make_moment, make_theme, report, shift

pytestmark = pytest.mark.django_db

TODAY = date(2024, 6, 1)
INDEX = "/beheer/"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2024-06-01 12:00+02:00"):
        yield


def lists(user):
    return {found.key: found for found in work.lists_of(again(user))}


def offered(writer, **values):
    update = report(
        make_measure(**values), Status.PLANNED, on=TODAY, publication=CONCEPT, author=writer
    )
    update.submit(writer)
    return update


def test_who_approves_sees_what_others_offered(writer, approver):
    update = offered(writer)
    both = colleague("beide", "redacteur", "fiatteur")
    own = offered(both)

    assert [item.measure for item in lists(approver)["goedkeuren"].items] == [
        update.measure,
        own.measure,
    ]
    assert [item.measure for item in lists(both)["goedkeuren"].items] == [update.measure]
    assert "goedkeuren" not in lists(writer)


def test_what_comes_back_says_why(writer, approver):
    update = offered(writer)
    update.send_back(approver, "Noem het adres.")

    (item,) = lists(writer)["concepten"].items
    assert item.detail.startswith("Teruggestuurd")
    assert item.comment == "Noem het adres."


def test_what_is_approved_and_not_public_is_not_forgotten(writer, approver):
    update = offered(writer)
    update.approve(approver)
    for person in (writer, approver):
        assert [item.measure for item in lists(person)["akkoord"].items] == [update.measure]

    update.publish(writer)

    assert lists(writer)["akkoord"].items == ()


def test_deadlines_that_passed_come_before_those_that_come_near(writer):
    days = {"over": -3, "vandaag": 0, "bijna": 12, "later": 90}
    for title, left in days.items():
        make_measure(title, deadline=TODAY + timedelta(days=left))
    done = make_measure("klaar", deadline=date(2020, 1, 1))
    report(done, Status.IMPLEMENTED, on=date(2024, 1, 1))

    found = lists(writer)["streefdatum"].items
    assert [item.measure.title for item in found] == ["over", "vandaag", "bijna"]
    assert [item.detail.rpartition(", ")[2] for item in found] == [
        "3 dagen geleden",
        "dat is vandaag",
        "nog 12 dagen",
    ]


def test_what_was_not_reported_for_long_is_named(writer):
    never, old, new = make_measure("nooit"), make_measure("oud"), make_measure("nieuw")
    report(old, Status.PLANNED, on=date(2023, 1, 1))
    report(new, Status.PLANNED, on=date(2024, 5, 1))

    found = lists(writer)["stil"].items
    assert [item.measure for item in found] == [never, old]


def test_only_the_own_field_of_work_is_shown(writer, approver):
    theme = make_theme()
    mine, other = make_measure(theme=theme), make_measure(theme=make_theme())
    writer.assignment.themes.add(theme)
    approver.assignment.measures.add(mine)
    for measure in (mine, other):
        concept = report(
            measure,
            Status.PLANNED,
            on=TODAY,
            publication=CONCEPT,
            author=colleague(f"c{measure.pk}", "redacteur"),
        )
        concept.submit(concept.author)

    for person in (writer, approver):
        for found in lists(person).values():
            assert {item.measure for item in found.items} <= {mine}
    assert lists(writer)["eigen"].total == 1
    assert lists(approver)["goedkeuren"].total == 1


def test_a_long_list_says_how_much_more_there_is(writer, browser_of):
    for _ in range(work.MOST + 3):
        make_measure()

    found = lists(writer)["stil"]
    assert (len(found.items), found.left) == (work.MOST, 3)
    assert "Nog 3 meer" in browser_of(writer).get(INDEX).text


def test_every_item_leads_to_a_page_that_works(writer, approver, browser_of):
    offered(writer)
    report(make_measure(), Status.PLANNED, on=TODAY, publication=CONCEPT, author=writer)
    shift(
        make_measure(deadline=TODAY), date(2025, 1, 1), on=TODAY, publication=CONCEPT, author=writer
    )
    for person in (writer, approver):
        client = browser_of(person)
        page = client.get(INDEX)
        for found in page.context["lists"]:
            for item in found.items:
                assert client.get(item.url).status_code == 200, (person, item)
            assert client.get(found.url).status_code == 200


def test_the_next_letter_tells_how_much_there_is_to_look_at(approver, browser_of):
    make_measure()
    make_moment("De winterbrief", on=date(2024, 5, 1))

    page = browser_of(approver).get(INDEX)

    assert page.context["moment"]["open"] > 0
    assert "De winterbrief" in page.text


def test_the_page_takes_as_many_queries_for_many_measures_as_for_few(writer, browser_of):
    client = browser_of(writer)

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(INDEX)
        return len(found)

    for _ in range(2):
        offered(writer, deadline=TODAY)
    client.get(INDEX)
    few = queries()
    for _ in range(20):
        offered(writer, deadline=TODAY)
        report(make_measure(), Status.PLANNED, on=TODAY, publication=CONCEPT, author=writer)

    assert queries() <= few
    assert few <= 30


def test_the_manual_is_one_click_away_with_its_pictures(writer, browser_of):
    client = browser_of(writer)
    assert 'href="/beheer/handleiding/"' in client.get(INDEX).text

    page = client.get("/beheer/handleiding/").text
    for name in ("bijwerken", "beoordelen", "brief"):
        assert f'src="/static/beheer/handleiding/{name}.png"' in page
        assert finders.find(f"beheer/handleiding/{name}.png")
