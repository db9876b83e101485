"""Send who follows something what became public."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from measures import tasks

from ... import rounds


class Command(BaseCommand):
    help = (
        "Vertelt volgers per mail wat er openbaar werd, en wist adressen die niemand bevestigde. "
        "Nog eens draaien stuurt niets twee keer; wat mislukte, wordt later opnieuw geprobeerd."
    )

    def handle(self, **options):
        done = rounds.run(timezone.now())
        tasks.ran.send(sender=None, name="send_follow_mails", faults=done.failed, number=done.sent)
        self.stdout.write(
            f"Nieuw: {done.noticed}. Gemaakt: {done.made}. Verstuurd: {done.sent}. "
            f"Mislukt: {done.failed}. Gewist: {done.forgotten}."
        )
        if done.failed:
            raise CommandError("Niet alles is verstuurd; er volgt een nieuwe poging.")
