"""A fault is mailed to ADMINS: once an hour, with what helps and no data of anybody."""

import logging
import sys

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import path

from kwalibo.monitoring.mails import FaultMailHandler
from tests.monitoring.test_requests import _urls

MARKER = "merkteken-wachtwoord"


@pytest.fixture(autouse=True)
def administrators(settings):
    settings.ADMINS = ["beheer@voorbeeld.example"]
    cache.clear()


@pytest.fixture
def handler():
    root, found = logging.getLogger(), FaultMailHandler()
    found.setLevel("ERROR")
    root.addHandler(found)
    yield found
    root.removeHandler(found)


def broken(request):
    password = MARKER
    raise RuntimeError(f"kapot {len(password)}")


def also_broken(request):
    raise ValueError("ook kapot")


@pytest.fixture
def site(handler):
    with override_settings(ROOT_URLCONF=_urls(path("a/", broken), path("b/", also_broken))):
        yield Client(raise_request_exception=False)


def test_a_fault_is_mailed_with_its_place_and_the_id_of_the_request(site):
    answer = site.post("/a/", {"password": MARKER}, headers={"cookie": f"geheim={MARKER}"})

    (message,) = mail.outbox
    assert message.to == ["beheer@voorbeeld.example"]
    assert message.subject.startswith("[Kwalibo-voortgang] ERROR: RuntimeError")
    assert answer.headers["X-Request-ID"] in message.body
    assert "test_fault_mails.py" in message.body
    assert "kapot" in message.body
    assert MARKER not in message.body
    for insides in ("SECRET_KEY", "INSTALLED_APPS", "COOKIES", "wsgi.input", "DATABASES"):
        assert insides not in message.body
    assert not message.alternatives


def test_the_same_fault_is_mailed_once_an_hour_and_the_next_says_how_many_were_held(site):
    with time_machine.travel("2026-11-25T10:00Z", tick=False) as clock:
        for _ in range(1000 // 20):
            site.get("/a/")
        assert len(mail.outbox) == 1
        site.get("/b/")
        assert len(mail.outbox) == 2

        clock.shift(3601)
        site.get("/a/")

    assert len(mail.outbox) == 3
    assert "nog 49 keer" in mail.outbox[2].body
    assert "keer voor" not in mail.outbox[1].body


def test_other_words_of_the_same_fault_are_the_same_fault(handler):
    for number in range(3):
        logging.getLogger("proef").error("Nummer %s klopt niet", number)

    assert len(mail.outbox) == 1


def test_a_mail_server_or_cache_that_is_away_makes_one_fault_no_two(handler, settings, log):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    for _ in range(3):
        logging.getLogger("proef").error("Zonder cache")
    assert len(mail.outbox) == 1

    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 1},
        }
    }
    logging.getLogger("proef").error("Zonder mailserver")

    said = [line["message"] for line in log.lines("kwalibo.monitoring.mails")]
    assert said == ["a mail about a fault could not be sent"]


def test_without_administrators_nothing_is_mailed(handler, settings):
    settings.ADMINS = []

    logging.getLogger("proef").error("Kapot")

    assert mail.outbox == []


def test_what_the_database_says_of_a_row_is_not_mailed(handler):
    try:
        raise ValueError(
            "duplicate key value violates unique constraint\n"
            "DETAIL:  Key (address)=(lezer@voorbeeld.example) already exists."
        )
    except ValueError:
        logging.getLogger("proef").error("Mislukt", exc_info=sys.exc_info())

    assert "voorbeeld.example" not in mail.outbox[0].body
    assert "duplicate key" in mail.outbox[0].body
