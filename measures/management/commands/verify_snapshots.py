"""Compute the SHA-256 of everything that was ever frozen again."""

from django.core.management.base import BaseCommand, CommandError

from ... import moments


class Command(BaseCommand):
    help = "Rekent van elke momentopname en elk bestand de controlewaarde na."

    def handle(self, *args, **options):
        found = moments.verify()
        for fault in found.faults:
            self.stderr.write(fault)
        if found.faults:
            raise CommandError(f"{len(found.faults)} van de controles klopt niet.")
        noun = "momentopname" if found.number == 1 else "momentopnamen"
        self.stdout.write(f"{found.number} {noun} nagerekend: alles klopt.")
