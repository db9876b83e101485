"""Compute the SHA-256 of everything that was ever frozen again."""

from django.core.management.base import BaseCommand, CommandError

from ... import moments, tasks


class Command(BaseCommand):
    help = "Rekent van elke momentopname en elk bestand de controlewaarde na."

    def handle(self, *args, **options):
        found = moments.verify()
        tasks.ran.send(
            sender=None,
            name="verify_snapshots",
            faults=len(found.faults),
            number=found.number,
        )
        for fault in found.faults:
            self.stderr.write(fault)
        if found.faults:
            number = len(found.faults)
            verb = "controle klopt" if number == 1 else "controles kloppen"
            raise CommandError(f"{number} {verb} niet.")
        noun = "momentopname" if found.number == 1 else "momentopnamen"
        self.stdout.write(f"{found.number} {noun} nagerekend: alles klopt.")
