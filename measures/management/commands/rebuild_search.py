"""Index everything that can be searched again."""

from django.core.management.base import BaseCommand

from ... import search


class Command(BaseCommand):
    help = (
        "Maakt de zoekindex opnieuw. Dat is alleen nodig na een herstel of een nieuwe versie: "
        "gewone wijzigingen komen vanzelf in de index."
    )

    def handle(self, **options):
        self.stdout.write(f"De zoekindex heeft {search.rebuild()} documenten.")
