"""The door as it is outside development: with a second step."""

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.desk.people import colleague

PASSWORD = "een heel lang wachtwoord"


@pytest.fixture(autouse=True)
def both_doors(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def person(db):
    somebody = colleague("wil", "redacteur", email="wil@voorbeeld.example")
    somebody.set_password(PASSWORD)
    somebody.save()
    return somebody


@pytest.fixture
def device(person):
    """The app of somebody who set it up before."""
    return TOTPDevice.objects.create(user=person, name="app", confirmed=True)
