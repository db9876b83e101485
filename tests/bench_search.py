"""Searching at scale: 10,000 measures × 5 updates, on both databases.

Asks the page of results in one process, question after question, round after round, and
prints the median in ms and as a ratio to a page that only says 'ok'. The budget is 100 ms of
server time. Called by `make bench`.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.postgres import binaries

ROOT = Path(__file__).resolve().parents[1]
BUDGET = 100
BARE = "/meting/"
# A rare word, one in a quarter of all updates, one in every title, a number, nothing, a slip.
PAGES = [
    "/zoeken/?q=9876",
    "/zoeken/?q=M9876",
    "/zoeken/?q=steekproef",
    "/zoeken/?q=overleg",
    "/zoeken/?q=overleg&soort=stand&pagina=9",
    "/zoeken/?q=fictief",
    "/zoeken/?q=verzonnen+proef",
    "/zoeken/?q=de+proef+is+gestart",
    "/zoeken/?q=organisatie+3",
    "/zoeken/?q=steekproev",
    "/zoeken/?q=bestaatniet",
    "/zoeken/?q=overleg&peildatum=2024-06-30",
    "/zoeken/?q=overleg&peildatum=2024-06-30&bekend_op=2024-06-30",
]
# The list counts every filter as well, and does so with or without a word: for comparison.
LISTS = [
    "/maatregelen/",
    "/maatregelen/?q=steekproef",
    "/maatregelen/?q=overleg",
    "/maatregelen/?peildatum=2024-06-30",
    "/maatregelen/?q=overleg&peildatum=2024-06-30",
]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--measures", type=int, default=10_000)
    options.add_argument("--updates", type=int, default=5)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = options.parse_args()
    if options.here:
        return here(options)
    say(f"\nsearch: {options.measures} measures × {options.updates} updates; budget {BUDGET} ms")
    asked = [str(Path(sys.executable)), "-m", "tests.bench_search", "--here"]
    for name in ("measures", "updates", "rounds"):
        asked.append(f"--{name}={getattr(options, name)}")
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/search.sqlite3"}
        subprocess.run(asked, cwd=ROOT, env=environment, check=True)
    if binaries():
        subprocess.run([sys.executable, "-m", "tests.postgres", *asked], cwd=ROOT, check=True)
    else:
        say("PostgreSQL is not on this machine: not measured there.")


def here(options):
    """Fill the database of DATABASE_URL and print the medians."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "kwalibo.settings",
        "ALLOWED_HOSTS": "testserver",
        "DEBUG": "0",
    }
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    with tempfile.TemporaryDirectory() as static, open(os.devnull, "w") as nowhere:  # noqa: PTH123
        from django.conf import settings

        settings.STATIC_ROOT = static
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        start = time.perf_counter()
        call_command(
            "generate_demo",
            measures=options.measures,
            updates=options.updates,
            seed=1,
            stdout=nowhere,
        )
        filled = time.perf_counter() - start
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        say(f"{connection.vendor}: filled and indexed in {filled:.0f} s")
        times = ask(options.rounds)
    bare, _, _ = times.pop(BARE)
    for address, (found, late, queries) in times.items():
        over = "  OVER BUDGET" if found * 1000 > BUDGET and address in PAGES else ""
        say(
            f"  {found * 1000:7.1f} ms  p95 {late * 1000:7.1f}  × {found / bare:5.0f} bare"
            f"  {queries:3} queries  {address}{over}"
        )


def ask(rounds) -> dict[str, tuple[float, float, int]]:
    """Per page the median and 95th percentile in seconds, and its number of queries."""
    from django.db import connection
    from django.http import HttpResponse
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import path

    from kwalibo import urls

    urls.urlpatterns.insert(0, path("meting/", lambda request: HttpResponse("ok")))
    client = Client()
    times: dict[str, list[float]] = {address: [] for address in [BARE, *PAGES, *LISTS]}
    queries = {}
    for address in times:  # The first, untimed round loads templates and fills caches.
        with CaptureQueriesContext(connection) as captured:
            if client.get(address).status_code != 200:
                sys.exit(f"{address} does not answer")
        queries[address] = len(captured)
    for _ in range(rounds):
        for address, found in times.items():
            start = time.perf_counter()
            client.get(address)
            found.append(time.perf_counter() - start)
    return {
        address: (statistics.median(t), sorted(t)[int(len(t) * 0.95)], queries[address])
        for address, t in times.items()
    }


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
