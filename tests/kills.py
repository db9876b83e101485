"""Killing what runs, in the middle of writing: what was saved stays, nothing is there by half.

    python -m tests.kills --database postgres --kills 20

Colleagues write, approve and publish through the real server, and one freezes letters. All the
while workers of the server die by SIGKILL; with PostgreSQL its backends too, and the server as
a whole. Then everything that a screen said was saved must be there, and all must agree.
"""

import argparse
import contextlib
import http.client
import os
import random
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import date
from pathlib import Path

from tests.editors import Editor, LetterWriter, session_of
from tests.operations.server import Server
from tests.operations.visitor import Visitor
from tests.postgres import Cluster
from tests.stress import faults_after, prepare

EDITORS, LETTERS = 6, 30


def make_letters(number: int) -> list[int]:
    """Letters in preparation, each with a report that waits for it; their keys."""
    from measures.models import Measure, Status
    from tests.factories import CONCEPT, make_moment, report

    keys = []
    for n in range(number):
        moment = make_moment(f"Brief {n}", on=date(2024, 12, 31))
        measure = Measure.objects.order_by("pk")[n]
        report(measure, Status.PLANNED, on=date(2024, 6, 1), publication=CONCEPT).hold(moment)
        keys.append(moment.pk)
    return keys


def set_up(environment: dict[str, str]) -> None:
    """Django in this process, for preparing and for looking afterwards."""
    os.environ |= environment | {"DJANGO_SETTINGS_MODULE": "kwalibo.settings"}
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]


def environment_of(folder: Path, database: str) -> dict[str, str]:
    return {
        "DATABASE_URL": database,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SECOND_FACTOR": "0",
        "RATE_LIMITS": "0",
        "EVIDENCE_DIR": f"{folder}/bewijsstukken",
        "STATIC_ROOT": os.environ.get("STATIC_ROOT", f"{folder}/static"),
        "WEB_CONCURRENCY": "2",
    }


class Killer:
    """Kills something at random moments; `killed` counts what."""

    def __init__(self, dice: random.Random, server: Server, cluster: Cluster | None):
        self.dice, self.server, self.cluster = dice, server, cluster
        self.killed: Counter = Counter()

    def work(self, times: int) -> None:
        ways = [self.kill_worker]
        if self.cluster:
            ways = [self.kill_worker, self.kill_backend, self.kill_postgres]
        for number in range(times):
            self.wait_until_it_works()
            time.sleep(self.dice.uniform(0.5, 2.5))
            # Each in turn, so that a short run has them all.
            way = ways[number % len(ways)]
            if way():
                self.killed[way.__name__] += 1

    def wait_until_it_works(self) -> None:
        """There is nothing to break off as long as nobody is served."""
        visitor, until = Visitor(self.server.door), time.monotonic() + 20
        while time.monotonic() < until:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if visitor.get("/partijen/").status < 500:
                    return
            time.sleep(0.1)

    def kill_worker(self) -> bool:
        return self._kill(self.server.workers())

    def kill_backend(self) -> bool:
        """One that is at work when there is one: PostgreSQL then recovers as from a crash."""
        import psycopg

        with psycopg.connect(os.environ["DATABASE_URL"]) as line:
            found = line.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' "
                "AND pid <> pg_backend_pid() ORDER BY state = 'idle' LIMIT 2"
            ).fetchall()
        return self._kill([pid for (pid,) in found])

    def kill_postgres(self) -> bool:
        assert self.cluster
        self.cluster.pause()
        self.cluster.resume()
        return True

    def _kill(self, processes: list[int]) -> bool:
        if not processes:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.dice.choice(processes), signal.SIGKILL)
        return True


def faults_of_letters(answered: list[int]) -> list[str]:
    """What is wrong with letters: `answered` are those that a screen said are frozen."""
    from measures import moments, snapshot
    from measures.models import ReportingMoment

    faults = []
    for moment in ReportingMoment.objects.all():
        made = getattr(moment, "snapshot", None)
        if moment.is_in_preparation:
            if made or moment.acceptances.exists():
                faults.append(f"{moment}: half frozen")
            if moment.pk in answered:
                faults.append(f"{moment}: a screen said that it is frozen")
            continue
        if made is None:
            faults.append(f"{moment}: frozen without a snapshot")
            continue
        snapshot.read(made)
        # What a kill kept from being made, the screen makes; what is there must be right.
        moments.render_files(made)
    return faults + list(moments.verify().faults)


