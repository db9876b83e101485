"""The shared cache or room on the disk is gone: what goes on, and what people are told."""

import subprocess
from contextlib import contextmanager

import pytest

from kwalibo.signin.forms import BLOCKED
from tests.machine import needs
from tests.operations import redis_server
from tests.operations.redis_server import RedisServer
from tests.operations.server import Server
from tests.operations.team import MANAGER, PASSWORD, WRITER, fill_from_outside
from tests.operations.visitor import Visitor, form_of

pytestmark = pytest.mark.xdist_group("servers")
START = "/beheer/"


@pytest.fixture
def site(tmp_path, static_root):
    """A filled site on SQLite that shares a Redis; `site.redis` can be stopped."""
    needs(redis_server.PROGRAM, "neither Redis nor Valkey is on this machine")
    redis = RedisServer(tmp_path)
    redis.start()
    settings = {"CACHE_URL": redis.url, "STATIC_ROOT": static_root, "SECOND_FACTOR": "0"}
    with Server(tmp_path, **settings) as made:
        made.redis = redis
        fill_from_outside(made)
        made.start()
        yield made
    redis.stop()


def test_without_the_shared_cache_the_site_and_its_staff_go_on(site):
    person = Visitor(site.door)
    person.log_in(MANAGER, PASSWORD)
    # The start page of staff keeps a number about the next letter in the cache.
    assert "Stand van" in person.get(START).text

    site.redis.stop()

    for address in ("/", "/maatregelen/1/", "/partijen/", "/maatregelen.csv"):
        assert Visitor(site.door).get(address).status == 200
    start = person.get(START)
    assert (start.status, "nu niet te zeggen" in start.text) == (200, True)
    # Sessions and the lock on the door are in the database.
    newcomer = Visitor(site.door)
    assert newcomer.log_in(WRITER, PASSWORD).status == 302
    assert newcomer.get(START).status == 200
    said = [Visitor(site.door).log_in("iemand", "fout").text for _ in range(6)]
    assert [BLOCKED in text for text in said] == [False] * 5 + [True]
    told = Visitor(site.door).get("/health/ready")
    assert (told.status, told.json()["status"]) == (200, "degraded")
    assert told.json()["checks"]["cache"] == "failed"

    # And nobody has to start anything anew.
    site.redis.start()
    assert Visitor(site.door).get("/health/ready").json()["checks"]["cache"] == "ok"
    assert "Stand van" in person.get(START).text


@contextmanager
def small_disk(place, size: str):
    """A disk of its own that is soon full."""
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], capture_output=True
    )
    needs(done.returncode == 0, "this account may not make a disk of its own")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def test_a_full_disk_loses_nothing_and_is_told(tmp_path, static_root):
    with small_disk(tmp_path / "disk", "24m") as disk:
        settings = {
            "DATABASE_URL": f"sqlite:///{disk}/site.sqlite3",
            "EVIDENCE_DIR": f"{disk}/bewijsstukken",
            "STATIC_ROOT": static_root,
            "SECOND_FACTOR": "0",
        }
        with Server(tmp_path, **settings) as site:
            fill_from_outside(site)
            site.start()
            person = Visitor(site.door)
            person.log_in(WRITER, PASSWORD)
            before = write(person, "Nog net bewaard.")
            assert before.status == 302
            fill_up(disk)

            # What is in the way of saving is said, and reading goes on.
            answers = [write(person, f"Past niet meer {n}.") for n in range(30)]
            full = next(answer for answer in answers if answer.status != 302)
            assert (full.status, full.headers["retry-after"]) == (503, "30")
            assert "Wij kunnen nu niets bewaren" in full.text
            saved = [n for n, answer in enumerate(answers) if answer.status == 302]
            assert Visitor(site.door).get("/maatregelen/1/").status == 200
            ready = Visitor(site.door).get("/health/ready")
            assert (ready.status, ready.json()["checks"]["disk"]) == (200, "low")

            # With room again all goes on, and what was said to be saved is there.
            (disk / "vol").unlink()
            assert write(person, "Weer ruimte.").status == 302
            site.ask_to_stop()
            site.process.wait(timeout=40)
            texts = texts_of(disk / "site.sqlite3")
    assert {"Nog net bewaard.", "Weer ruimte."} <= texts
    assert {f"Past niet meer {n}." for n in range(30)} & texts == {
        f"Past niet meer {n}." for n in saved
    }


def write(person, text):
    address = "/beheer/measures/measure/1/stand-van-zaken/"
    page = person.get(address)
    if page.status != 200:
        return page
    typed = form_of(page, "opened_version")
    typed |= {"status": "in-uitwerking", "explanation": text, "_concept": "1"}
    return person.post(address, typed)


def fill_up(disk):
    with (disk / "vol").open("wb") as file:
        try:
            while True:
                file.write(b"0" * 65536)
                file.flush()
        except OSError:
            pass


def texts_of(path) -> set[str]:
    import sqlite3

    with sqlite3.connect(path) as line:
        rows = line.execute("SELECT explanation FROM measures_progressupdate").fetchall()
        (whole,) = line.execute("PRAGMA integrity_check").fetchone()
    line.close()
    assert whole == "ok"
    return {text for (text,) in rows}
