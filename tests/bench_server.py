"""How fast the site is over HTTP: gunicorn with two workers, on SQLite and on PostgreSQL.

    python -m tests.bench_server [--quick] [--write]

Everything is measured beside something else in the same run and in turn, so that what counts
is a ratio: a page that is kept beside fixed bytes from a bare Django, a page that is made
beside the same page written plainly (tests/opponents/). `--write` puts the tables in
docs/benchmarks.md. Needs wrk; without PostgreSQL or Datasette it says so and goes on.
"""

import argparse
import itertools
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lxml import html

from tests.bench_load import WRK, Contestant, race, workers_of
from tests.bench_publishing import publish
from tests.bench_report import machine, table, write_section
from tests.operations.server import Server
from tests.postgres import Cluster, binaries

ROOT = Path(__file__).resolve().parents[1]
PAGES = {"home": "/", "list": "/maatregelen/", "measure": "/maatregelen/1/"}
PLAIN = ["list", "measure"]
# What must be reached at least: requests a second as a ratio to the opponent.
WARM, NOT_MODIFIED, COLD = 1.0, 1.3, 0.8
# Pinned, as uv.lock pins the rest.
DATASETTE = "datasette==0.65.5"


class Bench:
    """The servers that are asked, per database, and what came out so far."""

    def __init__(self, folder: Path, databases: dict[str, str], rounds: int, seconds: int):
        self.folder, self.databases = folder, databases
        self.rounds, self.seconds = rounds, seconds
        self.bodies = folder / "bodies"
        self.tables: list[str] = []
        self.missed: list[str] = []
        self.numbers = itertools.count()

    @contextmanager
    def server(self, name: str, application: str = "kwalibo.wsgi", ready="/health/live", **more):
        """A running server with two workers; `name` is that of its database, or none."""
        folder = self.folder / f"{name}-{application}-{next(self.numbers)}"
        folder.mkdir()
        environment = {
            "STATIC_ROOT": str(self.folder / "static"),
            "WEB_CONCURRENCY": "2",
            "BODIES": str(self.bodies),
            "SECOND_FACTOR": "0",
            "FOUR_EYES": "0",
            **more,
        }
        if name in self.databases:
            environment["DATABASE_URL"] = self.databases[name]
        with Server(folder, application, **environment) as site:
            site.start(ready)
            yield site

    def prepare(self) -> None:
        """Load the data that we ship, and keep the pages as bodies for the bare Django."""
        self.bodies.mkdir()
        for address in self.databases.values():
            site = Server(self.folder, DATABASE_URL=address, STATIC_ROOT=f"{self.folder}/static")
            site.manage("migrate", "--verbosity", "0")
            site.manage("load_kwalibo")
        site.manage("collectstatic", "--noinput", "--verbosity", "0")
        with self.server(next(iter(self.databases))) as site:
            for page, address in PAGES.items():
                (self.bodies / page).write_text(site.get(address).text)

    def add(self, title: str, head: list[str], rows: list[list[str]], note: str = "") -> None:
        """A table for the report; also on the screen."""
        self.tables.append(f"### {title}\n\n{note}\n\n{table(head, rows)}")
        say(f"\n{title}")
        widths = [max(len(line[n]) for line in [head, *rows]) for n in range(len(head))]
        for line in [head, *rows]:
            cells = [f"{line[0]:{widths[0]}}"]
            cells += [f"{cell:>{w}}" for cell, w in zip(line[1:], widths[1:], strict=True)]
            say("  ".join(cells))

    def ratio(self, what: str, own: Contestant, other: Contestant, least: float) -> str:
        found = own.times(other)
        if found < least:
            self.missed.append(f"{what}: {found:.2f} ×, wanted {least} ×")
        return f"{found:.2f}"

    # What is measured.

    def warm(self) -> None:
        """Pages that are kept, beside the same number of fixed bytes."""
        with ExitStack() as servers:

            def start(*arguments, **more):
                return servers.enter_context(self.server(*arguments, **more))

            bare = start("", "tests.opponents.bare", "/home")
            usual = start("", "tests.opponents.bare", "/home", BARE_MIDDLEWARE="1")
            sites = {name: start(name) for name in self.databases}
            contestants = {}

            def enter(key, site, address, **headers):
                contestants[key] = contestant(site, address, headers)

            for page, address in PAGES.items():
                enter(("bare Django", page), bare, f"/{page}")
                enter(("usual", page), usual, f"/{page}")
                for name, site in sites.items():
                    enter((name, page, "200"), site, address)
                    etag = site.get(address).headers["ETag"]
                    assert site.get(address, **{"If-None-Match": etag}).status == 304
                    enter((name, page, "304"), site, address, **{"If-None-Match": etag})
            for name, site in sites.items():
                for coding in ("gzip", "br"):
                    asked = {"Accept-Encoding": coding}
                    assert site_answers(site, PAGES["list"], coding)
                    enter((name, "list", coding), site, PAGES["list"], **asked)
            # A page takes a millisecond here: many short rounds even out what the machine does.
            race(list(contestants.values()), 3 * self.rounds, self.seconds)
        rows = []
        for key, one in contestants.items():
            least = {"200": WARM, "304": NOT_MODIFIED}.get(key[-1], 0)
            other = contestants["bare Django", key[1]]
            usual_one = contestants["usual", key[1]]
            rows.append(
                [
                    f"{key[0]}, {', '.join(key[1:])}",
                    *one.cells,
                    self.ratio(" ".join(key), one, other, least),
                    f"{one.times(usual_one):.2f}",
                ]
            )
        head = [
            "page",
            "requests/s",
            "median ms",
            "p99 ms",
            "CPU ms",
            "× bare",
            "× usual",
        ]
        self.add(
            "Pages that are kept",
            head,
            rows,
            "Beside a Django project of one view that answers the same number of fixed bytes: "
            "*bare* has no middleware at all, *usual* has that of `startproject`. "
            f"Wanted: {WARM} × bare; a 304 {NOT_MODIFIED} × the 200 of bare.",
        )

    def cold(self) -> None:
        """Pages that are made anew each time, beside the same pages written plainly."""
        with ExitStack() as servers:
            contestants = {}
            for name in self.databases:
                ours = servers.enter_context(self.server(name, PAGE_CACHE_MB="0"))
                plain = servers.enter_context(
                    self.server(name, "tests.opponents.wsgi", PAGES["list"])
                )
                for page, address in PAGES.items():
                    contestants[name, page, "ours"] = contestant(ours, address)
                    if page in PLAIN:
                        missing = words(ours, address) - words(plain, address)
                        assert not missing, f"The plain {page} does not say {missing}."
                        contestants[name, page, "plain"] = contestant(plain, address)
                kept = servers.enter_context(self.server(name))
                contestants[name, "list", "kept"] = contestant(kept, PAGES["list"])
            if served := servers.enter_context(datasette(self.folder, kept)):
                contestants["Datasette", "list", "its table"] = Contestant(served)
            # These take longer, so that a second holds few of them.
            race(list(contestants.values()), self.rounds, 2 * self.seconds)
        rows = []
        for (name, page, kind), one in contestants.items():
            shown, work = "", ""
            if plain := contestants.get((name, page, "plain")):
                least = COLD if kind == "ours" else 0
                shown = self.ratio(f"cold {name} {page}", one, plain, least)
                work = f"{one.work_of(plain):.2f}"
            rows.append([f"{name}, {page}, {kind}", *one.cells, shown, work])
        self.add(
            "Pages that are made",
            ["page", "requests/s", "median ms", "p99 ms", "CPU ms", "× plain", "CPU"],
            rows,
            "The page cache is off; *plain* says every word of the same page, from the same "
            f"tables (tests/opponents/). Wanted: {COLD} × plain. *kept* is ours with the cache, "
            "and Datasette shows the table of measures of our own SQLite download.",
        )

    def publishing(self) -> None:
        """From the answer to who published until readers have the new text."""
        rows = []
        for name, address in self.databases.items():
            one = {"WEB_CONCURRENCY": "1"}
            with self.server(name, **one) as here, self.server(name, **one) as there:
                found = [publish(here, there, address) for _ in range(self.rounds)]
            waited, first, elsewhere = (
                [getattr(times, part) for times in found] for part in ("here", "made", "there")
            )
            allowed = 0.1 if name == "SQLite" else 1.1
            if max(waited) > 0.5 or max(elsewhere) > allowed + max(first):
                self.missed.append(f"{name}: published text came late: {found}")
            rows.append([name, *(in_ms(times) for times in (waited, first, elsewhere))])
        self.add(
            "The first request after publishing",
            ["database", "same process", "of which the answer", "another process"],
            rows,
            "Milliseconds from the answer to the colleague who published until a reader has the "
            "new text: median and worst. On SQLite at once, on PostgreSQL at most 1 s elsewhere.",
        )

    def starting(self) -> None:
        """The first requests to a worker that just started, and its memory."""
        rows, memory = [], []
        for name in self.databases:
            start = time.perf_counter()
            with self.server(name, WEB_CONCURRENCY="1") as site:
                ready = time.perf_counter() - start
                after_start = used(site)
                asked = [timed(site, f"/maatregelen/?pagina=1&n={n}") for n in range(6)]
                for address in addresses(site):
                    fetch(site, address)
                after_all = used(site)
            rows.append(
                [
                    name,
                    *(f"{1000 * s:.0f}" for s in (ready, asked[0], statistics.median(asked[1:]))),
                ]
            )
            for moment, (unique, share) in (("start", after_start), ("all pages", after_all)):
                memory.append([f"{name}, after {moment}", f"{unique:.0f}", f"{share:.0f}"])
        self.add(
            "A worker that starts",
            ["database", "ready after ms", "first page ms", "later pages ms"],
            rows,
            "The list of measures at an address that nobody asked before.",
        )
        self.add(
            "Memory of one worker",
            ["", "USS MiB", "PSS MiB"],
            memory,
            "After the start, and after every address of the site map and every file was asked.",
        )


