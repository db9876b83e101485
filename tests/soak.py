"""Full load for minutes: no error, nothing lost, memory flat, and warm pages stay quick.

    python -m tests.soak --seconds 600 [--database sqlite|postgres] [--report]

gunicorn with two workers on this machine; four readers at full speed; ten colleagues who write,
approve, publish and change, each with some seconds to think; half-way one freezes a letter
and makes it public. `--report` writes the figures to docs/benchmarks.md.
"""

import argparse
import contextlib
import multiprocessing
import os
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench_report import machine, table, write_section
from tests.editors import Editor, LetterWriter, session_of
from tests.kills import (
    environment_of,
    faults_of_database,
    faults_of_letters,
    make_letters,
    set_up,
)
from tests.operations.server import Server
from tests.postgres import Cluster
from tests.soak_load import Seen, read, take_what_is_left, watch
from tests.stress import MEASURES, faults_after, prepare

EDITORS, READERS = 10, 4
THINKS = (2, 8)
# What is promised: p99 of warm pages, in medians. On two processors that readers, colleagues and
# the database share too it was 4.8 to 6.4; without the turns of kwalibo/turns.py 11, and half as
# many answers to readers.
SLOWEST = 5
# How much the memory may grow over the second half of a run of so many seconds. In a short one
# caches are still filling; in less, nothing can be said.
GROWTH = {300: 0.05, 45: 0.30, 0: 100}
# Not timed, so many seconds from the start.
WARMING_UP = 10
# When p99 is judged: in a shorter run it hangs on a dozen answers, and with more than this part
# of the processors for others it says nothing about the site.
LONG_ENOUGH, OTHERS = 60, 0.10
FILES = 20  # more than at half-time: a thread opens its own when it first works
CONNECTIONS = 30  # one per thread and one per process that watches, and some of ours


@dataclass
class Thinking(Editor):
    """A colleague who thinks between two steps."""

    def take(self, task) -> None:
        super().take(task)
        time.sleep(self.dice.uniform(*THINKS))


@dataclass
class Machine:
    """What the workers use, looked at every second: (seconds, MB, open files), connections."""

    server: Server
    database: str
    looks: list[tuple[float, float, int]] = field(default_factory=list)
    connections: list[int] = field(default_factory=list)
    # For how long it ran, and which part of the processors others had meanwhile.
    seconds: int = 0
    others: float = 0.0

    def look(self, at: float) -> None:
        memory, files = 0.0, 0
        for pid in self.server.workers():
            with contextlib.suppress(FileNotFoundError):
                rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                # What it took itself; the pages of a mapped database are the system's to keep.
                memory += next(int(row.split()[1]) for row in rows if row.startswith("Pss_Anon"))
                files += len(list(Path(f"/proc/{pid}/fd").iterdir()))
        self.looks.append((at, memory / 1024, files))
        if self.database.startswith("postgres"):
            import psycopg

            with psycopg.connect(self.database) as line:
                row = line.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                ).fetchone()
                self.connections.append(row[0])

    @property
    def halves(self):
        middle = len(self.looks) // 2
        return self.looks[:middle], self.looks[middle:]

    def growth(self) -> float:
        """How much the memory grew over the second half, along a straight line: 0.01 is 1 %."""
        _, half = self.halves
        seconds, memory = [one[0] for one in half], [one[1] for one in half]
        slope = statistics.linear_regression(seconds, memory).slope
        return slope * (seconds[-1] - seconds[0]) / statistics.median(memory)

    def faults(self) -> list[str]:
        found = []
        most = next(part for least, part in GROWTH.items() if self.seconds >= least)
        if self.growth() > most:
            found.append(f"the memory grew by {self.growth():.1%} over the second half")
        first, second = self.halves
        if max(one[2] for one in second) > max(one[2] for one in first) + FILES:
            found.append("the number of open files grows")
        if max(self.connections, default=0) > CONNECTIONS:
            found.append(f"{max(self.connections)} connections to PostgreSQL")
        return found


