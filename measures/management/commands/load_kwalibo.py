"""Load the Kwalibo data set that the application ships."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from measures import search
from measures.loading import SHIPPED, DataFileError, load, reconstructions


class Command(BaseCommand):
    help = (
        "Laadt de gegevens over Kwalibo. Wat er al staat, blijft zoals het is: "
        "een tweede keer laden verandert niets."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "bestand", nargs="?", type=Path, default=SHIPPED, help="standaard de meegeleverde set"
        )

    def handle(self, *, bestand, **options):
        try:
            report = load(bestand)
        except DataFileError as error:
            raise CommandError(f"Er is niets geladen. {error}") from None
        self.stdout.write(str(report))
        if number := reconstructions.finish():
            noun = "peilmoment" if number == 1 else "peilmomenten"
            self.stdout.write(f"Openbaar gemaakt: {number} {noun} van eerdere brieven.")
        search.catch_up()
