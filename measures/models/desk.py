"""What belongs to one colleague at the desk: a text that is not sent yet, and chosen filters."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

# A text that nobody came back for in so long is old news.
KEPT = timedelta(days=14)


class Draft(models.Model):
    """What somebody typed in a form and did not send yet, as their browser kept it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="persoon"
    )
    path = models.CharField("adres", max_length=300)
    # [[name, [value, …]], …], as `kwalibo.kept` keeps them.
    fields = models.JSONField("velden")
    at = models.DateTimeField("op", default=timezone.now)

    class Meta:
        verbose_name = "getypte tekst"
        verbose_name_plural = "getypte teksten"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "path"], name="draft_is_one_a_form")]

    def __str__(self):
        return self.path


class SavedFilter(models.Model):
    """A choice in a list that somebody makes every week, under a name."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="filters", verbose_name="persoon"
    )
    # 'measures_measure': the list that it is of.
    list = models.CharField("lijst", max_length=100)
    name = models.CharField("naam", max_length=60)
    query = models.CharField("selectie", max_length=1000)

    class Meta:
        verbose_name = "bewaarde selectie"
        verbose_name_plural = "bewaarde selecties"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "list", "name"],
                name="filter_has_a_name_of_its_own",
                violation_error_message="U hebt al een selectie met deze naam.",
            )
        ]

    def __str__(self):
        return self.name
