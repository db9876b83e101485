"""Make the annex to a letter to Parliament."""

import contextlib
import os
import sys
import tempfile
from datetime import date
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError

from measures import annex
from measures.loading import SHIPPED, DataFileError, load
from measures.models import Measure
from measures.reference_date import BadQuery, parse


class Command(BaseCommand):
    help = "Maakt de bijlage bij de Kamerbrief, uit wat openbaar is."
    # Checks load every page of the site, which takes as long as making the annex.
    requires_system_checks = ()

    def add_arguments(self, parser):
        formats = ", ".join(annex.FORMATS)
        parser.add_argument("--format", default="odt", help=f"een van: {formats} (standaard: odt)")
        parser.add_argument("--peildatum", default="", help="JJJJ-MM-DD (standaard: vandaag)")
        parser.add_argument("--output", default="", help="bestand; ‘-’ voor de standaarduitvoer")
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="werkt eerst de database bij, en vult haar als zij leeg is",
        )

    def handle(self, *, format, peildatum, output, prepare=False, **options):
        if format not in annex.FORMATS:
            known = ", ".join(annex.FORMATS)
            raise CommandError(f"Het formaat ‘{format}’ kennen wij niet. Kies uit: {known}.")
        try:
            day = parse(peildatum).day
        except BadQuery as error:
            raise CommandError(str(error)) from None
        if prepare:
            _prepare()
        content = _content(day)
        if output == "-":
            sys.stdout.buffer.write(annex.render(content, format))
            return
        path = Path(output or annex.file_name(content, format))
        # What is wrong with the place is said before the work is done.
        if path.is_dir():
            raise CommandError(f"{path} is een map. Noem een bestand.")
        folder = path if output.endswith(os.sep) else path.parent
        if not folder.is_dir():
            raise CommandError(f"De map {folder} bestaat niet.")
        try:
            _write(path, annex.render(content, format))
        except OSError as error:
            raise CommandError(f"{path} is niet te schrijven: {error.strerror}.") from None
        self.stdout.write(f"{path} gemaakt: {annex.FORMATS[format].label}, {content.day_label}.")


def _prepare() -> None:
    """Make the database ready in this process: every start of Python takes a second."""
    call_command("migrate", verbosity=0)
    if not Measure.objects.exists():
        try:
            load(SHIPPED)
        except DataFileError as error:
            raise CommandError(f"Er is niets geladen. {error}") from None


def _content(day: date) -> annex.AnnexContent:
    try:
        if Measure.objects.public().exists():
            return annex.build(day)
    except (DatabaseError, InterfaceError) as error:
        raise CommandError(
            "De database is niet te lezen. Staat zij aan, en is ‘migrate’ gedaan? "
            f"({str(error).partition(chr(10))[0]})"
        ) from None
    raise CommandError(
        "Er staat nog geen openbare maatregel in de database. Er is geen bijlage gemaakt."
    )


def _write(path: Path, data: bytes) -> None:
    """Write the whole file or nothing: beside it first, then in its place."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
