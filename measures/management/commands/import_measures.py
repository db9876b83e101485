"""Load a spreadsheet of measures that somebody changed."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from parties.history import acting

from ... import spreadsheet


class Command(BaseCommand):
    help = (
        "Verwerkt een spreadsheet met maatregelen: alles of niets. Titel, hoofdlijn, omschrijving, "
        "‘gereed als’ en trekker wijzigen meteen; een stand van zaken of streefdatum wordt een "
        "concept. Hetzelfde bestand nog eens wijzigt niets."
    )

    def add_arguments(self, parser):
        parser.add_argument("bestand", type=Path, help="xlsx, ods of csv")
        parser.add_argument("--user", required=True, help="namens wie: een gebruikersnaam")
        parser.add_argument("--dry-run", action="store_true", help="toon alleen wat er verandert")
        parser.add_argument(
            "--aanbieden", action="store_true", help="bied de concepten ter goedkeuring aan"
        )

    def handle(self, *, bestand, user, dry_run, aanbieden, **options):
        found = get_user_model().objects.filter(username=user, is_active=True).first()
        if found is None:
            raise CommandError(f"Er is niemand met de gebruikersnaam ‘{user}’.")
        try:
            data = bestand.read_bytes()
            sheet = spreadsheet.read(bestand.name, data, max_mb=settings.SPREADSHEET_MAX_MB)
        except OSError as error:
            raise CommandError(f"Kan ‘{bestand}’ niet lezen: {error.strerror}.") from error
        except spreadsheet.Refused as error:
            raise CommandError(str(error)) from error
        plan = spreadsheet.plan(sheet, found)
        for row in plan.rows:
            self.stdout.write(f"Rij {row.row}, {row.measure.code}:")
            for line in [*map(str, row.changes), *row.notes]:
                self.stdout.write(f"  {line}")
        for notice in plan.notices:
            self.stdout.write(notice)
        self.stdout.write(
            f"{len(plan.rows)} maatregelen wijzigen; {plan.unchanged} rijen zijn zoals het nu is."
        )
        if plan.problems:
            told = "\n".join(map(str, plan.problems))
            raise CommandError(f"Er is niets gewijzigd.\n{told}")
        if dry_run:
            self.stdout.write("Dit was een proef. Er is niets gewijzigd.")
            return
        if plan.rows:
            self._apply(sheet, found, plan, aanbieden)

    def _apply(self, sheet, user, plan, submit):
        try:
            with acting(user):
                spreadsheet.apply(sheet, user, plan.digest, submit=submit)
        except spreadsheet.Moved as error:
            raise CommandError(f"{error} Er is niets gewijzigd.") from error
        self.stdout.write("Verwerkt.")
