"""One line per request, with an id that is given back; nothing in it that is a key to anything."""

import io
import logging

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path as url

from kwalibo.monitoring import logs, scrub
from kwalibo.monitoring.requests import RequestLog
from kwalibo.page_cache import PageCache
from tests.factories import make_measure

pytestmark = pytest.mark.django_db


class Watch:
    def key(self):
        return "1"

    def expire(self):
        pass


@pytest.fixture
def ask():
    """A request to the whole, as gunicorn makes it: (status, headers in lower case, body)."""
    # As Django's own client does: the connection of the test stays.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield _whole()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _whole():
    site = RequestLog(PageCache(WSGIHandler(), watch=Watch(), room=1 << 20))

    def answer(path="/", query="", method="GET", **headers):
        told = {}

        def start(status, found, problem=None):
            told.update(status=status, headers={name.lower(): value for name, value in found})

        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
        } | {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        parts = site(environ, start)
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        return told["status"], told["headers"], body

    return answer


def test_a_request_is_one_line_that_says_how_it_went(ask, log):
    measure = make_measure("Loket", number=7)
    status, headers, body = ask(measure.get_absolute_url())

    (line,) = log.lines("kwalibo.request")
    assert status.startswith("200")
    assert line["time"].endswith("Z")
    assert line["level"] == "INFO"
    assert (line["method"], line["path"]) == ("GET", measure.get_absolute_url())
    assert (line["status"], line["bytes"]) == (200, len(body))
    assert line["view"] == "measure"
    assert line["queries"] > 3
    assert line["ms"] > 0
    assert line["request_id"] == headers["x-request-id"]
    assert "user" not in line


def test_an_answer_from_the_page_cache_has_its_line_and_its_own_id_too(ask, log):
    first = ask("/")[1]["x-request-id"]
    second = ask("/")[1]["x-request-id"]
    etag = ask("/")[1]["etag"]
    ask("/", if_none_match=etag)

    lines = log.lines("kwalibo.request")
    assert first != second
    assert [line.get("cache") for line in lines] == [None, "hit", "hit", "hit"]
    assert [line["status"] for line in lines] == [200, 200, 200, 304]
    assert lines[1]["request_id"] == second
    assert lines[1]["bytes"] == lines[0]["bytes"]
    assert lines[3]["bytes"] == 0


@pytest.mark.parametrize(
    ("given", "is_behind_proxy", "is_taken"),
    [
        ("3f2a9c00d1e2f3a4b5c6d7e8f9a0b1c2", True, True),
        ("550e8400-e29b-41d4-a716-446655440000", True, True),
        ("3f2a9c00d1e2f3a4b5c6d7e8f9a0b1c2", False, False),
        ("kort", True, False),
        ("x" * 65, True, False),
        ('gemaakt" , "level": "ERROR', True, False),
        ("twee\nregels-in-het-logboek", True, False),
    ],
)
def test_only_our_own_proxy_names_a_request_and_only_well(
    ask, log, settings, given, is_behind_proxy, is_taken
):
    settings.BEHIND_PROXY = is_behind_proxy

    headers = ask("/", x_request_id=given)[1]

    assert (headers["x-request-id"] == given) is is_taken
    assert len(headers["x-request-id"]) >= 8
    assert log.lines("kwalibo.request")[0]["request_id"] == headers["x-request-id"]


def test_every_line_of_a_request_has_its_id(desk, keeper, log):
    def view(request):
        logging.getLogger("measures.proef").warning("Iets bijzonders")
        return HttpResponse("ok")

    with override_settings(ROOT_URLCONF=_urls(url("proef/", view))):
        answer = desk.get("/proef/")

    (line,) = log.lines("measures.proef")
    assert line["request_id"] == answer.headers["X-Request-ID"]


def _urls(*patterns):
    """A site map of these alone, with our own pages for errors."""
    import types

    from kwalibo import urls

    made = types.ModuleType("proef")
    made.urlpatterns = list(patterns)
    made.handler500 = urls.handler500
    return made


def test_who_sees_an_error_is_given_the_id_to_tell(log):
    def view(request):
        raise RuntimeError("kapot")

    with override_settings(ROOT_URLCONF=_urls(url("proef/", view))):
        answer = Client(raise_request_exception=False).get("/proef/")

    assert answer.status_code == 500
    assert f"<code>{answer.headers['X-Request-ID']}</code>" in answer.text
    (line,) = log.lines("django.request")
    assert line["level"] == "ERROR"
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert "RuntimeError: kapot" in line["exception"]


def test_the_line_of_a_colleague_has_a_key_and_no_name(log, keeper, ask, client, settings):
    client.force_login(keeper)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    ask("/beheer/", cookie=cookie)

    (line,) = log.lines("kwalibo.request")
    assert line["user"] == keeper.pk
    assert "keeper" not in log.text


def test_a_public_page_asks_nothing_of_a_session_for_its_line(ask, log, client):
    ask("/", cookie="sessionid=abc")

    assert "user" not in log.lines("kwalibo.request")[0]
    assert "abc" not in log.text


def test_health_that_is_well_is_counted_and_not_told(ask, log):
    ask("/health/live")

    assert log.lines("kwalibo.request") == []


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("/maatregelen/7/", "/maatregelen/7/"),
        ("/volgen/", "/volgen/"),
        ("/volgen/gevraagd/", "/volgen/gevraagd/"),
        ("/volgen/bevestigen/eyJzIjo1fQ:1vP:3xZ/", "/volgen/bevestigen/…"),
        ("/volgen/beheren/sleutel", "/volgen/beheren/…"),
        ("/volgen/afmelden/sleutel/5/", "/volgen/afmelden/…"),
        ("/klopt-dit-niet/bedankt/AB12CD34/", "/klopt-dit-niet/bedankt/…"),
        ("/anders/jan@voorbeeld.example/", "/anders/…/"),
        (f"/anders/{'x' * 101}/", "/anders/…/"),
        ("/anders/deel:tijd:handtekening/", "/anders/…/"),
    ],
)
def test_a_path_is_told_without_what_is_a_key(asked, told):
    assert scrub.path(asked) == told


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("", ""),
        ("peildatum=2024-12-31&pagina=2", "peildatum=2024-12-31&pagina=2"),
        ("q=jan+de+vries", "q=…"),
        ("code=geheim&state=ook", "code=…&state=…"),
        ("peildatum=jan@voorbeeld.example", "peildatum=…"),
        ("eyJzIjo1fQ:1vP:3xZ", "…"),
        ("Jan%20de%20Vries=1", "…"),
    ],
)
def test_of_a_query_only_names_and_days_are_told(asked, told):
    assert scrub.query(asked) == told


def test_a_log_line_is_one_line_whatever_is_asked(ask, log):
    ask("/maatregelen/\n{nep}/", query="q=%0Anep")

    assert len(log.text.splitlines()) == len(log.lines())


def test_people_read_lines_too():
    record = logging.LogRecord("kwalibo.request", logging.INFO, "", 0, "request", (), None)
    record.fields = {"method": "GET", "path": "/", "user": None}

    line = logs.TextFormatter().format(record)

    assert line.endswith("INFO kwalibo.request: request method=GET path=/")


@pytest.mark.parametrize(
    ("values", "format"),
    [
        ({}, "text"),
        ({"ALLOWED_HOSTS": "kwalibo.example.nl"}, "json"),
        ({"ALLOWED_HOSTS": "kwalibo.example.nl", "DEBUG": "1"}, "text"),
        ({"LOG_FORMAT": "json"}, "json"),
        ({"ALLOWED_HOSTS": "kwalibo.example.nl", "LOG_FORMAT": "text"}, "text"),
    ],
)
def test_where_others_reach_the_site_lines_are_json(values, format):
    from tests.operations.test_settings import run

    done = run("-c", "from kwalibo import settings; print(settings.LOG_FORMAT)", **values)

    assert done.stdout.strip() == format, done.stderr
