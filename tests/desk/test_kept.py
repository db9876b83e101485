"""A session that is over takes nothing along: what was typed comes back after logging in."""

from datetime import date

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from measures.models import ProgressUpdate
from tests.admin.forms import typed
from tests.factories import make_measure

pytestmark = pytest.mark.django_db

TEXT = "Een lange tekst,\nmet <b>een</b> “aanhaling” & meer."
WORD = "een heel lang wachtwoord"


@pytest.fixture
def address():
    measure = make_measure("Een loket")
    return reverse("admin:measures_measure_update", args=[measure.pk])


@pytest.fixture
def opened(browser_of, writer, address):
    """A form that was filled in; then the session ended."""
    writer.set_password(WORD)
    writer.save()
    client = browser_of(writer)
    data = typed(client.get(address), status="gepland", explanation=TEXT, _submit="1")
    client.cookies.pop("sessionid")
    return client, data


def log_in(client, answer, name="schrijver"):
    return client.post(answer.url, {"username": name, "password": WORD})


def test_what_was_typed_comes_back_and_is_sent_with_one_press(opened, address):
    client, data = opened
    refused = client.post(address, data)
    assert not ProgressUpdate.objects.exists()

    answer = log_in(client, refused)
    page = client.get(answer.url)

    assert answer.url == address
    assert "Uw tekst is bewaard" in page.text
    assert "Een lange tekst," in page.text
    assert "&lt;b&gt;een&lt;/b&gt;" in page.text
    again = {}
    for name, value in page.context["fields"]:
        again.setdefault(name, []).append(value)
    client.post(page.context["path"], again)
    assert ProgressUpdate.objects.get().explanation.replace("\r", "") == TEXT
    assert "Uw tekst is bewaard" not in client.get(address).text


def test_it_can_be_thrown_away(opened, address):
    client, data = opened
    log_in(client, client.post(address, data))

    client.post(address, {"_weggooien": "1"})

    assert "Uw tekst is bewaard" not in client.get(address).text
    assert not ProgressUpdate.objects.exists()


def test_it_shows_at_its_own_address_only_and_not_for_ever(opened, address):
    client, data = opened
    log_in(client, client.post(address, data))

    assert "Uw tekst is bewaard" not in client.get("/beheer/").text
    with time_machine.travel(timezone.now() + timezone.timedelta(hours=13)):
        assert "Uw tekst is bewaard" not in client.get(address).text


def test_a_password_is_not_kept(browser_of, writer):
    client = Client()
    client.post(
        reverse("admin:password_change"),
        {"old_password": WORD, "new_password1": WORD + "!", "note": "iets"},
    )

    assert WORD not in str(dict(client.session))


def test_somebody_without_the_right_gets_the_text_and_no_way_in(opened, address, reader):
    client, data = opened
    reader.set_password(WORD)
    reader.save()
    log_in(client, client.post(address, data), name="lezer")

    page = client.get(address)
    assert "Een lange tekst," in page.text
    assert client.post(address, data).status_code == 403
    assert not ProgressUpdate.objects.exists()


def test_a_form_of_another_site_is_not_kept(address):
    client = Client(enforce_csrf_checks=True)

    answer = client.post(address, {"explanation": "Van een ander"})

    assert answer.status_code == 403
    assert "kept_form" not in client.session


def test_what_is_too_long_is_not_kept_but_asks_to_log_in(opened, address):
    client, data = opened

    answer = client.post(address, data | {"explanation": "x" * 1_000_001})

    assert answer.status_code == 302
    assert "kept_form" not in client.session


def test_logging_in_and_out_go_as_before(client, writer):
    writer.set_password(WORD)
    writer.save()
    login = reverse("admin:login")
    assert client.post(login, {"username": "schrijver", "password": "fout"}).status_code == 200
    assert client.post(login, {"username": "schrijver", "password": WORD}).status_code == 302
    assert client.post(reverse("admin:logout")).status_code == 200
    assert get_user_model().objects.get(pk=writer.pk).last_login.date() >= date(2024, 1, 1)