def busy_seconds() -> float:
    """Processor time of everybody on this machine, since it started."""
    names = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _wait, irq, softirq, *_ = map(int, names)
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def own_seconds() -> float:
    """Processor time of this process, what it started, and what those did."""
    ticks = 0
    parents, used = {}, {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = place.read_text().rpartition(")")[2].split()
            pid = int(place.parent.name)
            parents[pid] = int(fields[1])
            used[pid] = sum(map(int, fields[11:15]))
    for pid in used:
        ancestor = pid
        while ancestor not in (0, os.getpid()):
            ancestor = parents.get(ancestor, 0)
        ticks += used[pid] if ancestor else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def share(times: list[float], part: float) -> float:
    """The time that this part of the answers stays under, in milliseconds."""
    return sorted(times)[min(int(part * len(times)), len(times) - 1)] * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--slowest", type=float, default=SLOWEST, help="p99, in medians")
    parser.add_argument("--report", action="store_true")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kwalibo-soak-"))
    cluster = Cluster(is_durable=True) if asked.database == "postgres" else None
    try:
        database = cluster.start() if cluster else f"sqlite:///{folder}/druk.sqlite3"
        faults, report = run(folder, environment_of(folder, database), asked)
    finally:
        if cluster:
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(f"{asked.database}, {asked.seconds} s\n{report}\n")
    for fault in faults:
        sys.stdout.write(f"FAULT: {fault}\n")
    if asked.report:
        name = "soak" if asked.database == "sqlite" else "soak-postgresql"
        write_section(name, f"{machine()}, {asked.database}, {asked.seconds} s.\n\n{report}")
    return 1 if faults else 0


def run(folder: Path, environment: dict[str, str], asked) -> tuple[list[str], str]:
    """(what is wrong, the figures as a table); `asked` are the options of the command."""
    seconds = asked.seconds
    set_up(environment)
    from django.contrib.auth import get_user_model
    from django.db import connections

    prepare(EDITORS)
    get_user_model().objects.create_superuser("briefschrijver")
    (letter,) = make_letters(1)
    # Workers that are replaced after so many questions would hide a leak.
    environment |= {"GUNICORN_CMD_ARGS": "--max-requests 0"}
    with Server(folder, "tests.soak_load:application", **environment) as server:
        if not Path(environment["STATIC_ROOT"]).exists():
            server.manage("collectstatic", "--noinput", "--verbosity=0")
        people: list[Editor] = [
            Thinking(name, random.Random(name), door=server.door, session=session_of(name))
            for name in (f"collega{n}" for n in range(EDITORS))
        ]
        writer = LetterWriter(
            "briefschrijver",
            random.Random(1),
            door=server.door,
            session=session_of("briefschrijver"),
            moments=[letter],
        )
        connections.close_all()
        server.start()
        pages = ["/", "/maatregelen/", "/partijen/", "/zoeken/?q=maatregel", "/api/v1/maatregelen"]
        pages += [f"/maatregelen/{n}/" for n in range(1, MEASURES + 1)]
        watched = ["/", "/maatregelen/", "/maatregelen/7/"]
        until = time.time() + seconds
        # Processes that just started know no template yet: nothing of theirs is warm.
        since = until - seconds + min(WARMING_UP, seconds / 3)
        processes, results = start_load(server.port, pages, watched, since, until)
        take_what_is_left()
        threads = [threading.Thread(target=person.work) for person in people]
        for thread in threads:
            thread.start()
        looked, begin = Machine(server, environment["DATABASE_URL"]), time.time()
        looked.seconds = seconds
        busy, ours = busy_seconds(), own_seconds()
        letter_thread = threading.Thread(target=tell_parliament, args=[writer, letter])
        while time.time() < until:
            time.sleep(1)
            looked.look(time.time() - begin)
            if time.time() - begin > seconds / 2 and letter_thread.ident is None:
                letter_thread.start()
        processor = (os.cpu_count() or 1) * (time.time() - begin)
        looked.others = (busy_seconds() - busy - (own_seconds() - ours)) / processor
        letter_thread.join()
        for person in people:
            person.stop()
        for thread in threads:
            thread.join()
        readers, stopwatch = (results[name].get(timeout=60) for name in ("readers", "stopwatch"))
        for process in processes:
            process.join()
        server.ask_to_stop()
        server.process.wait(timeout=40)
        if "Traceback" in server.log:
            people[0].faults.append(f"the log has a traceback: {server.log[-2000:]}")
    faults = [*faults_after(people), *writer.faults, *looked.faults()]
    faults += faults_of_load(readers, stopwatch)
    if seconds >= LONG_ENOUGH and looked.others < OTHERS:
        faults += faults_of_speed(stopwatch, asked.slowest)
    faults += faults_of_letters(writer.frozen) + faults_of_database()
    return faults, report_of(looked, readers, stopwatch, [*people, writer])


def start_load(port, pages, watched, since, until):
    context = multiprocessing.get_context("spawn")
    results = {name: context.Queue() for name in ("readers", "stopwatch")}
    processes = [
        context.Process(target=read, args=[port, pages, until, READERS, results["readers"]]),
        context.Process(target=watch, args=[port, watched, since, until, results["stopwatch"]]),
    ]
    for process in processes:
        process.start()
    return processes, results


def tell_parliament(writer: LetterWriter, letter: int) -> None:
    """Freeze the letter, make it public, and read its page."""
    from measures.models import ReportingMoment

    writer.work()
    writer.release(letter)
    moment = ReportingMoment.objects.get(pk=letter)
    writer.leave()
    for address in (f"/kamerbrieven/{moment.slug}/", f"/kamerbrieven/{moment.slug}/bijlage.odt"):
        if writer.get(address).status != 200:
            writer.faults.append(f"{address} is not there")


def faults_of_load(readers: Seen, stopwatch: Seen) -> list[str]:
    answers = readers.answers + stopwatch.answers
    return [f"{n} × {kind}" for kind, n in answers.items() if kind != 200]


def faults_of_speed(stopwatch: Seen, slowest: float) -> list[str]:
    median, slow = share(stopwatch.kept, 0.5), share(stopwatch.kept, 0.99)
    if slow <= slowest * median:
        return []
    return [f"p99 of warm pages is {slow / median:.1f} × the median"]


def report_of(looked: Machine, readers: Seen, stopwatch: Seen, people) -> str:
    answers = sum((person.answers for person in people), Counter())
    kept, made = stopwatch.kept, stopwatch.made
    first, second = looked.halves
    rows = [
        ["Answers to readers, per second", f"{sum(readers.answers.values()) / looked.seconds:.0f}"],
        ["Answers to colleagues", f"{sum(answers.values())}"],
        ["Texts saved", f"{sum(len(person.saved) for person in people)}"],
        ["Published", f"{sum(len(person.published) for person in people)}"],
        ["Warm pages: number, median, p99, in ms",
         f"{len(kept)}, {share(kept, 0.5):.1f}, {share(kept, 0.99):.1f}"],
        ["p99 of warm pages, in medians (promised: under 5)",
         f"{share(kept, 0.99) / share(kept, 0.5):.1f}"],
        ["Pages made anew: number, median, p99, in ms",
         f"{len(made)}, {share(made, 0.5):.1f}, {share(made, 0.99):.1f}" if made else "0"],
        ["The stopwatch was woken late: p99, in ms", f"{share(stopwatch.late, 0.99):.1f}"],
        ["Part of the processors that others had (from 10 % on p99 is not judged)",
         f"{looked.others:.0%}"],
        ["Memory of two workers at half-time and at the end, in MB",
         f"{second[0][1]:.0f}, {second[-1][1]:.0f}"],
        ["Growth over the second half (promised: under 5 % in 5 minutes or more)",
         f"{looked.growth():+.1%}"],
        ["Open files of two workers: most in the first half, in the second",
         f"{max(one[2] for one in first)}, {max(one[2] for one in second)}"],
    ]  # fmt: skip
    if looked.connections:
        rows.append(["Connections to PostgreSQL, most", f"{max(looked.connections)}"])
    return table(["What", "Figure"], rows)


if __name__ == "__main__":
    sys.exit(main())
