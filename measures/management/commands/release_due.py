"""Make public every reporting moment whose time has come: once, or again and again."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from ... import moments


class Command(BaseCommand):
    help = (
        "Maakt elk peilmoment openbaar waarvan het tijdstip is aangebroken. "
        "Laat dit elke minuut draaien, of geef --elke en laat het aan staan."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--elke",
            type=int,
            metavar="SECONDEN",
            help="blijf draaien en kijk om de zoveel seconden opnieuw",
        )

    def handle(self, *args, **options):
        pause = options["elke"]
        if pause is not None and pause < 1:
            raise CommandError("Kies bij --elke een getal groter dan nul.")
        faults = self.look()
        while pause is not None:
            time.sleep(pause)
            close_old_connections()
            faults = self.look()
        if faults:
            raise CommandError("Niet alles kon openbaar worden.")

    def look(self) -> list[str]:
        done, faults = moments.release_due()
        for moment in done:
            self.stdout.write(f"Openbaar gemaakt: {moment}.")
        for fault in faults:
            self.stderr.write(fault)
        return faults
