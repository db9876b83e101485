"""A day in the past beside today, and staff lists: 10,000 measures × 20 updates, both databases.

Pages are asked in turn in one process, round after round; what counts is the ratio of a
past day to the same page for today. Called by `make bench`.
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
BUDGET = 1.5
PAGES = ["/", "/maatregelen/"]
STAFF = ["/beheer/", "/beheer/measures/measure/", "/beheer/measures/measure/?q=toezicht"]
POINTS = {
    "today": "",
    "a day in 2024": "?peildatum=2024-06-30",
    "a day in 2022": "?peildatum=2022-06-30",
    "as known then": "?peildatum=2024-06-30&bekend_op=2024-06-30",
}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--measures", type=int, default=10_000)
    options.add_argument("--updates", type=int, default=20)
    options.add_argument("--rounds", type=int, default=10)
    options.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = options.parse_args()
    if options.here:
        return here(options)
    say(f"\n{options.measures} measures × {options.updates} updates; budget × {BUDGET}")
    asked = [str(Path(sys.executable)), "-m", "tests.bench_past", "--here"]
    for name in ("measures", "updates", "rounds"):
        asked.append(f"--{name}={getattr(options, name)}")
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/past.sqlite3"}
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
        call_command(
            "generate_demo",
            measures=options.measures,
            updates=options.updates,
            seed=1,
            stdout=nowhere,
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        say(f"{connection.vendor}:")
        times = ask(options.rounds)
        staff = ask_staff(options.rounds)
    for page in PAGES:
        base = times[page + POINTS["today"]]
        for name, query in POINTS.items():
            found = times[page + query]
            say(f"  {found * 1000:7.1f} ms  × {found / base:4.2f}  {page} {name}")
    for address, (seconds, queries) in staff.items():
        say(f"  {seconds * 1000:7.1f} ms  {queries} queries  {address}")


def ask(rounds) -> dict[str, float]:
    """The median time of every page, in seconds."""
    from django.test import Client

    client = Client()
    addresses = [page + query for page in PAGES for query in POINTS.values()]
    times: dict[str, list[float]] = {address: [] for address in addresses}
    for number in range(rounds + 1):
        for address, found in times.items():
            start = time.perf_counter()
            response = client.get(address)
            if response.status_code != 200:
                sys.exit(f"{address} answers {response.status_code}")
            if number:  # The first round loads templates and fills caches.
                found.append(time.perf_counter() - start)
    return {address: statistics.median(found) for address, found in times.items()}


def ask_staff(rounds) -> dict[str, tuple[float, int]]:
    """Per staff page the median time in seconds, and its number of queries."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.SECOND_FACTOR = False
    client = Client()
    client.force_login(User.objects.create_superuser("bench"))
    found = {}
    for address in STAFF:
        times = []
        for _ in range(rounds + 1):
            start = time.perf_counter()
            client.get(address)
            times.append(time.perf_counter() - start)
        with CaptureQueriesContext(connection) as queries:
            if client.get(address).status_code != 200:
                sys.exit(f"{address} does not answer")
        found[address] = (statistics.median(times[1:]), len(queries))
    return found


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
