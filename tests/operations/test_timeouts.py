"""Whatever waits, waits for a bounded time, and says then what happened."""

import os
import signal
import smtplib
import socket
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from tests.machine import needs
from tests.operations.server import Server
from tests.operations.test_settings import PRODUCTION, run
from tests.operations.visitor import Visitor, form_of
from tests.postgres import Cluster, binaries

pytestmark = pytest.mark.xdist_group("servers")


@contextmanager
def silent_server():
    """A port where somebody listens who never says a word; its number."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        lines: list[socket.socket] = []

        def take():
            while True:
                try:
                    lines.append(listener.accept()[0])
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        for line in lines:
            line.close()


@contextmanager
def at_most(seconds: float):
    begin = time.monotonic()
    yield
    assert time.monotonic() - begin < seconds


@pytest.fixture(scope="module")
def on_postgres(tmp_path_factory, static_root):
    """A site that stops statements and silence after two seconds, waiting after one."""
    needs(binaries(), "PostgreSQL is not on this machine")
    cluster, folder = Cluster(), tmp_path_factory.mktemp("timeouts")
    try:
        settings = {
            "DATABASE_URL": cluster.start(),
            "DATABASE_STATEMENT_SECONDS": "2",
            "DATABASE_LOCK_SECONDS": "1",
            "STATIC_ROOT": static_root,
        }
        with Server(folder, "tests.operations.slow_pages:application", **settings) as site:
            site.environment["DATABASE_STATEMENT_SECONDS"] = "0"
            site.manage("migrate", "--verbosity=0")
            site.environment["DATABASE_STATEMENT_SECONDS"] = "2"
            site.start()
            yield site
    finally:
        cluster.stop()


def is_told_to_come_back(answer) -> bool:
    return (
        answer.status == 503
        and answer.headers.get("Retry-After", answer.headers.get("retry-after")) == "30"
        and "even niet bereikbaar" in answer.text
    )


@pytest.mark.parametrize(
    ("address", "reason"),
    [("/slaap/", "statement timeout"), ("/stil/", "idle-in-transaction timeout")],
)
def test_a_query_that_sleeps_and_a_transaction_that_idles_are_stopped(on_postgres, address, reason):
    with at_most(20):
        assert is_told_to_come_back(on_postgres.get(address))

    assert reason in on_postgres.log
    assert on_postgres.get("/partijen/").status == 200


def test_who_waits_for_a_lock_of_postgresql_is_told_so(on_postgres):
    with ThreadPoolExecutor() as pool:
        first = pool.submit(on_postgres.get, "/slot/")
        time.sleep(1)
        with at_most(20):
            assert is_told_to_come_back(on_postgres.get("/slot/?kort"))
        assert "lock timeout" in on_postgres.log
        # Ends the first.
        for pid in on_postgres.workers():
            os.kill(pid, signal.SIGKILL)
        assert first.exception(timeout=30)
    on_postgres.wait_for("/partijen/", seconds=30)


def test_production_asks_postgresql_to_stop_what_takes_too_long():
    told = run(
        *("manage.py", "shell", "--no-imports", "-c"),
        "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'])",
        **PRODUCTION,
    ).stdout

    for words in (
        "statement_timeout=60s",
        "lock_timeout=20s",
        "idle_in_transaction_session_timeout=60s",
        "'connect_timeout': 5",
        "'tcp_user_timeout': 15000",
    ):
        assert words in told


def test_who_waits_for_another_writer_of_sqlite_is_told_so(static_root, tmp_path):
    settings = {"DATABASE_LOCK_SECONDS": "1", "STATIC_ROOT": static_root, "SECOND_FACTOR": "0"}
    with Server(tmp_path, **settings) as site:
        site.manage("migrate", "--verbosity=0")
        site.start()
        person = Visitor(site.door)
        typed = form_of(person.get("/beheer/login/"), "username")
        typed |= {"username": "iemand", "password": "fout"}
        other = sqlite3.connect(tmp_path / "site.sqlite3", isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            with at_most(20):
                assert is_told_to_come_back(person.post("/beheer/login/", typed))
            # Who reads never waits.
            assert site.get("/partijen/").status == 200
            other.execute("ROLLBACK")
        finally:
            other.close()

        assert person.post("/beheer/login/", typed).status == 200


def test_a_mail_server_that_says_nothing_is_given_up(settings):
    with silent_server() as port:
        settings.MAILERS = {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 1},
            }
        }
        message = EmailMessage("Proef", "Tekst", to=["u@voorbeeld.example"])
        with at_most(10), pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
            mail.mailers.default.send_messages([message])


def test_mail_and_cache_of_production_have_a_time_limit():
    told = run(
        *("manage.py", "shell", "--no-imports", "-c"),
        "from django.conf import settings; print(settings.MAILERS, settings.CACHES)",
        **PRODUCTION,
    ).stdout

    assert "'timeout': 20" in told
    assert "'socket_connect_timeout': 2, 'socket_timeout': 2" in told


def test_a_cache_that_says_nothing_is_given_up(static_root, tmp_path):
    with (
        silent_server() as port,
        Server(tmp_path, CACHE_URL=f"redis://127.0.0.1:{port}", STATIC_ROOT=static_root) as site,
    ):
        site.manage("migrate", "--verbosity=0")
        site.start()
        with at_most(15):
            answer = site.get("/health/ready")

    assert (answer.status, '"cache": "failed"' in answer.text) == (200, True)


def test_a_worker_that_gives_no_sign_of_life_is_replaced(static_root, tmp_path):
    settings = {"STATIC_ROOT": static_root, "GUNICORN_CMD_ARGS": "--timeout 3"}
    with Server(tmp_path, "tests.operations.test_server:slow", **settings) as site:
        site.start()
        (stuck,) = site.workers()
        os.kill(stuck, signal.SIGSTOP)

        until = time.monotonic() + 30
        while stuck in site.workers() and time.monotonic() < until:
            time.sleep(0.2)
        site.wait_for("/health/live", seconds=30)

        assert site.workers()
        assert stuck not in site.workers()
