"""Whether a change of the public data is noticed: in this process, in another, and when not."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test import RequestFactory

from kwalibo import page_cache
from kwalibo.page_cache import PageCache, Watch
from measures.models import Status
from measures.triggers import remove
from tests.factories import CONCEPT, make_measure, report
from tests.page_cache.test_answers import ask

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def committed(transactional_db):
    """Rows that other connections see; taken away afterwards, triggers or not."""
    yield
    remove(connection)


@pytest.fixture
def watch(committed):
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("A database in memory has one connection; test_two_processes has a file.")
    watch = Watch()
    yield watch
    watch.close()


def test_publishing_is_noticed_at_once_by_the_process_that_did_it(watch):
    cache = PageCache(get_wsgi_application(), watch)
    measure = make_measure(title="Loket")
    report(measure, Status.PLANNED, on=date(2024, 1, 1))
    assert b"Gepland" in ask(cache, f"/maatregelen/{measure.number}/")[2]

    report(measure, Status.IMPLEMENTED, on=date(2024, 2, 1), explanation="Het loket is open.")
    watch.expire()  # As after the form that published it.

    assert b"Het loket is open." in ask(cache, f"/maatregelen/{measure.number}/")[2]


def test_another_process_notices_within_a_second(watch, monkeypatch):
    measure = make_measure(title="Loket")
    before = watch.key()
    report(measure, Status.IMPLEMENTED, on=date(2024, 2, 1))
    clock = page_cache.time.monotonic()
    monkeypatch.setattr(page_cache.time, "monotonic", lambda: clock + page_cache.FRESH_SECONDS)

    assert watch.key() != before


def test_what_is_not_public_leaves_the_answers_alone(watch):
    measure = make_measure(title="Loket")
    before = watch.key()
    report(measure, Status.IMPLEMENTED, on=date(2024, 2, 1), publication=CONCEPT)
    with transaction.atomic():
        make_measure(title="Gaat niet door")
        transaction.set_rollback(True)
    watch.expire()

    assert watch.key() == before


def test_a_database_that_is_away_leaves_the_answer_to_django(rf: RequestFactory):
    class Away:
        def key(self):
            raise DatabaseError("weg")

    def app(environ, start):
        start("503 Service Unavailable", [])
        return [b"even geduld"]

    assert ask(PageCache(app, Away(), room=1000))[0].startswith("503")


_PROCESS = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "kwalibo.settings"
import django
django.setup()
from datetime import date
from kwalibo.page_cache import Watch
from measures.models import Measure, Status
from tests.factories import make_measure, report
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
watch = Watch()
measure = make_measure(title="Loket")
together = Barrier(3)
def look(_):
    together.wait()  # So that each thread looks once.
    return watch.key()
with ThreadPoolExecutor(3) as threads:
    (before,) = {*threads.map(look, range(3)), watch.key()}
    print(before, flush=True)
    sys.stdin.readline()
    (after,) = {*threads.map(look, range(3)), watch.key()}
    print(after, flush=True)
"""


def test_two_processes_on_sqlite_are_never_behind(tmp_path):
    """Each thread of the one that looks sees the other's commit at its very next look."""
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3",
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "SECRET_KEY": "x" * 50,
    }

    def run(*words, **options):
        return subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=environment, check=True, **options
        )

    run("manage.py", "migrate", "--verbosity", "0")
    looking = subprocess.Popen(
        [sys.executable, "-c", _PROCESS],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    before = looking.stdout.readline().strip()
    run(
        "manage.py",
        "shell",
        "--verbosity",
        "0",
        "--command",
        "from tests.factories import *; make_measure(title='Anders')",
    )
    after, _ = looking.communicate("\n", timeout=60)

    assert looking.returncode == 0
    assert before
    assert after.strip() not in ("", before)


def test_a_database_that_is_away_is_not_tried_by_everybody_who_waits(monkeypatch):
    """Trying takes seconds, one after the other: who comes just after a failure passes on."""
    tried = []

    class Away:
        alias = "default"

        def close(self):
            pass

    def ask(connection):
        tried.append(1)
        raise OperationalError("no answer")

    monkeypatch.setattr(page_cache.data_version, "current", ask)
    watch = Watch()
    watch._connection = Away()
    for _ in range(3):
        with pytest.raises(OperationalError):
            watch._key_of_server()
    assert len(tried) == 1

    clock = page_cache.time.monotonic() + page_cache.FRESH_SECONDS
    monkeypatch.setattr(page_cache.time, "monotonic", lambda: clock)
    with pytest.raises(OperationalError):
        watch._key_of_server()
    assert len(tried) == 2
