"""Forms that anybody may send: machines are refused, people lose nothing."""

from datetime import timedelta

import pytest
import time_machine
from django import forms
from django.core.cache import cache
from django.utils import timezone

from kwalibo.open_forms import OpenForm


class Letter(OpenForm):
    name = "brief"
    text = forms.CharField()


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def sent(after=timedelta(seconds=20), **values) -> Letter:
    """A form that was opened, and filled in `after` that."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        seal = Letter().fresh_seal
        clock.shift(after)
        form = Letter({"text": "Dit klopt niet.", "seal": seal} | values)
        form.is_valid()
        return form


def test_what_a_person_sends_is_taken():
    assert sent().is_valid()


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"extra": "koop hier"}, "Laat dit veld leeg"),
        ({"seal": ""}, "verstuur het opnieuw"),
        ({"seal": "verzonnen:zegel:1"}, "verstuur het opnieuw"),
        ({"after": timedelta(hours=25)}, "verstuur het opnieuw"),
        ({"after": timedelta(seconds=1)}, "ging wel erg snel"),
    ],
)
def test_a_machine_is_refused_with_a_sentence(form, says):
    refused = sent(**form)

    assert says in str(refused.errors)


def test_a_seal_of_another_form_is_refused():
    class Other(Letter):
        name = "anders"

    assert "verstuur het opnieuw" in str(sent(seal=Other().fresh_seal).errors)


def test_a_refused_form_keeps_what_was_typed_and_can_be_sent_again():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        refused = Letter({"text": "Een lang verhaal.", "seal": ""})
        assert not refused.is_valid()
        refused = refused.again()
        assert "Een lang verhaal." in str(refused)
        clock.shift(timedelta(seconds=20))
        assert Letter({"text": "Een lang verhaal.", "seal": refused.data["seal"]}).is_valid()


def test_pressing_twice_is_noticed():
    form = sent()

    assert not form.is_second_time()
    assert form.is_second_time()


def test_one_address_cannot_send_without_end(rf, settings):
    settings.OPEN_FORM_HOURLY = 2
    form = sent()
    here, there = (rf.post("/", REMOTE_ADDR=address) for address in ("192.0.2.1", "192.0.2.2"))

    assert [form.within_limits(here) for _ in range(3)] == [True, True, False]
    assert form.within_limits(there)


def test_all_addresses_together_cannot_either(rf, settings):
    settings.OPEN_FORM_HOURLY_ALL = 2
    form = sent()
    requests = [rf.post("/", REMOTE_ADDR=f"192.0.2.{n}") for n in range(3)]

    assert [form.within_limits(request) for request in requests] == [True, True, False]
