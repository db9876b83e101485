"""What is answered in front of Django, and what never is."""

import gzip
import io
import sqlite3
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from types import SimpleNamespace

import brotli
import pytest
import time_machine

from kwalibo import page_cache
from kwalibo.page_cache import PATIENCE, PageCache, Watch
from tests.counting import counted

PAGE = b"<!doctype html><title>Maatregelen</title>" + b"<p>Zo staat het nu.</p>" * 50
HTML = ("Content-Type", "text/html; charset=utf-8")


class Site:
    """A site that counts how often it is asked, and says what it is told to say."""

    def __init__(self, body=PAGE, status="200 OK", headers=(HTML,), streaming=False):
        self.body, self.status, self.headers = body, status, list(headers)
        self.streaming = streaming
        self.asked = 0
        self.closed = 0

    def __call__(self, environ, start):
        self.asked += 1
        self.environ = environ
        start(self.status, self.headers)
        site = self

        class Answer:
            streaming = site.streaming

            def __iter__(self):
                return iter([site.body])

            def close(self):
                site.closed += 1

        return Answer()


class Data:
    """A stand-in for the watch: the version is what the test says."""

    version = "1"
    expired = 0

    def key(self):
        return self.version

    def expire(self):
        self.expired += 1


def ask(cache, path="/", **headers):
    """(status, headers as a dict in lower case, body) of one request."""
    told = {}
    environ = {
        "REQUEST_METHOD": headers.pop("method", "GET"),
        "PATH_INFO": path,
        "QUERY_STRING": headers.pop("query", ""),
        "HTTP_HOST": headers.pop("host", "localhost"),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": headers.pop("scheme", "http"),
        "wsgi.input": io.BytesIO(),
    } | {f"HTTP_{name.upper()}": value for name, value in headers.items()}

    def start(status, found, exc_info=None):
        told["status"] = status
        told["headers"] = {name.lower(): value for name, value in found}

    answer = cache(environ, start)
    try:
        body = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    return told["status"], told["headers"], body


@pytest.fixture
def data():
    return Data()


def cached(data, site=None, room=1 << 20):
    return PageCache(site or Site(), watch=data, room=room)


def test_a_second_reader_is_answered_without_django(data):
    cache = cached(data)
    first = ask(cache)
    second = ask(cache)

    assert first == second
    assert second[2] == PAGE
    assert cache.app.asked == cache.app.closed == 1


def test_what_was_made_before_a_change_is_never_given_after_it(data):
    cache = cached(data)
    ask(cache)
    data.version = "2"
    cache.app.body = PAGE + b"<p>Nieuw.</p>"

    assert ask(cache)[2].endswith(b"<p>Nieuw.</p>")


def test_an_answer_is_kept_under_the_version_of_before_it_was_made(data):
    """Something changes while the page is being made: the page may hold the old or the new."""
    site = Site()
    cache = cached(data, site)

    class Changing(Site):
        def __call__(self, environ, start):
            data.version = "2"
            return super().__call__(environ, start)

    cache.app = Changing()
    ask(cache)
    ask(cache)

    assert cache.app.asked == 2


def test_another_day_is_another_answer(data):
    cache = cached(data)
    with time_machine.travel(datetime(2026, 11, 25, 22, 59, tzinfo=UTC), tick=False) as clock:
        ask(cache)
        clock.move_to(datetime(2026, 11, 25, 23, 1, tzinfo=UTC))  # Past midnight in Amsterdam.
        ask(cache)

    assert cache.app.asked == 2


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/maatregelen/"},
        {"query": "peildatum=2024-12-31"},
        {"host": "elders.example"},
        {"scheme": "https"},
    ],
)
def test_another_address_is_another_answer(data, other):
    cache = cached(data)
    ask(cache)
    ask(cache, **other)

    assert cache.app.asked == 2


@pytest.mark.parametrize(
    "who",
    [
        {"cookie": "sessionid=abc"},
        {"cookie": "thema=donker; csrftoken=abc"},
        {"cookie": 'messages="x"'},
        {"authorization": "Bearer abc"},
        {"method": "POST"},
        {"range": "bytes=0-10"},
        {"path": "/static/css/site.css"},
    ],
)
def test_who_is_known_and_what_is_sent_go_to_django(data, who):
    cache = cached(data)
    for _ in range(2):
        ask(cache, **who)

    assert cache.app.asked == 2


def test_a_cookie_of_something_else_does_not_matter(data):
    cache = cached(data)
    for _ in range(2):
        ask(cache, cookie="lb=server1")

    assert cache.app.asked == 1


