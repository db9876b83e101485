"""Whatever goes wrong, the reader gets a Dutch page and no traceback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from kwalibo import errors

ROOT = Path(__file__).resolve().parent.parent


def fail_with(problem):
    def view(request):
        raise problem

    return view


def wrap(request):
    try:
        raise OperationalError("geheim-adres")
    except OperationalError as problem:
        raise ValueError("gevolg") from problem


urlpatterns = [
    path("mag-niet/", fail_with(PermissionDenied())),
    path("verdacht/", fail_with(SuspiciousOperation("geheim-detail"))),
    path("stuk/", fail_with(RuntimeError("geheim-detail"))),
    path("weg/", fail_with(OperationalError("geheim-adres"))),
    path("gevolg/", wrap),
    path("formulier/", lambda request: HttpResponse("goed")),
    path("", include("kwalibo.urls")),
]
handler400 = "kwalibo.errors.bad_request"
handler500 = "kwalibo.errors.server_error"


@pytest.fixture
def visitor(settings):
    """A browser that sees what the server answers, also when a view fails."""
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def test_an_unknown_address_gets_a_dutch_page_with_a_way_on(visitor):
    answer = visitor.get("/bestaat-niet/")

    assert answer.status_code == 404
    assert "Deze pagina is er niet" in answer.text
    assert 'href="/maatregelen/"' in answer.text


def test_an_unknown_address_can_be_searched_for(visitor):
    page = visitor.get("/bestaat-niet/").text

    assert 'action="/zoeken/"' in page
    assert 'name="q"' in page


def test_a_forbidden_page_says_so_in_dutch(visitor):
    answer = visitor.get("/mag-niet/")

    assert answer.status_code == 403
    assert "U hebt geen toegang" in answer.text


def test_a_form_without_a_token_is_refused_in_dutch(settings):
    settings.ROOT_URLCONF = __name__
    answer = Client(enforce_csrf_checks=True).post("/formulier/")

    assert answer.status_code == 403
    assert "Het formulier is niet verstuurd" in answer.text
    assert "CSRF" not in answer.text


@pytest.mark.parametrize("address", ["/verdacht/", "/stuk/"])
def test_an_error_page_does_not_tell_what_went_wrong_inside(visitor, address):
    answer = visitor.get(address)

    assert answer.status_code in (400, 500)
    assert "geheim" not in answer.text
    assert "Traceback" not in answer.text


def test_a_host_that_is_not_ours_gets_a_bad_request(visitor):
    answer = visitor.get("/", headers={"host": "elders.example"})

    assert answer.status_code == 400
    assert "Deze vraag kunnen wij niet beantwoorden" in answer.text


@pytest.mark.parametrize("address", ["/weg/", "/gevolg/"])
def test_a_database_that_is_away_gets_a_page_that_says_when_to_come_back(visitor, address):
    answer = visitor.get(address)

    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "even niet bereikbaar" in answer.text
    assert "geheim" not in answer.text


@pytest.mark.parametrize("place", ["__call__", "process_view", "process_response"])
def test_a_database_that_fails_in_middleware_gets_the_same_page(visitor, settings, place):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.fails_in_{place.strip('_')}"]

    answer = visitor.get("/formulier/")

    assert answer.status_code == 503
    assert "even niet bereikbaar" in answer.text


def fails_in_call(get_response):
    return fail_with(OperationalError("geheim-adres"))


def fails_in_process_response(get_response):
    def middleware(request):
        get_response(request)
        raise OperationalError("geheim-adres")

    return middleware


class fails_in_process_view:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, *args):
        raise OperationalError("geheim-adres")


def test_an_error_page_that_cannot_be_rendered_still_answers(visitor, settings, monkeypatch):
    def cannot_render(*args, **kwargs):
        raise RuntimeError("geheim-detail")

    monkeypatch.setattr(errors, "render_to_string", cannot_render)

    answer = visitor.get("/stuk/")

    assert answer.status_code == 500
    assert "Er ging iets mis bij ons" in answer.text


# With a database that is really away.

ASK = """
import django; django.setup()
from django.test import Client
for address in ADDRESSES:
    answer = Client(raise_request_exception=False).get(address, headers=HEADERS)
    print(answer.status_code, answer.headers.get("Retry-After"), "Traceback" in answer.text,
          "even niet bereikbaar" in answer.text, "Set-Cookie" in answer.headers, sep="|")
"""


def answers(database_url, addresses, headers=None):
    """What another process answers with that database: one line per address."""
    script = f"ADDRESSES, HEADERS = {addresses!r}, {headers or {}!r}\n{ASK}"
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "kwalibo.settings",
            "ALLOWED_HOSTS": "testserver",
            "DEBUG": "false",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def closed_port():
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


PUBLIC = ["/partijen/", "/moties/", "/moties/30015-87/", "/evaluaties/", "/tijdlijn/"]
OF_STAFF = ["/beheer/"]


@pytest.fixture(params=["postgresql", "sqlite"])
def away(request, tmp_path):
    """The address of a database that nobody can reach."""
    return {
        "postgresql": f"postgresql://niemand@127.0.0.1:{closed_port()}/weg",
        "sqlite": f"sqlite:///{tmp_path}/map-die-er-niet-is/kwalibo.sqlite3",
    }[request.param]


def test_every_page_answers_503_when_the_database_is_really_away(away):
    assert answers(away, PUBLIC) == ["503|30|False|True|False"] * len(PUBLIC)


def test_a_session_that_cannot_be_read_answers_503(away):
    cookie = {"cookie": "sessionid=0123456789abcdef0123456789abcdef"}

    assert answers(away, OF_STAFF, cookie) == ["503|30|False|True|False"]


def test_a_page_that_is_not_there_needs_no_database(away):
    [answer] = answers(away, ["/bestaat-niet/"])

    assert answer.startswith("404")
