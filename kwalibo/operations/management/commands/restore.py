"""Put a back-up in place, or look whether it is whole."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db.migrations.loader import MigrationLoader

from ...backup import BackupError, check, restore


class Command(BaseCommand):
    help = (
        "Zet een back-up terug in een lege database en een lege map met bewijsstukken, en kijkt "
        "of alles er is. Stop eerst de website en haar taken."
    )

    def add_arguments(self, parser):
        parser.add_argument("bestand", type=Path)
        parser.add_argument(
            "--sleutelbestand",
            type=Path,
            help="bestand met de geheime sleutel van age; standaard BACKUP_IDENTITY_FILE",
        )
        parser.add_argument(
            "--controleer", action="store_true", help="kijk alleen of de back-up heel is"
        )
        parser.add_argument(
            "--overschrijven", action="store_true", help="vervang wat er nu in de database staat"
        )

    def handle(self, *, bestand, sleutelbestand, controleer, overschrijven, **options):
        try:
            if controleer:
                self.tell(check(bestand, sleutelbestand))
                self.stdout.write("De back-up is heel. Er is niets veranderd.")
                return
            done = restore(bestand, sleutelbestand, overwrite=overschrijven)
        except BackupError as error:
            raise CommandError(error) from None
        self.tell(done.manifest)
        self.stdout.write("Teruggezet en nagerekend: alles klopt.")
        if done.left:
            self.stdout.write(
                f"{len(done.left)} bestanden in EVIDENCE_DIR horen niet bij deze back-up. "
                "Zij zijn blijven liggen."
            )
        applied = set(done.manifest.facts.migrations)
        known = {f"{app}.{name}" for app, name in MigrationLoader(None).graph.nodes}
        if known - applied:
            self.stdout.write("De back-up is van een oudere versie. Draai nu: manage.py migrate")
        if applied - known:
            self.stderr.write("Let op: de back-up is van een nieuwere versie. Gebruik die.")

    def tell(self, manifest):
        facts = manifest.facts
        self.stdout.write(
            f"Back-up van {manifest.made_at} ({manifest.tool}, versie {manifest.application}): "
            f"{sum(facts.tables.values())} rijen in {len(facts.tables)} tabellen, "
            f"{len(facts.snapshots)} controlewaarden van momentopnamen, "
            f"{len(manifest.parts) - 1} documenten."
        )
        for name in manifest.missing:
            self.stderr.write(f"Let op: het bewijsstuk {name} ontbrak al in de back-up.")
        for key in facts.damaged:
            self.stderr.write(f"Let op: de momentopname {key} was al beschadigd.")
