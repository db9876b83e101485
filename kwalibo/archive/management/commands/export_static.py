"""Write the whole public site as plain files, for an archive."""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management.base import BaseCommand, CommandError
from django.http.request import validate_host
from django.utils import timezone

from kwalibo.archive.crawler import ExportError
from kwalibo.archive.writing import export
from measures.reference_date import BadQuery, parse


class Command(BaseCommand):
    help = (
        "Schrijft de hele openbare website als losse bestanden, die zonder server werken. "
        "Er komt niets in wat een bezoeker niet kan zien."
    )

    def add_arguments(self, parser):
        parser.add_argument("--peildatum", default="", help="JJJJ-MM-DD (standaard: vandaag)")
        parser.add_argument("--output", required=True, help="de map die wordt gemaakt")
        parser.add_argument(
            "--force", action="store_true", help="vervang een eerdere archiefkopie in die map"
        )

    def handle(self, *, peildatum, output, force, **options):
        try:
            asked = parse(peildatum).asked
        except BadQuery as error:
            raise CommandError(str(error)) from None
        try:
            copy = export(_site(), asked, timezone.localdate(), Path(output), force=force)
        except ExportError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.filename} is niet te schrijven: {error.strerror}") from None
        self.stdout.write(
            f"{copy.folder} gemaakt: {copy.pages} bladzijden, {copy.files} bestanden in totaal. "
            f"Niet opgenomen: {copy.missing}."
        )


def _site() -> str:
    """How the addresses of the site begin, once it is sure that it answers to that name."""
    parts = urlsplit(settings.SITE_URL)
    allowed = settings.ALLOWED_HOSTS or ["localhost", "127.0.0.1"]
    if not validate_host(parts.hostname or "", allowed):
        raise CommandError(f"SITE_URL ({settings.SITE_URL}) is geen naam uit ALLOWED_HOSTS.")
    if settings.SECURE_SSL_REDIRECT and parts.scheme != "https":
        raise CommandError("Met HTTPS=1 begint SITE_URL met https://.")
    try:
        staticfiles_storage.url("css/site.css")
    except ValueError:
        message = "De stijlbladen zijn er nog niet. Draai eerst ‘collectstatic’."
        raise CommandError(message) from None
    return f"{parts.scheme}://{parts.netloc}"
