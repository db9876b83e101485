"""Keepers see how many follow what, and no address."""

from datetime import UTC, datetime

import pytest

from kwalibo.follow import asking
from kwalibo.follow.models import Follower, Frequency
from measures import subjects
from tests.desk.people import colleague
from tests.factories import make_measure

pytestmark = pytest.mark.django_db
LIST = "/beheer/follow/follower/"


@pytest.fixture
def follower():
    desk = make_measure("Een loket", number=7)
    asking.ask("wil@voorbeeld.example", subjects.of(desk), Frequency.DAILY)
    found = Follower.objects.get()
    asking.confirm(found.subscriptions.get(), Frequency.DAILY, datetime(2026, 3, 2, tzinfo=UTC))
    return found


def test_a_keeper_sees_numbers_and_no_address(client, follower):
    client.force_login(colleague("kees", "beheerder"))

    page = client.get(LIST).text

    assert "1 mailadres volgt iets" in page
    assert "<td>M7 Een loket</td><td>1</td>" in page
    assert "voorbeeld.example" not in page
    for address in (f"{follower.pk}/change/", f"{follower.pk}/delete/", "add/"):
        answer = client.get(f"{LIST}{address}")
        assert answer.status_code in (302, 403)
        assert "voorbeeld.example" not in answer.text


def test_an_editor_sees_nothing_of_it(client, follower):
    client.force_login(colleague("wil", "redacteur"))

    assert client.get(LIST).status_code == 403
    assert "Volgers" not in client.get("/beheer/").text