@pytest.mark.parametrize(
    "site",
    [
        Site(status="404 Not Found"),
        Site(status="500 Internal Server Error"),
        Site(status="302 Found"),
        Site(headers=[HTML, ("Set-Cookie", "a=b")]),
        Site(headers=[HTML, ("Cache-Control", "max-age=0, no-cache, no-store, private")]),
        Site(headers=[HTML, ("Content-Security-Policy", "script-src 'nonce-abc'")]),
        Site(headers=[HTML, ("Vary", "Accept-Language")]),
        Site(headers=[HTML, ("Content-Encoding", "gzip")]),
        Site(streaming=True),
    ],
)
def test_what_is_not_for_everybody_is_not_kept(data, site):
    cache = cached(data, site)
    first = ask(cache)
    ask(cache)

    assert site.asked == 2
    assert first[0] == site.status


def test_a_form_that_is_sent_makes_this_process_look_again(data):
    cache = cached(data)
    ask(cache, method="POST")

    assert data.expired == 1


def test_who_has_it_already_gets_304(data):
    cache = cached(data)
    etag = ask(cache)[1]["etag"]

    status, headers, body = ask(cache, if_none_match=f'"anders", {etag}')

    assert (status, body) == ("304 Not Modified", b"")
    assert headers["etag"] == etag
    assert cache.app.asked == 1


@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
        ("", None, bytes),
        ("identity", None, bytes),
    ],
)
def test_a_page_is_packed_as_the_reader_takes_it(data, accepted, coding, unpack):
    cache = cached(data)
    ask(cache)
    _, headers, body = ask(cache, accept_encoding=accepted)

    assert headers.get("content-encoding") == coding
    assert int(headers["content-length"]) == len(body)
    assert "Accept-Encoding" in headers["vary"]
    assert unpack(body) == PAGE


def test_each_form_is_packed_once(data, monkeypatch):
    packed = []
    monkeypatch.setitem(
        page_cache.PACKERS,
        "br",
        lambda body: packed.append(1) or brotli.compress(body),
    )
    cache = cached(data)
    for _ in range(3):
        ask(cache, accept_encoding="br")

    assert len(packed) == 1


def test_head_tells_the_length_and_sends_nothing(data):
    cache = cached(data)
    _, headers, body = ask(cache, method="HEAD")

    assert body == b""
    assert headers["content-length"] == str(len(PAGE))
    assert ask(cache)[2] == PAGE
    assert cache.app.asked == 1


def test_a_picture_is_not_packed(data):
    cache = cached(data, Site(headers=[("Content-Type", "image/png")]))
    _, headers, body = ask(cache, accept_encoding="gzip")

    assert "content-encoding" not in headers
    assert body == PAGE


def test_the_room_is_bounded_and_the_oldest_goes_first(data):
    cache = cached(data, room=10_000)
    for number in range(20):
        ask(cache, path=f"/maatregelen/{number}/")
    ask(cache, path="/maatregelen/19/")
    ask(cache, path="/maatregelen/0/")

    assert cache.app.asked == 21
    assert cache._size <= 10_000


def test_without_room_everything_goes_to_django(data):
    cache = cached(data, room=0)
    for _ in range(2):
        ask(cache)

    assert cache.app.asked == 2


class Slow(Site):
    """A site that makes a page as long as the test wants."""

    def __init__(self, **values):
        super().__init__(**values)
        self.may_end = threading.Event()

    def __call__(self, environ, start):
        answer = super().__call__(environ, start)
        assert self.may_end.wait(10)
        return answer


def readers_at_once(cache, number, made):
    """What so many readers get who ask while the page is being made for `made` of them."""
    with ThreadPoolExecutor(number) as pool:
        answers = [pool.submit(ask, cache) for _ in range(number)]
        until = time.monotonic() + 10
        while cache.app.asked < made and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.1)
        cache.app.may_end.set()
        return [answer.result() for answer in answers]


def test_a_page_is_made_once_for_all_who_ask_for_it_at_once(data):
    cache = cached(data, Slow())

    answers = readers_at_once(cache, 6, made=1)

    assert cache.app.asked == 1
    assert [answer[2] for answer in answers] == [PAGE] * 6
    assert not cache._building


