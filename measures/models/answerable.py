"""What comes in from outside and waits for one answer of staff."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from parties.editing import Versioned


class Answerable(Versioned):
    """Sent in by somebody; staff answer it once, and the answer knows who and when.

    A model of this has a `state` with its own choices, and names in `NOT_ASKED` the fields
    that whoever answers has no say in: they are not validated again.
    """

    NOT_ASKED: ClassVar[list[str]] = []

    created_at = models.DateTimeField("ingestuurd op", auto_now_add=True)
    answer = models.TextField("toelichting bij het antwoord", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="beantwoord door",
    )
    answered_at = models.DateTimeField("beantwoord op", null=True, blank=True)

    state: models.CharField

    class Meta:
        abstract = True

    def _answer(self, state, by, answer: str) -> None:
        """Keep the answer. Raises ValidationError when it lacks what this state asks."""
        self.state, self.answer = state, answer.strip()
        self.answered_by, self.answered_at = by, timezone.now()
        self.full_clean(exclude=self.NOT_ASKED)
        self.save()
