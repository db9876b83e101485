"""Spreadsheets that people sent, and what came of them."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

# Whoever looks at a preview after so many days looks at another list.
KEPT = timedelta(days=7)


class SpreadsheetUpload(models.Model):
    """A file that somebody sent: kept while its preview is looked at, and what it changed after.

    Once it is loaded its content goes; the control value tells which file it was.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door"
    )
    name = models.CharField("bestand", max_length=200)
    sha256 = models.CharField("controlegetal", max_length=64)
    content = models.BinaryField("inhoud", default=b"")
    created_at = models.DateTimeField("ontvangen op", auto_now_add=True)
    applied_at = models.DateTimeField("verwerkt op", null=True, blank=True)
    result = models.TextField("resultaat", blank=True)

    class Meta:
        verbose_name = "spreadsheet"
        verbose_name_plural = "spreadsheets"
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.name

    @classmethod
    def forget_old(cls) -> None:
        """Throw away what was sent long ago and never loaded."""
        cls.objects.filter(applied_at=None, created_at__lt=timezone.now() - KEPT).delete()
