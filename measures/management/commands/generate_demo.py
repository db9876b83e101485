"""Fill an empty database with fictitious measures."""

from django.core.management.base import BaseCommand, CommandError

from measures import demo, search


class Command(BaseCommand):
    help = (
        "Maakt verzonnen maatregelen, alleen voor tests en metingen. "
        "Weigert als er echte maatregelen in de database staan."
    )

    def add_arguments(self, parser):
        parser.add_argument("--measures", type=int, default=50, help="aantal maatregelen")
        parser.add_argument(
            "--updates", type=int, default=5, help="standen van zaken per maatregel"
        )
        parser.add_argument("--seed", type=int, default=1, help="zelfde getal, zelfde gegevens")

    def handle(self, *, measures, updates, seed, **options):
        if not (0 < measures <= 1_000_000 and 0 <= updates <= demo.DAYS):
            raise CommandError(
                f"Kies 1 tot 1.000.000 maatregelen en 0 tot {demo.DAYS} standen van zaken."
            )
        try:
            demo.generate(measures=measures, updates=updates, seed=seed)
        except demo.HoldsRealMeasures:
            raise CommandError(
                "In deze database staan echte maatregelen. Er is niets toegevoegd. "
                "Gebruik een lege database, bijvoorbeeld met DATABASE_URL."
            ) from None
        search.catch_up()
        self.stdout.write(f"{measures} verzonnen maatregelen gemaakt.")
