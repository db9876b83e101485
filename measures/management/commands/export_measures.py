"""Write the measures to a spreadsheet that can be changed and loaded again."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ... import spreadsheet
from ...models import Measure
from ...spreadsheet.writing import with_standing_reports


class Command(BaseCommand):
    help = "Schrijft alle maatregelen naar een spreadsheet; import_measures leest hem weer in."

    def add_arguments(self, parser):
        parser.add_argument("bestand", type=Path, help="eindigt op .xlsx, .ods of .csv")

    def handle(self, *, bestand, **options):
        format = bestand.suffix.removeprefix(".").lower()
        if format not in spreadsheet.FORMATS:
            raise CommandError("Geef een bestandsnaam die eindigt op .xlsx, .ods of .csv.")
        measures = with_standing_reports(Measure.objects.all())
        try:
            bestand.write_bytes(spreadsheet.write(measures, format))
        except OSError as error:
            raise CommandError(f"Kan ‘{bestand}’ niet schrijven: {error.strerror}.") from error
        self.stdout.write(f"{len(measures)} maatregelen geschreven naar {bestand}.")
