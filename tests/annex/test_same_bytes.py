"""The same content is the same file, byte for byte, whenever and wherever it is made."""

import os
import subprocess
import sys
import time
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command

from measures.annex import FORMATS, build, file_name, render
from tests.factories import make_measure, make_source, report

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2024, 12, 31)


@pytest.fixture
def content():
    call_command("load_kwalibo", verbosity=0)
    return build(DAY)


def test_there_are_six_formats():
    assert set(FORMATS) == {"odt", "docx", "pdf", "xlsx", "ods", "csv"}


@pytest.mark.parametrize("format", FORMATS)
def test_the_clock_does_not_show_in_a_file(content, format):
    with time_machine.travel("2026-03-01 08:00:00+00:00"):
        first = render(content, format)
    with time_machine.travel("2031-11-30 23:59:59+00:00"):
        second = render(content, format)

    assert sha256(first).hexdigest() == sha256(second).hexdigest()


@pytest.mark.parametrize("format", FORMATS)
def test_another_content_is_another_file(content, format):
    report(make_measure("Nieuwe maatregel"), "gepland", on=DAY, sources=[make_source()])

    assert render(build(DAY), format) != render(content, format)


def test_a_file_is_named_after_the_day_that_it_is_about(content):
    assert file_name(content, "odt") == "bijlage-kwalibo-2024-12-31.odt"


def test_another_process_makes_the_same_bytes(tmp_path):
    """Two runs from the command line, with other hash seeds and another time zone."""
    database = f"sqlite:///{tmp_path}/kwalibo.sqlite3"
    environment = os.environ | {"DATABASE_URL": database}

    def manage(*words, **extra):
        subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=environment | extra,
            check=True,
            capture_output=True,
        )

    manage("migrate", "--verbosity", "0")
    manage("load_kwalibo")
    script = (
        "import sys; from datetime import date; from hashlib import sha256;"
        "from measures.annex import *; c = build(date(2024, 12, 31));"
        "print([sha256(render(c, f)).hexdigest() for f in FORMATS])"
    )

    def digests(**extra):
        time.sleep(0.01)
        return subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", script],
            cwd=ROOT,
            env=environment | extra,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    first = digests(PYTHONHASHSEED="1", TZ="UTC")

    assert first.count(",") == len(FORMATS) - 1
    assert digests(PYTHONHASHSEED="2", TZ="Pacific/Auckland") == first
