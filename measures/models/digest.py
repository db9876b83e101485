"""The summaries that people get by mail, kept until they are sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class DigestMailQuerySet(models.QuerySet):
    def to_send(self, now=None):
        """Those that wait for their first or next try."""
        return self.filter(sent_at__isnull=True, next_try_at__lte=now or timezone.now())


class DigestMail(models.Model):
    """One summary for one person on one day: made once, tried until it is sent or given up."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="digests", verbose_name="persoon"
    )
    day = models.DateField("dag")
    address = models.EmailField("adres")
    subject = models.CharField("onderwerp", max_length=200)
    text = models.TextField("tekst")
    html = models.TextField("opgemaakte tekst")
    sent_at = models.DateTimeField("verzonden op", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("pogingen", default=0)
    # Empty once it is sent, and when nobody tries any more.
    next_try_at = models.DateTimeField(
        "volgende poging", null=True, blank=True, default=timezone.now
    )
    error = models.TextField("laatste fout", blank=True)

    objects = DigestMailQuerySet.as_manager()

    class Meta:
        verbose_name = "overzicht per mail"
        verbose_name_plural = "overzichten per mail"
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="digest_is_one_a_day"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(next_try_at__isnull=True),
                name="digest_sent_is_not_tried_again",
            ),
        ]

    def __str__(self):
        return f"{self.subject} ({self.address})"
