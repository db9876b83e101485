"""The summaries that people get by mail, kept until they are sent."""

from django.conf import settings
from django.db import models

from .outgoing import Outgoing, sent_is_not_tried_again


class DigestMail(Outgoing):
    """One summary for one person on one day: made once, tried until it is sent or given up."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="digests", verbose_name="persoon"
    )
    day = models.DateField("dag")
    address = models.EmailField("adres")
    subject = models.CharField("onderwerp", max_length=200)
    text = models.TextField("tekst")
    html = models.TextField("opgemaakte tekst")

    class Meta:
        verbose_name = "overzicht per mail"
        verbose_name_plural = "overzichten per mail"
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="digest_is_one_a_day"),
            sent_is_not_tried_again("digest_sent_is_not_tried_again"),
        ]

    def __str__(self):
        return f"{self.subject} ({self.address})"
