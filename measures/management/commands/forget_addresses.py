"""Erase the addresses of readers that were kept long enough."""

from django.core.management.base import BaseCommand

from ... import tasks
from ...models import CorrectionProposal
from ...models.correction import ADDRESS_KEPT_DAYS


class Command(BaseCommand):
    help = (
        f"Wist mailadressen bij verbetervoorstellen die {ADDRESS_KEPT_DAYS} dagen oud zijn. "
        "Laat dit elke nacht draaien."
    )

    def handle(self, *args, **options):
        number = CorrectionProposal.objects.forget_addresses()
        tasks.ran.send(sender=None, name="forget_addresses", number=number)
        self.stdout.write(f"Mailadressen gewist: {number}.")