def contestant(site, address: str, headers: dict[str, str] | None = None) -> Contestant:
    return Contestant(url(site, address), headers or {}, workers_of(site.process.pid))


def url(site, address: str) -> str:
    return f"http://127.0.0.1:{site.port}{address}"


def site_answers(site, address: str, coding: str) -> bool:
    request = urllib.request.Request(url(site, address), headers={"Accept-Encoding": coding})
    with urllib.request.urlopen(request) as answer:
        return answer.headers["Content-Encoding"] == coding


def fetch(site, address: str) -> None:
    with urllib.request.urlopen(url(site, address), timeout=60) as answer:
        while answer.read(1 << 20):
            pass


def words(site, address: str) -> set[str]:
    """Every word of what a page says; pictures are not words, and data for machines neither."""
    page = site.get(address).text.replace(f":{site.port}", "")
    main = html.fromstring(page).find(".//main")
    for picture in main.xpath(".//svg | .//script | .//figure"):
        picture.drop_tree()
    return set(re.findall(r"\w+", " ".join(main.itertext())))


def timed(site, address: str) -> float:
    start = time.perf_counter()
    assert site.get(address).status == 200
    return time.perf_counter() - start


def addresses(site) -> list[str]:
    """Every address of the site map, and the files of the whole set and of the list."""
    found = re.findall(r"<loc>([^<]+)</loc>", site.get("/sitemap.xml").text)
    for part in [address for address in found if address.endswith(".xml")]:
        found += re.findall(r"<loc>([^<]+)</loc>", site.get(path_of(part)).text)
    pages = [path_of(address) for address in found if not address.endswith(".xml")]
    files = [f"/open-data/{name}" for name in ("kwalibo.json", "kwalibo-csv.zip", "kwalibo.sqlite")]
    lists = [f"/maatregelen.{format}" for format in ("csv", "json", "ods", "xlsx")]
    return pages + files + lists


