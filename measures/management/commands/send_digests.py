"""Send everybody who wants one a summary of what waits for them."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ... import tasks
from ...desk import digest


class Command(BaseCommand):
    help = (
        "Maakt de overzichten van vandaag en verstuurt wat wacht. Nog eens draaien stuurt niets "
        "twee keer; wat mislukte, wordt later opnieuw geprobeerd."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="toon alleen wie wat krijgt")
        parser.add_argument("--dag", type=date.fromisoformat, help="JJJJ-MM-DD; standaard vandaag")

    def handle(self, *, dry_run, dag, **options):
        day = dag or timezone.localdate()
        if dry_run:
            found = digest.digests(day)
            for one in found:
                self.stdout.write(f"{one.user.email}")
                for section in one.sections:
                    self.stdout.write(f"  {section.title}")
                    for line in section.lines:
                        self.stdout.write(f"    {line.text}. {line.detail}")
            self.stdout.write(f"{len(found)} overzichten. Er is niets verstuurd.")
            return
        made = digest.make(day)
        sent, failed = digest.send()
        tasks.ran.send(sender=None, name="send_digests", faults=failed, number=sent)
        self.stdout.write(f"Gemaakt: {made}. Verstuurd: {sent}. Mislukt: {failed}.")
        if failed:
            raise CommandError("Niet alles is verstuurd; er volgt een nieuwe poging.")
