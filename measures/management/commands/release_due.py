"""Make public every reporting moment whose time has come: once, or again and again.

When nothing changed for a while it makes the files of the open data too, so that no reader
waits for them.
"""

import contextlib
import logging
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections

from ... import moments, tasks
from ...open_data import files

logger = logging.getLogger(__name__)


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
        if pause is None:
            if self.look():
                raise CommandError("Niet alles kon openbaar worden.")
            return
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                self.look_again_later()
                time.sleep(pause)

    def look_again_later(self) -> None:
        """Look once; a database that is away now may be back next time."""
        close_old_connections()
        try:
            self.look()
        except (OperationalError, InterfaceError) as error:
            self.stderr.write(f"De database antwoordt niet: {error}")

    def look(self) -> list[str]:
        done, faults = moments.release_due()
        tasks.ran.send(sender=None, name="release_due", faults=len(faults))
        for moment in done:
            self.stdout.write(f"Openbaar gemaakt: {moment}.")
        for fault in faults:
            self.stderr.write(fault)
        self.make_files()
        return faults

    def make_files(self) -> None:
        """What goes wrong here is logged: it must never hold up a letter."""
        try:
            if files.make_when_quiet():
                self.stdout.write("De bestanden met alle gegevens zijn gemaakt.")
        except Exception:
            logger.exception("De bestanden met alle gegevens zijn niet gemaakt.")
