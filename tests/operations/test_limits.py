"""Who asks too much is told when to come back; nobody else notices."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import RequestFactory

from kwalibo import limits
from kwalibo.client_address import address_of, client_of
from kwalibo.page_cache import PageCache
from kwalibo.signin.models import SignInEvent
from tests.factories import make_measure
from tests.operations.server import Server

MORNING = datetime(2026, 11, 25, 9, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def two_of_each(settings, monkeypatch):
    """Two of each kind a minute, and a clock that stands still."""
    settings.RATE_LIMITS = True
    settings.LOGIN_PER_MINUTE = settings.SEARCH_PER_MINUTE = settings.DOCUMENTS_PER_MINUTE = 2
    monkeypatch.setattr(limits, "_rests_until", 0.0)
    cache.clear()
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


SEARCHES = [
    "/zoeken/?q=bodem",
    "/maatregelen/?q=bodem",
    "/maatregelen.csv?q=bodem",
    "/moties/?q=bodem",
    "/api/v1/maatregelen?q=bodem",
    "/maatregelen/?peildatum=2024-12-31",
    "/?peildatum=2024-12-31&bekend_op=2025-06-01",
    "/api/v1/maatregelen?peildatum=2024-12-31",
    "/api/v1/maatregelen?bekendOp=2024-12-31",
]
DOCUMENTS = [
    "/bijlage/bijlage-kwalibo-2026-11-25.csv",
    "/maatregelen.ods",
    "/open-data/alles.bestaat-niet",
    "/open-data/catalogus.ttl",
    "/vergelijken/",
    "/vergelijken.csv?van=2024-01-01&tot=2025-01-01",
    "/kamerbrieven/bestaat-niet/bijlage.pdf",
    "/voorbeeld/site.png",
    "/voorbeeld/maatregel-1.png",
    "/voorbeeld/motie-x.png",
    "/voorbeeld/kamerbrief-x.png",
    "/api/v1/kamerbrieven/x/momentopname",
]


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*SEARCHES, *DOCUMENTS])
def test_who_asks_too_much_of_what_is_dear_is_told_when_to_come_back(
    client, django_assert_num_queries, address, two_of_each
):
    make_measure(number=1)
    two_of_each.shift(18)
    statuses = [client.get(address).status_code for _ in range(2)]

    with django_assert_num_queries(0):
        refused = client.get(address)

    assert 429 not in statuses
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "42"
    assert "no-store" in refused.headers["Cache-Control"]
    two_of_each.shift(42)
    assert client.get(address).status_code == statuses[0]


@pytest.mark.django_db
def test_people_get_a_dutch_page_and_programs_a_problem(client):
    for address in ("/zoeken/?q=bodem", "/api/v1/maatregelen?q=bodem"):
        for _ in range(3):
            answer = client.get(address)
        if address.startswith("/api"):
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.json()["title"] == "Te veel vragen achter elkaar"
            assert answer.json()["status"] == 429
        else:
            assert "<h1>Te veel vragen achter elkaar</h1>" in answer.text
            assert "Wacht 60 seconden" in answer.text
        assert answer.headers["Retry-After"] == "60"


@pytest.mark.django_db
def test_what_is_cheap_has_no_end(client):
    for address in ("/maatregelen/", "/zoeken/", "/api/v1/maatregelen", "/beheer/login/"):
        assert {client.get(address).status_code for _ in range(6)} == {200}


@pytest.mark.django_db
def test_kinds_are_counted_apart_and_addresses_of_one_kind_together(client):
    asked = ["/zoeken/?q=een", "/moties/?q=twee", "/maatregelen/?q=drie", "/voorbeeld/site.png"]

    assert [client.get(address).status_code for address in asked] == [200, 200, 429, 200]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/beheer/login/", "/beheer/inloggen/tweede-stap/"])
def test_logging_in_is_limited_for_one_client_whatever_names_it_types(client, address):
    typed = [{"username": f"naam{number}", "password": "x"} for number in range(3)]

    answers = [client.post(address, data, REMOTE_ADDR="192.0.2.1") for data in typed]
    elsewhere = client.post(address, typed[0], REMOTE_ADDR="192.0.2.2")

    assert [answer.status_code for answer in answers][-1] == 429
    assert elsewhere.status_code != 429
    # Refused before the password was looked at: neither checked nor noted.
    assert not SignInEvent.objects.filter(name="naam2").exists()


@pytest.mark.django_db
def test_single_sign_on_cannot_be_started_without_end(client):
    assert [client.get("/beheer/inloggen/sso/").status_code for _ in range(3)][-1] == 429


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["LOGIN", "SEARCH", "DOCUMENTS"])
def test_a_limit_of_nothing_is_no_limit(client, settings, kind):
    setattr(settings, f"{kind}_PER_MINUTE", 0)
    address = {"LOGIN": "/beheer/login/", "SEARCH": "/zoeken/?q=x", "DOCUMENTS": "/maatregelen.csv"}
    ask = client.post if kind == "LOGIN" else client.get

    assert {ask(address[kind]).status_code for _ in range(4)} == {200}


@pytest.mark.django_db
def test_one_client_does_not_use_up_what_others_may_ask(client):
    here = [client.get("/zoeken/?q=x", REMOTE_ADDR="192.0.2.1").status_code for _ in range(3)]
    there = client.get("/zoeken/?q=x", REMOTE_ADDR="192.0.2.2").status_code

    assert here == [200, 200, 429]
    assert there == 200


@pytest.mark.django_db
@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_a_made_up_forwarded_address_gives_nobody_a_new_count(client, settings, proxies):
    settings.TRUSTED_PROXIES = proxies
    seen = {0: [], 1: ["198.51.100.7"], 2: ["198.51.100.7", "10.0.0.2"]}[proxies]

    statuses = [
        client.get(
            "/zoeken/?q=x", headers={"X-Forwarded-For": ", ".join([f"203.0.113.{number}", *seen])}
        ).status_code
        for number in range(3)
    ]

    assert statuses == [200, 200, 429]


@pytest.mark.django_db
def test_an_answer_of_the_page_cache_is_not_counted(client):
    class Data:
        def key(self):
            return "1"

    def django(environ, start):
        answer = client.get("/maatregelen/?peildatum=2024-12-31")
        start(f"{answer.status_code} ", list(answer.items()))
        return answer

    site = PageCache(django, Data(), room=1 << 20)
    environ = RequestFactory().get("/maatregelen/?peildatum=2024-12-31").environ
    told = []
    for _ in range(6):
        b"".join(site(dict(environ), lambda status, *rest: told.append(status[:3])))

    assert told == ["200"] * 6


@pytest.mark.django_db
def test_without_a_cache_everybody_may_read_and_the_door_still_locks(client, settings, caplog):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }

    assert [client.get("/zoeken/?q=x").status_code for _ in range(4)] == [200] * 4
    # It is asked once, and then left alone for a while.
    assert caplog.text.count("The cache does not answer") == 1
    for _ in range(6):
        answer = client.post("/beheer/login/", {"username": "wil", "password": "fout"})
    assert "te veel mislukte pogingen" in answer.text


@pytest.mark.django_db
def test_no_address_is_kept_anywhere(client):
    address = "192.0.2.77"
    for path in ("/zoeken/?q=bodem", "/voorbeeld/site.png"):
        client.get(path, REMOTE_ADDR=address)

    kept = {key: cache._cache[key] for key in cache._cache}
    assert any("limit-search" in key for key in kept)
    assert address not in repr(kept)
    assert not SignInEvent.objects.exists()


def test_the_mark_of_a_client_is_another_every_day(rf, two_of_each):
    request = rf.get("/")
    today = limits.mark_of(request)
    two_of_each.shift(timedelta(days=1))

    assert limits.mark_of(request) != today


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        # Past one of the two: the first address that anybody of ours saw.
        (2, "198.51.100.7", "198.51.100.7"),
        (1, "198.51.100.7:4711", "198.51.100.7"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "::ffff:198.51.100.7", "198.51.100.7"),
        (1, "onzin", "192.0.2.1"),
        (1, "fe80::1%eth0", "192.0.2.1"),
        (1, "198.51.100.7, <script>", "192.0.2.1"),
    ],
)
def test_the_address_is_what_the_outermost_of_our_proxies_saw(
    rf, settings, proxies, forwarded, address
):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": forwarded})

    assert address_of(request) == address


def test_a_whole_network_of_one_household_is_one_client(rf):
    one, other, elsewhere = (
        client_of(rf.get("/", REMOTE_ADDR=address))
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    )

    assert one == other
    assert one != elsewhere


@pytest.mark.xdist_group("servers")
def test_two_servers_count_together_and_no_header_fools_them(tmp_path, redis_url, static_root):
    first, second = (tmp_path / name for name in ("een", "twee"))
    shared = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3",
        "CACHE_URL": redis_url,
        "STATIC_ROOT": static_root,
        "SECRET_KEY": "een-sleutel-die-beide-servers-hebben-0123456789-abcdef",
        "RATE_LIMITS": "1",
        "SEARCH_PER_MINUTE": "4",
        "TRUSTED_PROXIES": "1",
    }
    for folder in (first, second):
        folder.mkdir()
    with Server(first, **shared) as one, Server(second, **shared) as other:
        one.manage("migrate")
        one.start()
        other.start()

        # gunicorn throws X_Forwarded_For away: with it anybody could add to what a proxy said.
        statuses = [
            site.get(
                f"/zoeken/?q=woord{number}",
                **{"X-Forwarded-For": "198.51.100.7", "X_Forwarded_For": f"203.0.113.{number}"},
            ).status
            for number, site in enumerate([one, other] * 4)
        ]

    # A minute may have ended in between.
    assert statuses.count(429) >= 1
    assert statuses[:4] == [200] * 4
