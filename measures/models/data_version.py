"""Which version of the public data this is."""

from django.db import models


class DataVersion(models.Model):
    """One row that changes with everything that the public can read.

    Triggers alone write it (`measures/data_version.py`), in the transaction of the change.
    `number` only grows. `mark` is new each time: after a back-up was put back, a number that
    was used before does not stand for other data.
    """

    number = models.PositiveBigIntegerField("nummer", default=0)
    mark = models.CharField("kenmerk", max_length=32, blank=True)
    changed_at = models.DateTimeField("gewijzigd op")

    class Meta:
        verbose_name = "versie van de gegevens"
        verbose_name_plural = "versies van de gegevens"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.number}-{self.mark}"
