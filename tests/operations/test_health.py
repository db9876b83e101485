"""What a load balancer is told, and what happens when the database goes and comes back."""

import os
import shutil
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from kwalibo.operations import health, tasks
from kwalibo.operations.models import TaskRun
from tests.machine import needs
from tests.operations.server import Server
from tests.postgres import Cluster, binaries

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def all_is_well(db):
    """Every command ran just now."""
    for name in tasks.LATE_AFTER:
        tasks.note(None, name=name)


def test_live_asks_nothing_of_anything_else(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/health/live")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


def test_ready_names_every_part_in_one_word(client, all_is_well):
    answer = client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {
            "database": "ok",
            "migrations": "ok",
            "release_due": "ok",
            "send_digests": "ok",
            "cache": "ok",
            "disk": "ok",
        },
    }


@pytest.mark.parametrize("address", ["/health/live", "/health/ready"])
def test_health_is_told_under_any_name_without_https_cookie_or_cache(
    client, all_is_well, settings, address
):
    settings.SECURE_SSL_REDIRECT = True

    answer = client.get(address, headers={"host": "10.0.3.7:8000"})

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    # A page asked for like that is refused.
    settings.SECURE_SSL_REDIRECT = False
    assert client.get("/", headers={"host": "10.0.3.7:8000"}).status_code == 400


def test_health_cannot_be_posted(client, db):
    assert client.post("/health/ready").status_code == 405
    assert client.head("/health/ready").status_code == 200


def test_a_migration_that_waits_makes_it_unavailable(client, all_is_well):
    MigrationRecorder(connection).record_unapplied("operations", "0001_initial")

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert answer.json()["status"] == "unavailable"
    assert answer.json()["checks"]["migrations"] == "pending"


def test_a_database_of_a_later_version_is_no_reason_to_stop(client, all_is_well):
    """While servers are replaced one by one, the old ones work on the new tables."""
    MigrationRecorder(connection).record_applied("operations", "9999_later")

    assert client.get("/health/ready").json()["status"] == "ok"


def test_a_database_that_is_away_makes_it_unavailable_and_tells_no_names(client, monkeypatch):
    def away():
        raise OperationalError('connection to server at "db.geheim.example" failed')

    monkeypatch.setattr(health, "reach_database", away)

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "failed"
    assert answer.json()["checks"]["migrations"] == "unknown"
    assert "geheim" not in answer.text


def test_a_cache_that_is_away_is_told_and_pages_go_on(client, all_is_well, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }

    answer = client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["checks"]["cache"] == "failed"


def test_a_cache_that_keeps_nothing_is_told(client, all_is_well, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    assert client.get("/health/ready").json()["checks"]["cache"] == "failed"


def test_two_processes_share_the_cache_of_redis(client, all_is_well, redis_url, tmp_path):
    count = (
        "import django; django.setup(); from django.core.cache import cache;"
        "cache.add('teller', 0); print(cache.incr('teller'))"
    )
    environment = os.environ | {
        "CACHE_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": "kwalibo.settings",
    }

    told = [
        subprocess.run(
            [sys.executable, "-c", count],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for _ in range(2)
    ]

    assert told == ["1", "2"]


def test_ready_with_redis(client, all_is_well, redis_url, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_url,
        }
    }

    assert client.get("/health/ready").json()["checks"]["cache"] == "ok"


def test_a_full_disk_is_told(client, all_is_well, monkeypatch):
    full = shutil.disk_usage("/")._replace(total=10**12, free=10**8)
    monkeypatch.setattr(health.shutil, "disk_usage", lambda place: full)

    answer = client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json()["checks"]["disk"] == "low"


@pytest.mark.parametrize(("command", "minutes"), [("release_due", 15), ("send_digests", 60)])
def test_a_command_that_did_not_run_lately_is_told(client, all_is_well, command, minutes):
    just_in_time = timezone.now() - timedelta(minutes=minutes - 1)
    TaskRun.objects.filter(name=command).update(at=just_in_time)
    assert client.get("/health/ready").json()["checks"][command] == "ok"

    TaskRun.objects.filter(name=command).update(at=just_in_time - timedelta(minutes=2))
    answer = client.get("/health/ready").json()

    assert answer["status"] == "degraded"
    assert answer["checks"][command] == "late"


def test_a_command_that_never_ran_is_late(client, db):
    assert client.get("/health/ready").json()["checks"]["release_due"] == "late"


@pytest.mark.parametrize("command", ["release_due", "send_digests"])
def test_the_commands_say_that_they_ran(command, client, db):
    call_command(command)

    assert client.get("/health/ready").json()["checks"][command] == "ok"


def test_a_run_is_written_down_every_few_minutes_and_not_more_often(db, django_assert_num_queries):
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=timezone.UTC), tick=False) as clock:
        tasks.note(None, name="release_due")
        clock.shift(30)
        with django_assert_num_queries(1):
            tasks.note(None, name="release_due")
        clock.shift(301)
        tasks.note(None, name="release_due")

    assert TaskRun.objects.get().at == datetime(2026, 3, 1, 12, 5, 31, tzinfo=timezone.UTC)