def test_who_asks_after_a_change_does_not_wait_for_a_page_of_before_it(data):
    cache = cached(data, Slow())
    with ThreadPoolExecutor(2) as pool:
        before = pool.submit(ask, cache)
        while not cache.app.asked:
            time.sleep(0.01)
        data.version, cache.app.body = "2", PAGE + b"<p>Nieuw.</p>"
        after = pool.submit(ask, cache)
        until = time.monotonic() + PATIENCE / 2
        while cache.app.asked < 2 and time.monotonic() < until:
            time.sleep(0.01)
        assert cache.app.asked == 2
        cache.app.may_end.set()

        assert after.result()[2].endswith(b"<p>Nieuw.</p>")
        before.result()
    assert ask(cache)[2].endswith(b"<p>Nieuw.</p>")


def test_what_is_not_kept_is_made_for_everybody(data):
    cache = cached(data, Slow(status="404 Not Found"))

    answers = readers_at_once(cache, 3, made=1)

    assert [answer[0] for answer in answers] == ["404 Not Found"] * 3
    assert not cache._building


def test_who_waits_gets_an_answer_when_making_it_fails(data):
    class Failing(Slow):
        def __call__(self, environ, start):
            super().__call__(environ, start)
            if self.asked == 1:
                raise RuntimeError
            return [self.body]

    cache = cached(data, Failing())
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask, cache)
        while not cache.app.asked:
            time.sleep(0.01)
        second = pool.submit(ask, cache)
        time.sleep(0.1)
        cache.app.may_end.set()

        assert second.result()[2] == PAGE
        with pytest.raises(RuntimeError):
            first.result()


def test_a_file_that_the_server_sends_is_never_read_here(data):
    """As Django answers with a FileResponse under gunicorn: the wrapper of the server itself."""

    class Wrapper:
        def __iter__(self):
            raise AssertionError("read into memory")

    def site(environ, start):
        start("200 OK", [("Content-Type", "application/pdf")])
        return Wrapper()

    told = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/bewijsstukken/1/verslag.pdf"}

    answer = PageCache(site, data, room=1 << 20)(environ, lambda *start: told.append(start))

    assert isinstance(answer, Wrapper)
    assert told[0][0] == "200 OK"


def test_a_304_tells_what_it_has_to_and_no_more(data):
    policy = ("Content-Security-Policy", "default-src 'none'")
    control = ("Cache-Control", "no-cache")
    cache = cached(data, Site(headers=[HTML, policy, control]))
    etag = ask(cache)[1]["etag"]

    _, headers, _ = ask(cache, if_none_match=etag)

    assert set(headers) == {"cache-control", "etag", "vary"}


def test_another_policy_is_another_answer(data):
    """A reader who has the page with the policy of before must not go on with that."""
    etags = set()
    for policy in ("default-src 'none'", "default-src 'self'"):
        site = Site(headers=[HTML, ("Content-Security-Policy", policy)])
        etags.add(ask(cached(data, site))[1]["etag"])

    assert len(etags) == 2


def test_what_is_kept_takes_no_more_memory_than_its_room(data):
    room = 2 << 20
    cache = cached(data, Site(headers=[HTML, ("Content-Security-Policy", "x" * 500)]), room=room)
    tracemalloc.start()
    try:
        for number in range(3000):
            cache.app.body = b"<p>%d</p>" % number + PAGE
            cache.app.headers = [(name, str(value)) for name, value in cache.app.headers]
            for coding in ("", "br", "gzip"):
                ask(cache, path=f"/maatregelen/{number}/", accept_encoding=coding)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(cache._kept) > 100
    assert taken < room


class TestWarm:
    """An answer that is kept costs no work of Django, and of SQLite one question."""

    def test_nothing_of_django_runs(self, data, monkeypatch):
        cache = cached(data)
        ask(cache, accept_encoding="br")
        etag = ask(cache)[1]["etag"]
        monkeypatch.setattr(cache, "app", None)

        with counted(monkeypatch) as work:
            ask(cache, accept_encoding="br")
            ask(cache, if_none_match=etag)

        assert not [name for name in work.calls if "/django/" in name]
        assert work.calls.total() < 100
        assert work.queries == []

    def test_sqlite_is_asked_for_its_version_and_nothing_else(self, data, tmp_path, monkeypatch):
        database = tmp_path / "site.sqlite3"
        settings_dict = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database)}
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("CREATE TABLE measures_dataversion (id, number, mark)")
        monkeypatch.setitem(page_cache.settings.DATABASES, "default", settings_dict)
        monkeypatch.setattr(
            page_cache, "connections", {"default": SimpleNamespace(settings_dict=settings_dict)}
        )
        watch = Watch()
        cache = cached(watch)
        ask(cache)
        asked = []
        watch._here.connection.set_trace_callback(asked.append)

        ask(cache)

        assert cache.app.asked == 1
        assert asked == ["PRAGMA data_version"]
        watch.close()
