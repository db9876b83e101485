"""Somebody who may work on the staff screens."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client


@pytest.fixture(autouse=True)
def a_team_of_one(settings):
    """These tests are about forms, not about who approves: for that see tests/desk/."""
    settings.FOUR_EYES = False


@pytest.fixture
def staff(db):
    return get_user_model().objects.create_superuser(
        "jansen", password="een lang wachtwoord", first_name="Jo", last_name="Jansen"
    )


@pytest.fixture
def colleague(db):
    return get_user_model().objects.create_superuser(
        "devries", password="een lang wachtwoord", first_name="Ans", last_name="de Vries"
    )


@pytest.fixture
def beheer(client, staff):
    """A client on which `staff` is logged in."""
    client.force_login(staff)
    return client


@pytest.fixture
def ans(colleague):
    """The browser of a colleague, beside that of `beheer`."""
    client = Client()
    client.force_login(colleague)
    return client
