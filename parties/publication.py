"""What is public, and since when.

`PublishableQuerySet.public()` is the one gate between the database and every
page, file, feed and count. Nothing is public until somebody publishes it.
"""

from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Publication(models.TextChoices):
    """The publication state of a record."""

    CONCEPT = "concept", "Concept"
    PUBLIC = "openbaar", "Openbaar"
    WITHDRAWN = "ingetrokken", "Ingetrokken"


def published_by(day: date | None, prefix: str = "") -> Q:
    """Condition: it was public at the end of `day`, in Dutch time. Without a day: no condition.

    What was withdrawn since stays away: the past is no way round a withdrawal.
    """
    if day is None:
        return Q()
    midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    return Q(**{f"{prefix}published_at__lt": midnight})


class PublishableQuerySet(models.QuerySet):
    """Query set of records that have a publication state."""

    def public(self, known_on: date | None = None):
        """Only what anybody may see; with a day: what anybody could see on that day already."""
        return self.filter(published_by(known_on), publication=Publication.PUBLIC)


class Publishable(models.Model):
    """A record that staff prepare before anybody else sees it."""

    publication = models.CharField(
        "publicatie",
        max_length=12,
        choices=Publication,
        default=Publication.CONCEPT,
        help_text="Alleen wat ‘openbaar’ is, staat op de website, in de bijlage en in downloads.",
    )
    published_at = models.DateTimeField("openbaar sinds", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self.stamp() and kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "published_at"}
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        self.stamp()
        if self.publication == Publication.WITHDRAWN and self.published_at is None:
            raise ValidationError(
                {"publication": "Dit was nog nooit openbaar en kan dus niet worden ingetrokken."}
            )

    @property
    def is_public(self) -> bool:
        return self.publication == Publication.PUBLIC

    def stamp(self) -> bool:
        """Note the moment of the first publication; True when that is now."""
        if not self.is_public or self.published_at is not None:
            return False
        self.published_at = timezone.now()
        return True
