"""Make a back-up: database and documents in one file."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from measures import tasks

from ...backup import BackupError, make


class Command(BaseCommand):
    help = (
        "Maakt een back-up van database en bewijsstukken in één bestand, terwijl de website "
        "doorgaat. Staat BACKUP_RECIPIENTS vast, dan is het bestand versleuteld."
    )

    def add_arguments(self, parser):
        parser.add_argument("plaats", type=Path, help="een map, of hoe het bestand moet heten")
        parser.add_argument(
            "--versleuteld", action="store_true", help="maak geen back-up die iedereen kan lezen"
        )

    def handle(self, *, plaats, versleuteld, **options):
        if versleuteld and not settings.BACKUP_RECIPIENTS:
            raise CommandError(
                "BACKUP_RECIPIENTS is leeg: zet er de openbare sleutel van age in (age1…)."
            )
        try:
            made = make(plaats)
        except BackupError as error:
            tasks.ran.send(sender=None, name="backup", faults=1)
            raise CommandError(error) from None
        tasks.ran.send(sender=None, name="backup", faults=0, number=len(made.manifest.parts))
        facts = made.manifest.facts
        self.stdout.write(
            f"{made.path}\n"
            f"{sum(facts.tables.values())} rijen in {len(facts.tables)} tabellen, "
            f"{len(made.manifest.parts) - 1} documenten, "
            f"{'versleuteld' if made.is_encrypted else 'niet versleuteld'}\n"
            f"SHA-256 {made.sha256}"
        )
        for name in made.manifest.missing:
            self.stderr.write(f"Let op: het bewijsstuk {name} ligt niet in EVIDENCE_DIR.")
        for key in facts.damaged:
            self.stderr.write(f"Let op: de momentopname {key} was al beschadigd.")
