"""Make the first account, with a password that is shown once."""

import secrets

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

NAME = "beheer"


class Command(BaseCommand):
    help = "Maakt één beheeraccount als er nog geen account is, en toont het wachtwoord één keer."

    def handle(self, **options):
        accounts = get_user_model().objects
        if accounts.exists():
            return
        password = secrets.token_urlsafe(15)
        accounts.create_superuser(NAME, password=password)
        self.stdout.write(
            f"Account gemaakt voor /beheer/\n  naam:       {NAME}\n  wachtwoord: {password}\n"
            "Dit wachtwoord ziet u maar één keer. Bewaar het nu.\n"
            "Bij de eerste keer inloggen koppelt u een app op uw telefoon die codes maakt "
            "(alleen proberen: start met SECOND_FACTOR=0).\n"
            "Een tekst wordt openbaar na akkoord van een tweede persoon. Maak daarvoor een account "
            "onder Personen. Werkt u alleen? Start dan met FOUR_EYES=0."
        )
