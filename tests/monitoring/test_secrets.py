"""Nothing that is secret, and no address of a reader, is in any log, mail about a fault or metric.

The site is used as people use it, with marks in everything that is secret; then every line is
searched for them. One test takes a look at each kind of text that others write.
"""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as used
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import path, reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from prometheus_client import generate_latest

from kwalibo.corrections.forms import CorrectionForm
from kwalibo.follow.forms import FollowForm
from kwalibo.monitoring import gauges, metrics, scrub
from kwalibo.monitoring.mails import FaultMailHandler
from measures import subjects
from tests.desk.people import colleague
from tests.monitoring.test_requests import _urls
from tests.signin.people import code_of, give, log_in

pytestmark = pytest.mark.django_db

PASSWORD = "merkteken-goed-wachtwoord"
WRONG = "merkteken-fout-wachtwoord"
READER = "merkteken-lezer@voorbeeld.example"
FOLLOWER = "merkteken-volger@voorbeeld.example"
CODE = "merkteken-sso-code"
TOKEN = "merkteken-metrics-token-0123456789"
DATABASE = "merkteken-databasewachtwoord"


@pytest.fixture
def everything(log, settings, monkeypatch):
    """All that is logged (down to DEBUG, slow queries too), mailed about faults and counted."""
    settings.SECOND_FACTOR = True
    settings.SLOW_QUERY_MS = 0.000_001
    settings.ADMINS = ["beheer@voorbeeld.example"]
    settings.METRICS_TOKEN = TOKEN
    cache.clear()
    handler = FaultMailHandler()
    handler.setLevel("ERROR")
    logging.getLogger().addHandler(handler)

    def told() -> str:
        faults = [m.body + m.subject for m in mail.outbox if m.to == used.ADMINS]
        counted = generate_latest(metrics.REGISTRY).decode()
        gauged = "".join(str(family) for family in gauges.families())
        return "\n".join([log.text, *faults, counted, gauged])

    yield told
    logging.getLogger().removeHandler(handler)


def a_moment_ago(make):
    with time_machine.travel(timezone.now() - timedelta(seconds=30)):
        return make()


def test_the_door_tells_no_password_code_or_secret_of_an_app(
    everything, settings, django_capture_on_commit_callbacks
):
    person = colleague("wil", "redacteur", email="wil@voorbeeld.example")
    person.set_password(PASSWORD)
    person.save()
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        log_in(client, "wil", WRONG)
        log_in(client, WRONG, PASSWORD)
        log_in(client, "wil", PASSWORD)
    page = client.get(reverse("second_factor")).text
    letters = re.search(r'beheer-secret">([A-Z2-7 ]+)<', page)[1]
    device = TOTPDevice.objects.get(user=person)
    code = code_of(device)
    with django_capture_on_commit_callbacks(execute=True):
        give(client, code)
    session = client.session.session_key
    settings.OIDC_ISSUER = "https://127.0.0.1:1"
    settings.OIDC_CLIENT_SECRET = "merkteken-oidc-secret"
    client.get(f"{reverse('sso_return')}?code={CODE}&state=merkteken-state")

    said = everything()
    assert "signed_in" in said
    assert "sign_in_failed" in said
    for secret in (letters, letters.replace(" ", ""), device.key, code, session):
        assert secret not in said
    assert "merkteken" not in said
    assert "wil@voorbeeld.example" not in said


def test_readers_leave_no_address_and_their_links_are_no_keys_in_a_log(everything, client):
    form = {
        "wrong": "De datum klopt niet.",
        "seal": a_moment_ago(lambda: CorrectionForm().fresh_seal),
    }
    answer = client.post("/klopt-dit-niet/?over=website", form | {"email": READER})
    assert answer.status_code == 302
    client.get(answer.headers["Location"])
    seal = a_moment_ago(lambda: FollowForm(subject=subjects.everything()).fresh_seal)
    form = {"address": FOLLOWER, "what": "alles", "frequency": "dagelijks", "seal": seal}
    assert client.post("/volgen/", form).status_code == 302
    (message,) = [m for m in mail.outbox if m.to == [FOLLOWER]]
    (link,) = re.findall(r"(/volgen/bevestigen/\S+)", message.body)
    client.get(link)
    client.post(link)
    call_command("send_follow_mails")

    said = everything()
    assert "follow_mail" in said  # The slow queries were there to be searched.
    assert "merkteken" not in said
    assert link.split("/")[3] not in said
    assert answer.headers["Location"].split("/")[3] not in said


