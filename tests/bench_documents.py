"""How long the annex takes to freeze and to render, the open data to write, and how much memory.

Each format renders in a process of its own, so that the memory is its own too; the
content is made once and handed over as the snapshot document. The files of the open data are
made in one reading. Called by `make bench`; `--write` puts it in docs/benchmarks.md.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench_report import machine, table, write_section

ROOT = Path(__file__).resolve().parents[1]
# Seconds for 1,000 measures, and MiB for each; 10,000 measures may take twelve times as long.
BUDGET = {"csv": 0.1, "xlsx": 0.5, "ods": 1.5, "odt": 2.0, "docx": 2.0, "pdf": 1.5}
MEBIBYTES = 256
TIMES = 12


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="*", default=[1000, 10000])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--write", action="store_true")
    options.add_argument("--one", nargs=2, metavar=("DOCUMENT", "FORMAT"), help=argparse.SUPPRESS)
    options = options.parse_args()
    if options.one:
        return one(*options.one, options.rounds)
    documents(options.sizes, options.rounds, options.write)


def documents(sizes, rounds, write):
    with tempfile.TemporaryDirectory() as folder:
        found = {size: measure(size, rounds, Path(folder)) for size in sizes}
    base = found[sizes[0]]
    say(f"\n{'':6}" + "".join(f"{size:>9} measures{'':12}" for size in sizes) + "budget")
    for format, seconds in BUDGET.items():
        first = base[format]["seconds"]
        shown = "".join(
            f"{one['seconds']:8.3f} s ×{one['seconds'] / first:5.1f} {one['mebibytes']:6.0f} MiB"
            for one in (result[format] for result in found.values())
        )
        say(f"{format:6}{shown}   {seconds} s, {MEBIBYTES} MiB, × {TIMES}")
    if write:
        write_section("documents", _report(found))
    for size, result in found.items():
        per = 1000 * result["open data"]["seconds"] / size
        most = result["open data"]["mebibytes"]
        say(f"open data of {size} measures: {per:.1f} ms each, all kinds; at most {most:.0f} MiB")
        say(f"freezing {size} measures: {result['freeze']:.2f} s (budget 2 s for 1,000)")


def _report(found: dict[int, dict]) -> str:
    rows = []
    for kind in [*BUDGET, "open data"]:
        cells = []
        for size, result in found.items():
            one = result[kind]
            per = 1000 * one["seconds"] / size
            cells.append(f"{one['seconds']:.2f} s, {per:.1f} ms each, {one['mebibytes']:.0f} MiB")
        rows.append([kind, *cells])
    head = ["", *(f"{size:,} measures" for size in found)]
    about = (
        "Each measure with five updates. The memory is the most that the whole process took. "
        "*open data* is one reading that makes JSON, CSV and SQLite together."
    )
    return f"## Documents\n\n{machine()}.\n\n{about}\n\n{table(head, rows)}"


def measure(size: int, rounds: int, folder: Path) -> dict:
    """Time the freezing of a moment over `size` measures, and each format of its snapshot."""
    database = folder / f"{size}.sqlite3"
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{database}", "DEBUG": "0"}
    document = folder / f"{size}.json"
    script = f"""
import sys, time
import django; django.setup()
from datetime import date
from django.core.management import call_command
from measures import moments
from measures.models import Letter, ReportingMoment
call_command("migrate", verbosity=0)
call_command("generate_demo", measures={size}, updates=5, seed=1, stdout=open("/dev/null", "w"))
letter = Letter.objects.create(key="fictief", title="Fictief: brief")
moment = ReportingMoment.objects.create(
    title="Fictief: peilmoment", slug="fictief", reference_date=date(2025, 6, 30),
    letter=letter, is_reconstruction=True)
start = time.perf_counter()
made = moments.freeze(moment, by=None)
print(time.perf_counter() - start)
open({str(document)!r}, "w").write(made.document)
"""
    freeze = float(run([sys.executable, "-c", script], environment))
    result: dict = {"freeze": freeze}
    for format in BUDGET:
        command = [sys.executable, "-m", "tests.bench_documents", "--rounds", str(rounds)]
        result[format] = json.loads(run([*command, "--one", str(document), format], environment))
    result["open data"] = json.loads(run([sys.executable, "-c", OPEN_DATA], environment))
    return result


OPEN_DATA = """
import json, resource, tempfile, time
import django; django.setup()
from measures.open_data import files
start = time.perf_counter()
dataset = files.now()
writers = [format.writer(dataset, tempfile.TemporaryFile()) for format in files.FORMATS.values()]
files.write(dataset, writers)
seconds = time.perf_counter() - start
for writer in writers:
    writer.close()
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "mebibytes": most}))
"""


def run(command, environment) -> str:
    environment = environment | {"DJANGO_SETTINGS_MODULE": "kwalibo.settings"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def one(document: str, format: str, rounds: int):
    """Render one format and print the best time and the most memory."""
    import django

    django.setup()
    from measures import annex, snapshot

    content = snapshot.from_document(Path(document).read_text())
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        annex.render(content, format)
        times.append(time.perf_counter() - start)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(json.dumps({"seconds": min(times), "mebibytes": most}))


def say(text):
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main()