def faults_of_database() -> list[str]:
    """What the database itself finds wrong, and where what is derived does not follow."""
    from django.db import connection

    from measures.models import DataVersion, ProgressUpdate, SearchDocument
    from measures.search.indexing import TEXTS, catch_up, rebuild

    faults = []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            faults += [f"integrity: {row[0]}" for row in cursor.fetchall() if row[0] != "ok"]
            cursor.execute("PRAGMA foreign_key_check")
            faults += [f"foreign key: {row}" for row in cursor.fetchall()]
        else:
            # Raises when an index does not agree with its table.
            cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
            cursor.execute(
                "SELECT bt_index_check(c.oid, true) FROM pg_class c "
                "JOIN pg_am a ON a.oid = c.relam JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE a.amname = 'btree' AND n.nspname = 'public' AND c.relkind = 'i'"
            )
            cursor.execute("SELECT count(*) FROM measures_dataturn")
            if cursor.fetchone()[0]:
                faults.append("a turn of the data version is left")
    public = ProgressUpdate.objects.published().exclude(author=None).count()
    if DataVersion.objects.get(pk=1).number < public:
        faults.append("the data version was raised less often than something was published")

    def index():
        return set(SearchDocument.objects.values_list("kind", "object_id", *TEXTS))

    catch_up()
    kept = index()
    rebuild()
    if kept != index():
        faults.append("the search index differs from a new one")
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--kills", type=int, default=9)
    parser.add_argument("--seed", type=int, default=None)
    asked = parser.parse_args()
    seed = secrets.randbelow(1_000_000) if asked.seed is None else asked.seed
    sys.stdout.write(f"seed {seed}\n")
    folder = Path(tempfile.mkdtemp(prefix="kwalibo-kills-"))
    cluster = Cluster(is_durable=True) if asked.database == "postgres" else None
    try:
        database = cluster.start() if cluster else f"sqlite:///{folder}/druk.sqlite3"
        faults = run(folder, cluster, environment_of(folder, database), asked.kills, seed)
    finally:
        if cluster:
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    return 1 if faults else 0


def run(folder, cluster, environment, kills: int, seed: int) -> list[str]:
    """Work, and kill so many times; what is wrong afterwards."""
    set_up(environment)
    from django.contrib.auth import get_user_model
    from django.db import connections

    prepare(EDITORS)
    get_user_model().objects.create_superuser("briefschrijver")
    letters = make_letters(LETTERS)
    with Server(folder, **environment) as server:
        if not Path(environment["STATIC_ROOT"]).exists():
            server.manage("collectstatic", "--noinput", "--verbosity=0")
        names = [f"collega{n}" for n in range(EDITORS)]
        shared = {"door": server.door, "may_break": True}
        people: list[Editor] = [
            Editor(name, random.Random(f"{seed} {name}"), session=session_of(name), **shared)
            for name in names
        ]
        writer = LetterWriter(
            "briefschrijver",
            random.Random(seed),
            session=session_of("briefschrijver"),
            moments=letters,
            **shared,
        )
        connections.close_all()
        server.start()
        killer = Killer(random.Random(seed), server, cluster)
        threads = [threading.Thread(target=person.work) for person in [*people, writer]]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        killer.work(kills)
        for person in [*people, writer]:
            person.stop()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - start
        # It works on by itself.
        server.wait_for("/maatregelen/1/", seconds=20)
    faults = [*faults_after(people), *writer.faults]
    faults += faults_of_letters(writer.frozen) + faults_of_database()
    saved = sum(len(person.saved) for person in people)
    published = sum(len(person.published) for person in people)
    broken = sum(person.broken for person in [*people, writer])
    sys.stdout.write(
        f"{seconds:.0f} s: {dict(killer.killed)}, {broken} questions broken off, "
        f"{saved} texts saved, {published} published, {len(writer.frozen)} letters frozen\n"
    )
    return faults


if __name__ == "__main__":
    sys.exit(main())
