"""Make a pair of keys for back-ups."""

from pathlib import Path

import pyrage
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Maakt een sleutelpaar van age. De geheime sleutel komt in het bestand, de openbare op "
        "het scherm: die is voor BACKUP_RECIPIENTS."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("bestand", type=Path)

    def handle(self, *, bestand, **options):
        identity = pyrage.x25519.Identity.generate()
        public = identity.to_public()
        try:
            bestand.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            raise CommandError(
                f"{bestand} is er al. Een sleutel wordt nooit overschreven."
            ) from None
        except OSError as error:
            raise CommandError(f"{bestand} is niet te maken: {error.strerror}.") from None
        bestand.write_text(f"# public key: {public}\n{identity}\n")
        self.stdout.write(str(public))
        self.stderr.write(
            f"Bewaar {bestand} buiten deze server, op twee plaatsen. Zonder dit bestand is geen "
            "back-up te openen."
        )
