"""How fast the pages and the annex are: `make bench`.

Pages are asked in turn, round after round in one process, so that whatever else
the machine does touches all alike; what counts is the ratio to a page of the
same framework that only says 'ok'. The annex is timed as people use it: the
command, start-up included.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    "/",
    "/maatregelen/",
    "/maatregelen/?peildatum=2024-12-31",
    "/maatregelen/?status=gepland&q=toezicht",
    "/maatregelen/1/",
    "/maatregelen.json",
    "/partijen/",
    "/moties/",
    "/evaluaties/",
    "/bijlage/",
]
BARE = "/meting/"
FORMATS = ["odt", "docx", "pdf", "xlsx", "ods", "csv"]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--measures", type=int, default=50)
    options.add_argument("--updates", type=int, default=5)
    options.add_argument("--rounds", type=int, default=40)
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "kwalibo.settings"
        os.environ["STATIC_ROOT"] = f"{folder}/static"
        os.environ["ALLOWED_HOSTS"] = "testserver"
        os.environ["DEBUG"] = "0"
        prepare(options)
        say(f"{options.measures} measures × {options.updates} updates, SQLite")
        say(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
        pages(options.rounds)
        annexes(folder)


def prepare(options):
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command(
        "generate_demo",
        measures=options.measures,
        updates=options.updates,
        seed=1,
        stdout=open(os.devnull, "w"),  # noqa: PTH123, SIM115
    )


def pages(rounds):
    """Print the median time of each page, in ms and as a ratio to the bare page."""
    from django.http import HttpResponse
    from django.test import Client
    from django.urls import path

    from kwalibo import urls

    urls.urlpatterns.insert(0, path("meting/", lambda request: HttpResponse("ok")))
    client = Client()
    times: dict[str, list[float]] = {address: [] for address in [BARE, *PAGES]}
    for address in times:  # A first, untimed round loads templates and code.
        response = client.get(address)
        if response.status_code != 200:
            sys.exit(f"{address} answers {response.status_code}")
        b"".join(response)
    for _ in range(rounds):
        for address, found in times.items():
            start = time.perf_counter()
            b"".join(client.get(address))
            found.append(time.perf_counter() - start)
    bare = statistics.median(times[BARE])
    say(f"\n{'page':45}{'median ms':>10}{'p95 ms':>9}{'× bare':>9}")
    for address, found in times.items():
        median, late = statistics.median(found), sorted(found)[int(len(found) * 0.95)]
        say(f"{address:45}{1000 * median:10.1f}{1000 * late:9.1f}{median / bare:9.1f}")


def annexes(folder):
    """Print how long the command takes for each format."""
    say(f"\n{'annex':45}{'median s':>10}{'kB':>9}")
    times: dict[str, list[float]] = {name: [] for name in FORMATS}
    for _ in range(3):
        for name, found in times.items():
            start = time.perf_counter()
            subprocess.run(
                [
                    *(sys.executable, ROOT / "manage.py", "export_annex"),
                    *("--format", name, "--output", f"{folder}/bijlage.{name}"),
                ],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            found.append(time.perf_counter() - start)
    for name, found in times.items():
        size = Path(f"{folder}/bijlage.{name}").stat().st_size / 1024
        say(f"{name:45}{statistics.median(found):10.2f}{size:9.0f}")


def say(line):
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
