"""What a colleague works on, for whom a contact person speaks, and how often they are told."""

from django.conf import settings
from django.db import models

from parties.models import Party

from .measure import Measure, Theme


class Assignment(models.Model):
    """The field of work of one person (werkgebied).

    Without themes and measures it is everything. A contact person of a party works on no
    staff screen: they see what that party has a part in, and contribute to it.
    """

    class Digest(models.TextChoices):
        """How often a person gets a summary by mail."""

        DAILY = "dagelijks", "Elke werkdag"
        WEEKLY = "wekelijks", "Elke maandag"
        NEVER = "nooit", "Nooit"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="assignment",
        verbose_name="persoon",
    )
    themes = models.ManyToManyField(
        Theme,
        blank=True,
        related_name="assignments",
        verbose_name="eigen hoofdlijnen",
        help_text="Niets gekozen, en ook geen maatregelen? Dan is alles het werkgebied.",
    )
    measures = models.ManyToManyField(
        Measure, blank=True, related_name="assignments", verbose_name="eigen maatregelen"
    )
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        related_name="contacts",
        null=True,
        blank=True,
        verbose_name="contactpersoon van",
        help_text="Alleen voor iemand van buiten: die ziet wat deze partij aangaat.",
    )
    digest = models.CharField(
        "overzicht per mail", max_length=12, choices=Digest, default=Digest.WEEKLY
    )

    class Meta:
        verbose_name = "werkgebied"
        verbose_name_plural = "werkgebieden"
        ordering = ["pk"]

    def __str__(self):
        return f"Werkgebied van {self.user}"
