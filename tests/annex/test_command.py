"""`manage.py export_annex`: a whole file, or a sentence that says why there is none."""

import os
import subprocess
import sys
from datetime import date
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from measures import annex
from measures.models import Status
from tests.factories import CONCEPT, make_measure, report

from .reading import FORMATS, csv_rows

pytestmark = pytest.mark.django_db

DAY = date(2024, 12, 31)


@pytest.fixture
def measure():
    measure = make_measure("Onderwerp", number=1)
    report(measure, Status.PLANNED, on=date(2024, 1, 1), explanation="Afgesproken.")
    report(measure, Status.IMPLEMENTED, on=date(2025, 6, 1), explanation="Klaar.")
    return measure


def export(**options) -> str:
    said = StringIO()
    call_command("export_annex", stdout=said, **options)
    return said.getvalue()


def refusal(**options) -> str:
    with pytest.raises(CommandError) as refused:
        export(**options)
    return str(refused.value)


# What it makes.


@pytest.mark.parametrize("format", FORMATS)
def test_the_file_is_the_annex_of_the_day(measure, tmp_path, format):
    target = tmp_path / "bijlage"

    said = export(format=format, peildatum="2024-12-31", output=str(target))

    assert target.read_bytes() == annex.render(annex.build(DAY), format)
    assert str(target) in said
    assert "31 december 2024" in said


def test_without_a_format_it_is_odt_and_without_a_day_it_is_today(measure, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with time_machine.travel("2025-03-01 12:00:00+01:00"):
        export()

    [made] = tmp_path.iterdir()
    assert made.name == "bijlage-kwalibo-2025-03-01.odt"
    assert b"mimetypeapplication/vnd.oasis.opendocument.text" in made.read_bytes()[:100]


def test_the_standard_output_gets_the_file_and_nothing_else(measure, monkeypatch):
    caught = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(caught))

    said = export(format="csv", peildatum="2024-12-31", output="-")
    sys.stdout.flush()

    assert caught.getvalue() == annex.render(annex.build(DAY), "csv")
    assert said == ""
    assert csv_rows(caught.getvalue())


def test_an_earlier_file_of_that_name_is_replaced_whole(measure, tmp_path):
    target = tmp_path / "bijlage.csv"
    target.write_text("oud " * 100_000)

    export(format="csv", output=str(target))

    assert b"oud oud" not in target.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["bijlage.csv"]


# What it refuses.


def test_an_unknown_format_is_refused_and_the_known_ones_are_named(measure):
    said = refusal(format="doc")

    assert "‘doc’" in said
    assert all(format in said for format in FORMATS)


@pytest.mark.parametrize("day", ["2024-02-30", "gisteren", "31-12-2024"])
def test_a_day_that_does_not_exist_is_refused(measure, day):
    assert f"‘{day}’ bestaat niet" in refusal(peildatum=day)


@time_machine.travel("2025-03-01 12:00:00+01:00")
def test_a_day_in_the_future_is_refused(measure):
    assert "ligt in de toekomst" in refusal(peildatum="2025-03-02")


def test_a_folder_that_is_not_there_is_named(measure, tmp_path):
    assert f"De map {tmp_path}/weg bestaat niet" in refusal(output=f"{tmp_path}/weg/bijlage.odt")


def test_a_name_that_ends_as_a_folder_does_not_become_a_file(measure, tmp_path):
    assert f"De map {tmp_path}/weg bestaat niet" in refusal(output=f"{tmp_path}/weg/")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_a_file(measure, tmp_path):
    assert "is een map" in refusal(output=str(tmp_path))


def test_a_place_that_cannot_be_written_to_is_named():
    """A file system without files of our own; rights alone do not stop root."""
    make_measure()

    said = refusal(format="csv", output="/proc/bijlage.csv")

    assert "/proc/bijlage.csv is niet te schrijven" in said


def test_a_database_without_public_measures_makes_no_file(tmp_path):
    make_measure(publication=CONCEPT)
    target = tmp_path / "bijlage.odt"

    assert "nog geen openbare maatregel" in refusal(output=str(target))
    assert not target.exists()


def test_a_disk_that_is_full_leaves_the_earlier_file_and_no_crumbs(measure, tmp_path, monkeypatch):
    target = tmp_path / "bijlage.csv"
    target.write_text("van gisteren")

    def full(*args):
        raise OSError(28, "Er is geen ruimte meer")

    monkeypatch.setattr(Path, "replace", full)

    assert "is niet te schrijven" in refusal(format="csv", output=str(target))
    assert target.read_text() == "van gisteren"
    assert [path.name for path in tmp_path.iterdir()] == ["bijlage.csv"]


def test_a_renderer_that_fails_leaves_no_file(measure, tmp_path, monkeypatch):
    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr(annex, "render", broken)

    with pytest.raises(RuntimeError):
        export(output=str(tmp_path / "bijlage.odt"))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--format", "doc"], "Kies uit: odt, docx, pdf, xlsx, ods, csv."),
        (["--format", "csv"], "De database is niet te lezen"),
    ],
    ids=["format", "database without tables"],
)
def test_on_the_command_line_a_refusal_is_one_sentence_without_a_traceback(
    tmp_path, words, sentence
):
    run = subprocess.run(
        [sys.executable, "manage.py", "export_annex", *words],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/leeg.sqlite3"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert sentence in run.stderr
    assert run.stdout == ""
