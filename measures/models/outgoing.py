"""A mail that is a row until it is sent: tried, tried again later, and given up at last."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone


class OutgoingQuerySet(models.QuerySet):
    def to_send(self, now=None):
        """Those that wait for their first or next try."""
        return self.filter(sent_at__isnull=True, next_try_at__lte=now or timezone.now())


class Outgoing(models.Model):
    """What every mail that waits has; `measures/outbox.py` sends them."""

    sent_at = models.DateTimeField("verzonden op", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("pogingen", default=0)
    # Empty once it is sent, and when nobody tries any more.
    next_try_at = models.DateTimeField(
        "volgende poging", null=True, blank=True, default=timezone.now
    )
    error = models.TextField("laatste fout", blank=True)

    objects: ClassVar[Any] = OutgoingQuerySet.as_manager()

    class Meta:
        abstract = True


def sent_is_not_tried_again(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(sent_at__isnull=True) | Q(next_try_at__isnull=True), name=name
    )
