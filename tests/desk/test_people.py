"""Who may make whom: a keeper gives roles, but nobody gives themselves everything."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.admin.forms import typed
from tests.desk.people import again, colleague
from tests.factories import make_measure, make_party, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(db):
    return colleague("beheerder", "beheerder")


def address(person, screen="change"):
    return reverse(f"admin:auth_user_{screen}", args=[person.pk])


def test_a_keeper_says_what_a_colleague_works_on(keeper, writer, browser_of):
    theme, measure, party = make_theme(), make_measure(), make_party()
    client = browser_of(keeper)
    page = client.get(address(writer))

    client.post(
        address(writer),
        typed(
            page,
            **{
                "assignment-0-themes": [str(theme.pk)],
                "assignment-0-measures": [str(measure.pk)],
                "assignment-0-party": str(party.pk),
                "assignment-0-digest": "dagelijks",
            },
        ),
    )

    assignment = again(writer).assignment
    assert list(assignment.themes.all()) == [theme]
    assert list(assignment.measures.all()) == [measure]
    assert (assignment.party, assignment.digest) == (party, "dagelijks")


def test_a_keeper_makes_nobody_who_may_do_everything(keeper, writer, browser_of):
    client = browser_of(keeper)
    for person in (keeper, writer):
        page = client.get(address(person))
        client.post(address(person), typed(page, is_superuser="on"))

    assert not get_user_model().objects.filter(is_superuser=True).exists()


def test_a_keeper_does_not_take_over_who_may_do_everything(keeper, browser_of):
    boss = get_user_model().objects.create_superuser("baas", password="een lang wachtwoord")
    client = browser_of(keeper)

    client.post(address(boss), {"username": "baas", "is_active": ""})
    password = reverse("admin:auth_user_password_change", args=[boss.pk])
    values = {"password1": "een ander lang wachtwoord", "password2": "een ander lang wachtwoord"}
    client.post(password, values | {"usable_password": "true"})

    boss.refresh_from_db()
    assert boss.is_active
    assert boss.check_password("een lang wachtwoord")


def test_a_keeper_gives_no_group_more_rights(keeper, browser_of):
    group = keeper.groups.get()

    answer = browser_of(keeper).post(
        reverse("admin:auth_group_change", args=[group.pk]), {"name": "alles"}
    )

    assert answer.status_code == 403


@pytest.mark.parametrize("role", ["lezer", "redacteur", "fiatteur"])
def test_only_a_keeper_sees_who_works_here(role, writer, browser_of):
    person = colleague("iemand", role)

    assert browser_of(person).get(address(writer)).status_code == 403