def path_of(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def used(site) -> tuple[float, float]:
    """(USS, PSS) of the worker of a server with one, in MiB."""
    text = Path(f"/proc/{workers_of(site.process.pid)[-1]}/smaps_rollup").read_text()
    sizes = {name: int(kb) / 1024 for name, kb in re.findall(r"(\w+):\s+(\d+) kB", text)}
    return sizes["Private_Clean"] + sizes["Private_Dirty"], sizes["Pss"]


def in_ms(times: list[float]) -> str:
    return f"{1000 * statistics.median(times):.0f} ({1000 * max(times):.0f})"


@contextmanager
def datasette(folder: Path, site) -> Iterator[str]:
    """The address of the table of measures in Datasette, or nothing where it is not to be had."""
    uv = shutil.which("uv") or str(ROOT / ".uv/bin/uv")
    tool = [uv, "tool", "run", DATASETTE]
    if (
        not Path(uv).exists()
        or subprocess.run([*tool, "--version"], capture_output=True).returncode
    ):
        say("Datasette is not to be had here: not measured.")
        yield ""
        return
    with urllib.request.urlopen(url(site, "/open-data/kwalibo.sqlite")) as answer:
        (folder / "kwalibo.db").write_bytes(answer.read())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    served = subprocess.Popen(
        [*tool, "serve", "--port", str(port), str(folder / "kwalibo.db")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/kwalibo/maatregelen"
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(address).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        served.terminate()
        served.wait()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="fewer rounds: to see that it works")
    options.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options = options.parse_args()
    if not WRK:
        say("wrk is not on this machine (Debian: apt install wrk): HTTP is not measured.")
        return 0
    # Whoever ends this process, by a time limit too, leaves no server behind.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    rounds, seconds = (2, 1) if options.quick else (5, 1)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, ExitStack() as stack:
        databases = {"SQLite": f"sqlite:///{name}/site.sqlite3"}
        if binaries():
            cluster = Cluster()
            stack.callback(cluster.stop)
            databases["PostgreSQL"] = cluster.start()
        else:
            say("PostgreSQL is not on this machine: not measured there.")
        say(machine())
        bench = Bench(Path(name), databases, rounds, seconds)
        bench.prepare()
        for part in (bench.warm, bench.cold, bench.publishing, bench.starting):
            part()
    for missed in bench.missed:
        say(f"MISSED: {missed}")
    if options.write:
        title = f"## Over HTTP\n\n{machine()}; gunicorn with 2 workers; the data that we ship."
        write_section("server", "\n\n".join([title, *bench.tables]))
    return 0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
