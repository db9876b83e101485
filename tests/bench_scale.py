"""Whether pages stay as quick with very many measures: 100,000 beside 100, on both databases.

Two databases are filled with twenty progress updates per measure. A process for each answers
pages one by one, through the whole of Django but past the page cache, so that every page is
made. Both are asked the same page in turn, round after round; what counts is the ratio of the
two times for the same number of rows. Called by `make bench`.

What needs a look at every measure (how many there are of each sort) is counted once for each
version of the data and then kept; the first round, which is printed apart, pays for it.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench_report import machine, table, write_section
from tests.postgres import Cluster, binaries

ROOT = Path(__file__).resolve().parents[1]
SMALL = 100
BUDGET = 1.5
# A word that stands in a quarter of all updates, asked of SQLite.
BUDGET_COMMON_ON_SQLITE = 4.0
PAST = "peildatum=2024-06-30"
KNOWN = f"{PAST}&bekend_op=2024-06-30"
# What is asked: group and page.
PAGES: list[tuple[str, str]] = [
    ("list", "/maatregelen/"),
    ("list", "/maatregelen/?pagina=2"),
    ("list", "/maatregelen/?pagina={last}"),
    *(
        ("filter", f"/maatregelen/?{query}")
        for query in (
            "status=geimplementeerd",
            "status=geimplementeerd&status=wordt-doorgevoerd",
            "status=vervallen",
            "hoofdlijn=fictieve-hoofdlijn-2",
            "datum=te-laat",
            "datum=nadert",
            "datum=nvt&sorteer=-bijgewerkt",
            "datum=nvt",
            "partij=fictieve-organisatie-3",
            "partij=fictieve-organisatie-3&rol=trekker",
            "partij=fictieve-organisatie-3&rol=betrokken",
            "rol=voert-uit",
            "status=gepland&hoofdlijn=fictieve-hoofdlijn-2&datum=te-laat",
        )
    ),
    *(
        ("order", f"/maatregelen/?sorteer={order}")
        for order in (
            *("-nummer", "titel", "-titel", "status", "-status"),
            *("streefdatum", "-streefdatum", "bijgewerkt", "-bijgewerkt"),
        )
    ),
    ("as of", f"/maatregelen/?{PAST}"),
    ("as of", f"/maatregelen/?{KNOWN}"),
    ("as of", f"/maatregelen/7/?{PAST}"),
    ("as of", f"/maatregelen/7/?{KNOWN}"),
    ("as of, filter", f"/maatregelen/?status=gepland&{PAST}"),
    ("as of, filter", f"/maatregelen/?sorteer=-streefdatum&{PAST}"),
    ("as of, filter", f"/maatregelen/?status=gepland&{KNOWN}"),
    ("detail", "/maatregelen/7/"),
    ("other", "/"),
    ("other", f"/?{PAST}"),
    ("other", "/hoofdlijnen/"),
    ("other", "/hoofdlijnen/fictieve-hoofdlijn-2/"),
    ("other", "/partijen/"),
    ("other", "/partijen/fictieve-organisatie-3/"),
    ("search", "/zoeken/?q=M77"),
    ("search", "/zoeken/?q=testbank+17"),
    ("search", "/zoeken/?q=bestaatniet"),
    ("search, common", "/zoeken/?q=overleg"),
    ("search, common", f"/zoeken/?q=overleg&{PAST}"),
    ("search", "/maatregelen/?q=M77"),
    ("search", "/maatregelen/?q=bestaatniet"),
    ("search, common", "/maatregelen/?q=overleg"),
    ("search, common", "/maatregelen/?q=monsterneming"),
    ("search, common", f"/maatregelen/?q=overleg&{PAST}"),
    ("search, common", f"/maatregelen/?q=overleg&{KNOWN}"),
]
# Of these no ratio was promised.
WITHOUT_BUDGET = ("other",)


@dataclass
class Times:
    """Seconds of one page: the first time in each database, and after that."""

    first: dict[str, float] = field(default_factory=dict)
    small: list[float] = field(default_factory=list)
    large: list[float] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    queries: dict[str, int] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return statistics.median(self.large) / statistics.median(self.small)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--measures", type=int, default=10_000, help="size of the large one")
    options.add_argument("--updates", type=int, default=20)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--keep", type=Path, help="folder in which filled databases stay")
    options.add_argument("--only", default="", help="pages with this in their address")
    options.add_argument("--database", choices=["sqlite", "postgresql"])
    options.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    options = options.parse_args()
    if options.fill:
        return fill_here(options.fill, options.updates)
    if options.serve:
        return serve_here()
    with ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        parts = []
        if options.database != "postgresql":
            parts.append(measure("SQLite", sqlite_at(folder), options))
        if options.database != "sqlite" and binaries():
            # PostgreSQL runs under an account of its own, which has to reach the folder.
            os.chmod(folder, 0o755)  # noqa: PTH101
            cluster = Cluster(folder / "postgresql")
            stack.callback(cluster.stop)
            parts.append(measure("PostgreSQL", postgresql_at(cluster.start()), options))
        elif options.database != "sqlite":
            say("PostgreSQL is not on this machine: not measured there.")
    if options.write:
        intro = (
            f"{machine()}. {options.measures} measures beside {SMALL}, each with "
            f"{options.updates} progress updates; pages are made, not taken from the page cache."
        )
        write_section("scale", "\n\n".join(["## Very many measures", intro, *parts]))


def sqlite_at(folder: Path):
    def address(measures: int) -> str:
        return f"sqlite:///{folder.resolve()}/{measures}.sqlite3"

    return address


def postgresql_at(server: str):
    def address(measures: int) -> str:
        import psycopg

        with psycopg.connect(server, autocommit=True) as connection:
            name = f"kwalibo_{measures}"
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if not known.fetchone():
                connection.execute(f"CREATE DATABASE {name}")
        return f"{server.rpartition('/')[0]}/{name}"

    return address


class Site:
    """A process that answers pages from one database, a line of JSON per page."""

    def __init__(self, url: str):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench_scale", "--serve"],
            cwd=ROOT,
            env=environment(url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, page: str) -> dict:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{page}\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if answer.get("status") != 200:
            sys.exit(f"{page} answers {answer}")
        return answer

    def stop(self):
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def environment(url: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "kwalibo.settings",
        "ALLOWED_HOSTS": "testserver",
        "DEBUG": "0",
    }


def measure(name: str, address, options) -> str:
    """Fill both databases, ask all pages, print; the section of the report."""
    sizes = {"small": SMALL, "large": options.measures}
    urls = {}
    for size, measures in sizes.items():
        urls[size] = address(measures)
        filling = [sys.executable, "-m", "tests.bench_scale", f"--fill={measures}"]
        filling.append(f"--updates={options.updates}")
        subprocess.run(filling, cwd=ROOT, env=environment(urls[size]), check=True)
    sites = {size: Site(url) for size, url in urls.items()}
    try:
        memory = {size: site.ask("/")["memory"] for size, site in sites.items()}
        pages = [page for page in PAGES if options.only in page[1]]
        found = {page: ask(sites, page, sizes, options.rounds) for _, page in pages}
        after = {size: site.ask("/")["memory"] for size, site in sites.items()}
    finally:
        for site in sites.values():
            site.stop()
    return report(name, pages, found, memory, after)


def ask(sites: dict[str, Site], page: str, sizes: dict[str, int], rounds: int) -> Times:
    """Ask one page in turn of the two."""
    times = Times()
    for number in range(rounds + 1):
        for size in sorted(sites, reverse=number % 2 == 0):
            answer = sites[size].ask(page.format(last=sizes[size] // 25))
            if not number:
                times.first[size] = answer["seconds"]
                times.rows[size] = answer["rows"]
                times.queries[size] = answer["queries"]
            else:
                getattr(times, size).append(answer["seconds"])
    return times


def report(name, pages, found, before, after) -> str:
    say(f"\n{name}{'':{64 - len(name)}}small ms  large ms   ratio  first ms  queries  rows")
    rows = []
    for group, page in pages:
        times = found[page]
        budget = (
            BUDGET_COMMON_ON_SQLITE if (group, name) == ("search, common", "SQLite") else BUDGET
        )
        # Only the same number of rows can be compared.
        is_alike = times.rows["small"] == times.rows["large"]
        over = times.ratio > budget and is_alike and group not in WITHOUT_BUDGET
        small, large = (1000 * statistics.median(t) for t in (times.small, times.large))
        first = 1000 * times.first["large"]
        say(
            f"{page:64}{small:8.1f}{large:10.1f}{times.ratio:8.2f}{first:10.0f}"
            f"{times.queries['small']:6}/{times.queries['large']}"
            f"{times.rows['small']:5}/{times.rows['large']}{'  OVER' if over else ''}"
        )
        rows.append(
            [
                f"`{page}`",
                *(f"{value:.1f}" for value in (small, large)),
                f"{times.ratio:.2f}{' (over)' if over else ''}",
                f"{first:.0f}",
            ]
        )
    memory = ", ".join(
        f"{size}: {before[size]:.0f} MiB after its first page, {after[size]:.0f} MiB at the end"
        for size in before
    )
    say(f"memory of the process: {memory}")
    head = [name, "small, ms", "large, ms", "ratio", "first time large, ms"]
    return f"{table(head, rows)}\n\nMemory of the process: {memory}."


def fill_here(measures: int, updates: int):
    """Bring the database of DATABASE_URL up to date, and fill it when it is empty."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from measures.models import Measure
    from tests import bench_fill

    there = Measure.objects.count()
    if there not in (0, measures):
        sys.exit(f"{os.environ['DATABASE_URL']} was half filled: throw it away.")
    if not there:
        start = time.perf_counter()
        bench_fill.fill(measures, updates)
        say(f"filled with {measures} measures in {time.perf_counter() - start:.0f} s")


def serve_here():
    """Answer the pages that are asked on standard input."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": plain}}
    client = Client()
    asked: dict[str, int] = {}
    for line in sys.stdin:
        page = line.strip()
        start = time.perf_counter()
        response = client.get(page)
        body = b"".join(response)
        seconds = time.perf_counter() - start
        if page not in asked:
            with CaptureQueriesContext(connection) as captured:
                client.get(page)
            asked[page] = len(captured)
        answer = {
            "seconds": seconds,
            "status": response.status_code,
            "rows": body.count(b'<th scope="row">') + body.count(b"site-result"),
            "queries": asked[page],
            "memory": own_memory(),
        }
        say(json.dumps(answer))


def own_memory() -> float:
    """What this process has of its own, in MiB: without the file of SQLite that is mapped."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def say(text: str):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
