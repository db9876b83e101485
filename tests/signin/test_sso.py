"""Single sign-on, with a provider of OpenID Connect that these tests start."""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pytest
import requests
from django.urls import reverse
from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey

from kwalibo.signin import sso
from kwalibo.signin.models import Identity, SignInEvent
from tests.desk.people import colleague

pytestmark = pytest.mark.django_db
Kind = SignInEvent.Kind


@pytest.fixture(scope="module", autouse=True)
def without_tls():
    """The provider runs on this machine; outside tests the library insists on https."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    yield
    del os.environ["AUTHLIB_INSECURE_TRANSPORT"]


@pytest.fixture(scope="module")
def provider():
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def connected(settings, provider):
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = provider, "kwalibo"
    settings.OIDC_CLIENT_SECRET, settings.OIDC_NAME = "geheim", "het Rijk"
    sso._client.cache_clear()


def vouch(provider, subject, address, go_to, **claims):
    """Log in at the provider; where it sends the browser."""
    account = {"email": address, "email_verified": True} | claims
    requests.put(f"{provider}/users/{subject}", json=account, timeout=5).raise_for_status()
    answer = requests.post(go_to, data={"sub": subject}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def come_in(client, provider, subject, address, to="/beheer/", **claims):
    go_to = client.get(reverse("sso_start"), {"next": to}).headers["Location"]
    back = vouch(provider, subject, address, go_to, **claims)
    return client.get(urlsplit(back).path + "?" + urlsplit(back).query)


def test_somebody_with_an_account_is_in_without_a_code(client, provider, person):
    assert "Inloggen met het Rijk" in client.get("/beheer/login/").text

    answer = come_in(client, provider, "w-1", "Wil@voorbeeld.example", to="/beheer/bijlage/")

    assert answer.headers["Location"] == "/beheer/bijlage/"
    assert client.get("/beheer/bijlage/").status_code == 200
    assert SignInEvent.objects.get().kind == Kind.SSO
    assert Identity.objects.get().subject == "w-1"


def test_it_asks_with_state_nonce_and_pkce(client, provider):
    asked = parse_qs(urlsplit(client.get(reverse("sso_start")).headers["Location"]).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert asked["redirect_uri"] == ["http://testserver/beheer/inloggen/sso/terug/"]


def test_after_the_first_time_only_the_mark_of_the_provider_counts(client, provider, person):
    come_in(client, provider, "w-2", "wil@voorbeeld.example")
    client.logout()

    come_in(client, provider, "w-2", "nieuw@voorbeeld.example")
    assert client.get("/beheer/").status_code == 200
    client.logout()

    # Somebody else who gets hold of the old address.
    answer = come_in(client, provider, "w-3", "wil@voorbeeld.example")
    assert answer.headers["Location"] == "/beheer/login/"
    assert client.get("/beheer/").status_code == 302


@pytest.mark.parametrize(
    ("address", "claims"),
    [
        ("onbekend@voorbeeld.example", {}),
        ("wil@voorbeeld.example", {"email_verified": False}),
        ("dubbel@voorbeeld.example", {}),
        ("weg@voorbeeld.example", {}),
    ],
)
def test_whom_we_do_not_know_stays_outside(client, provider, person, address, claims):
    for name in ("een", "twee"):
        colleague(name, email="dubbel@voorbeeld.example")
    colleague("weg", email="weg@voorbeeld.example", is_active=False)

    answer = come_in(client, provider, "w-4", address, **claims)

    assert answer.headers["Location"] == "/beheer/login/"
    assert "Vraag de beheerder om een account" in client.get("/beheer/login/").text
    assert SignInEvent.objects.get().kind == Kind.SSO_REFUSED
    assert not Identity.objects.exists()


def test_an_answer_that_nobody_asked_for_is_refused(client, provider, person):
    go_to = client.get(reverse("sso_start")).headers["Location"]
    back = vouch(provider, "w-5", "wil@voorbeeld.example", go_to)
    query = parse_qs(urlsplit(back).query)
    stolen = {"code": query["code"][0], "state": "verzonnen"}

    answer = client.get(reverse("sso_return"), stolen)

    assert answer.headers["Location"] == "/beheer/login/"
    assert "lukt nu niet" in client.get("/beheer/login/").text
    assert "_auth_user_id" not in client.session


def test_an_answer_is_good_once(client, provider, person):
    go_to = client.get(reverse("sso_start")).headers["Location"]
    back = urlsplit(vouch(provider, "w-6", "wil@voorbeeld.example", go_to))
    client.get(f"{back.path}?{back.query}")
    client.logout()

    assert client.get(f"{back.path}?{back.query}").headers["Location"] == "/beheer/login/"


def test_a_token_for_another_application_is_refused(client, provider, person, settings):
    go_to = client.get(reverse("sso_start")).headers["Location"]
    back = urlsplit(vouch(provider, "w-7", "wil@voorbeeld.example", go_to))
    sso.client().client_id = "een-ander"

    answer = client.get(f"{back.path}?{back.query}")

    assert answer.headers["Location"] == "/beheer/login/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("query", [{}, {"error": "access_denied"}, {"code": "x", "state": "y"}])
def test_what_comes_back_broken_is_said_and_no_error(client, provider, query):
    answer = client.get(reverse("sso_return"), query)

    assert answer.headers["Location"] == "/beheer/login/"
    assert SignInEvent.objects.get().kind == Kind.SSO_REFUSED


def test_a_provider_that_is_away_is_said_and_no_error(client, settings, db):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    sso._client.cache_clear()

    assert client.get(reverse("sso_start")).headers["Location"] == "/beheer/login/"
    assert "lukt nu niet" in client.get("/beheer/login/").text


def test_without_a_provider_there_is_no_such_door(client, settings, db):
    settings.OIDC_ISSUER = ""

    assert client.get(reverse("sso_start")).status_code == 404
    assert "eenmalige" not in client.get("/beheer/login/").text


def test_the_session_is_another_after_it(client, provider, person):
    client.get(reverse("sso_start"))
    before = client.session.session_key

    come_in(client, provider, "w-8", "wil@voorbeeld.example")

    assert client.session.session_key != before


def text_of(part: dict) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def read(part: str) -> dict:
    return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def with_another_payload(token):
    header, payload, signature = token.split(".")
    return f"{header}.{text_of(read(payload) | {'email': 'bea@voorbeeld.example'})}.{signature}"


def without_a_signature(token):
    return f"{text_of({'alg': 'none'})}.{token.split('.')[1]}."


def signed_with_a_shared_secret(token):
    key = OctKey.import_key("geheim-dat-lang-genoeg-is-voor-de-library")
    return jwt.encode({"alg": "HS256"}, read(token.split(".")[1]), key)


def signed_with_a_key_that_it_brings(token):
    key = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "jwk": key.as_dict(private=False)}
    return jwt.encode(header, read(token.split(".")[1]), key, registry=jws.JWSRegistry())


@pytest.mark.parametrize(
    "forge",
    [
        with_another_payload,
        without_a_signature,
        signed_with_a_shared_secret,
        signed_with_a_key_that_it_brings,
    ],
)
def test_a_forged_token_is_refused(client, provider, person, monkeypatch, forge):
    go_to = client.get(reverse("sso_start")).headers["Location"]
    back = urlsplit(vouch(provider, "w-9", "wil@voorbeeld.example", go_to))
    fetch = sso.client().fetch_access_token
    monkeypatch.setattr(
        sso.client(),
        "fetch_access_token",
        lambda **how: (token := fetch(**how)) | {"id_token": forge(token["id_token"])},
    )

    answer = client.get(f"{back.path}?{back.query}")

    assert answer.headers["Location"] == "/beheer/login/"
    assert "_auth_user_id" not in client.session
    assert SignInEvent.objects.get().kind == Kind.SSO_REFUSED


def test_no_token_of_the_provider_is_kept(client, provider, person):
    come_in(client, provider, "w-10", "wil@voorbeeld.example")

    assert client.session["_auth_user_id"] == str(person.pk)
    assert "eyJ" not in json.dumps(dict(client.session.items()))
    assert "token" not in json.dumps(dict(client.session.items()))