def test_a_mail_server_that_quotes_an_address_is_not_quoted(everything, client, settings):
    settings.MAILERS = {"default": {"BACKEND": "tests.monitoring.test_secrets.Refusing"}}
    seal = a_moment_ago(lambda: FollowForm(subject=subjects.everything()).fresh_seal)
    client.post(
        "/volgen/", {"address": FOLLOWER, "what": "alles", "frequency": "dagelijks", "seal": seal}
    )

    said = everything()
    assert "could not be sent" in said
    assert "merkteken" not in said


class Refusing:
    """A mail server that says to whom it will not send."""

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        raise OSError(f"550 no such user: {messages[0].to[0]}")


def fails(request):
    password = PASSWORD
    raise RuntimeError("kapot" if password else "")


def quotes_the_database(request):
    raise OperationalError(
        f'connection to "postgres://kwalibo:{DATABASE}@10.0.0.1/kwalibo" failed: '
        f'password={DATABASE} user "kwalibo"'
    )


def quotes_the_token(request):
    raise RuntimeError(f"Authorization: Bearer {TOKEN}")


def quotes_a_person(request):
    raise RuntimeError(f"Key (address)=({READER}) already exists, or {FOLLOWER}")


@pytest.mark.parametrize("view", [fails, quotes_the_database, quotes_the_token, quotes_a_person])
def test_an_error_that_holds_a_secret_is_told_without_it(everything, view):
    with override_settings(
        ROOT_URLCONF=_urls(path("proef/<str:sleutel>/", lambda r, sleutel: view(r)))
    ):
        answer = Client(raise_request_exception=False).post(
            "/proef/abc:def:merkteken/?token=merkteken-in-adres",
            {"password": PASSWORD, "address": READER},
            headers={"authorization": f"Bearer {TOKEN}"},
        )

    assert answer.status_code in (500, 503)
    said = everything()
    assert "Error" in said
    assert "merkteken" not in said
    assert "merkteken" not in answer.text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("postgres://naam:geheim@host/db", "postgres://…@host/db"),
        ("redis://:geheim@host:6379", "redis://…@host:6379"),
        ("Authorization: Bearer abcdef0123", "Authorization: Bearer …"),
        ("password='geheim' user=wil", "password=… user=wil"),
        ('{"client_secret": "geheim"}', '{"client_secret": …}'),
        ("GET /terug/?code=geheim&state=ook", "GET /terug/?code=…&state=…"),
        ("Not Found: /volgen/beheren/geheim", "Not Found: /volgen/beheren/…"),
        ("aan jan.de-vries@voorbeeld.example gestuurd", "aan …@… gestuurd"),
        ("Key (a, b)=(1, geheim) already exists", "Key (a, b)=(…) already exists"),
        ("eyJzIjo1fQ:1vPabc:3xZ0123456789abcdefghijklmnop", "…"),
        ("AGE-SECRET-KEY-1QQQQ", "…"),
        ("Gewoon een zin, om 10:15:00 gezegd.", "Gewoon een zin, om 10:15:00 gezegd."),
    ],
)
def test_the_last_safety_net_knows_what_a_secret_looks_like(said, told):
    assert scrub.text(said) == told


def test_the_secrets_of_this_installation_are_known_whatever_they_look_like(settings):
    settings.SECRET_KEY = "zomaareenwoord"
    settings.METRICS_TOKEN = "nogeenwoord"
    settings.CACHE_URL = "redis://:cachewoord@127.0.0.1:1/0"

    said = scrub.text("zomaareenwoord, nogeenwoord en cachewoord")

    assert said == "…, … en …"


def test_django_itself_tells_no_address_as_it_was_asked(log, client):
    client.get("/volgen/bevestigen/merkteken:geheim:handtekening/")
    client.get("/merkteken-pagina@voorbeeld.example/")

    assert "merkteken:" not in log.text
    assert "voorbeeld.example" not in log.text
    # Our own line per request says it, without what is a key.
    assert log.lines("django.request") == []