def test_ready_costs_few_queries(client, all_is_well, django_assert_num_queries):
    """The same number however much there is; on PostgreSQL one more, on its own connection."""
    client.get("/health/ready")
    with django_assert_num_queries(4 if connection.vendor == "sqlite" else 3):
        client.get("/health/ready")


# With a PostgreSQL that really goes away and comes back.


@pytest.fixture
def cluster():
    needs(binaries(), "PostgreSQL is not on this machine")
    made = Cluster()
    made.url = made.start()
    yield made
    made.stop()


@pytest.mark.xdist_group("servers")
@pytest.mark.parametrize("pool", ["0", "3"], ids=["own connections", "pool"])
def test_a_site_whose_database_comes_back_needs_no_new_start(cluster, pool, static_root, tmp_path):
    settings = {"DATABASE_URL": cluster.url, "DATABASE_POOL": pool, "STATIC_ROOT": static_root}
    # What is kept in front may be given for a second more; this is about what is behind it.
    settings["PAGE_CACHE_MB"] = "0"
    with Server(tmp_path, **settings) as site:
        site.manage("migrate", "--verbosity=0")
        site.start()
        assert site.get("/partijen/").status == 200
        assert site.get("/health/ready").status == 200

        cluster.pause()
        for _ in range(4):
            away = site.get("/partijen/")
            assert away.status == 503
            assert away.headers["Retry-After"] == "30"
            assert "even niet bereikbaar" in away.text
        not_ready = site.get("/health/ready")
        assert not_ready.status == 503
        assert '"database": "failed"' in not_ready.text
        assert site.get("/health/live").status == 200

        cluster.resume()
        if pool != "0":
            # A pool tries again by itself, a moment later.
            site.wait_for("/partijen/", seconds=15)
        pages = [site.get("/partijen/").status for _ in range(12)]
        assert pages == [200] * 12
        assert site.get("/health/ready").status == 200

        # And when nobody asked anything while it was away, nobody notices.
        cluster.pause()
        cluster.resume()
        assert [site.get("/partijen/").status for _ in range(6)] == [200] * 6
        assert site.number_of_starts() == 1


@pytest.mark.xdist_group("servers")
def test_pages_that_are_kept_are_not_given_without_the_database(cluster, static_root, tmp_path):
    """Whether they still hold cannot be known: a second later at most, readers are told so."""
    with Server(tmp_path, DATABASE_URL=cluster.url, STATIC_ROOT=static_root) as site:
        site.manage("migrate", "--verbosity=0")
        site.start()
        assert site.get("/partijen/").status == 200

        cluster.pause()
        time.sleep(1)
        away = site.get("/partijen/")
        assert (away.status, away.headers["Retry-After"]) == (503, "30")

        cluster.resume()
        time.sleep(1)
        assert [site.get("/partijen/").status for _ in range(6)] == [200] * 6
        assert site.number_of_starts() == 1
