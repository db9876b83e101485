"""Run every check and say at the end what passed, failed, or could not run.

`make test` calls this. With REQUIRE_ALL=1, as in CI, a part that cannot run is a
failure; on a laptop it is skipped and named.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.postgres import binaries

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PYTEST = [
    *(str(BIN / "pytest"), "-rs", "-n", "2", "--dist", "loadgroup"),
    # A worker that crashes ends the run and is named; a new one in its place would wait
    # for ever for the group of tests that the first one held.
    "--max-worker-restart=0",
]


def templates() -> list[str]:
    return [str(path) for path in sorted((ROOT / "templates").rglob("*.html"))]


LINT = {
    "ruff check": [BIN / "ruff", "check", "--quiet", "."],
    "bandit": [
        *(BIN / "bandit", "--quiet", "--configfile", "pyproject.toml"),
        *("--recursive", "kwalibo", "measures", "parties", "gunicorn.conf.py", "manage.py"),
    ],
    "ruff format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "djade": [BIN / "djade", "--target-version", "6.1", "--check", *templates()],
    "manage.py check": [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "mypy": [BIN / "mypy", "kwalibo", "measures", "parties"],
}
ANY_DATABASE = [
    "browser",
    "language",
    "annex/test_documents.py",
    "annex/test_pdf.py",
    "annex/test_safety.py",
    "annex/test_same_bytes.py",
    "monitoring/test_metrics_server.py",
    "operations/test_deploy.py",
    "operations/test_headers.py",
    "operations/test_manual.py",
    "operations/test_server.py",
    "operations/test_settings.py",
    "operations/test_several_servers.py",
    "test_errors.py",
    "test_repository.py",
]
SOAK_SECONDS = os.environ.get("SOAK_SECONDS", "60")
SOAK = [sys.executable, "-W", "ignore", "-m", "tests.soak", "--database"]
TESTS = {
    "tests on SQLite": PYTEST,
    # Left out: what has a database of its own, and what only renders or reads documents.
    "tests on PostgreSQL": [
        *(sys.executable, "-m", "tests.postgres", *PYTEST),
        *(f"--ignore=tests/{path}" for path in ANY_DATABASE),
    ],
    "migration linter on PostgreSQL": [
        *(sys.executable, "-m", "tests.postgres"),
        *(sys.executable, "-W", "ignore", "-m", "tests.lint_migrations"),
    ],
    # After the tests: how quick a page is under load says nothing while others use the machine.
    # What was promised is judged by the command itself; here what would be a step back.
    "soak on SQLite": [*SOAK, "sqlite", "--slowest", "12", "--seconds", SOAK_SECONDS],
    "soak on PostgreSQL": [*SOAK, "postgres", "--slowest", "12", "--seconds", SOAK_SECONDS],
}
# What a part needs of the machine: whether it is there, and what is lost without it.
MACHINE = {
    "PostgreSQL": (
        binaries() or os.environ.get("DATABASE_URL", "").startswith("postgres"),
        "the tests on PostgreSQL",
    ),
    "Chromium": (shutil.which("chromium"), "the browser tests"),
    "Java with libjaxb-java": (
        shutil.which("java") and Path("/usr/share/java/jaxb-runtime.jar").exists(),
        "the check of the PDF by veraPDF",
    ),
    "LibreOffice": (shutil.which("soffice"), "opening the documents in LibreOffice"),
    "Node with npm": (
        (ROOT / "tests/tools/node_modules/.made").exists(),
        "the Nu HTML checker, Lighthouse and Spectral",
    ),
    "nginx": (
        shutil.which("nginx") or Path("/usr/sbin/nginx").exists(),
        "the check of the proxy in deploy/",
    ),
    "Redis": (
        shutil.which("redis-server") or shutil.which("valkey-server"),
        "a cache that processes share",
    ),
    "systemd": (shutil.which("systemd-analyze"), "the check of the units in deploy/"),
    "poppler-utils": (shutil.which("pdftotext"), "reading back the PDF"),
}


def main(only: str = "") -> int:
    missing = {name: lost for name, (found, lost) in MACHINE.items() if not found}
    parts = LINT if only == "lint" else LINT | TESTS
    if "PostgreSQL" in missing:
        parts = {name: command for name, command in parts.items() if "PostgreSQL" not in name}
    results = {}
    for name, command in parts.items():
        say(f"== {name}")
        start = time.monotonic()
        environment = dict(os.environ)
        if "SQLite" in name:
            environment.pop("DATABASE_URL", None)
        words = [str(word) for word in command]
        done = subprocess.run(words, cwd=ROOT, env=environment, check=False)
        results[name] = done.returncode, time.monotonic() - start
    say("\n== Summary")
    for name, (code, seconds) in results.items():
        say(f"{'ok' if code == 0 else 'FAILED':8}{name} ({seconds:.0f} s)")
    failed = any(code for code, _ in results.values())
    if only != "lint":
        required = os.environ.get("REQUIRE_ALL") == "1"
        for name, lost in missing.items():
            say(f"{'FAILED' if required else 'NOT RUN':8}{lost}: {name} is not on this machine")
        failed = failed or (required and bool(missing))
    return int(failed)


def say(line: str):
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
