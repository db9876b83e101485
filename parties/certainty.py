"""How certain a statement is."""

from django.db import models


class Certainty(models.TextChoices):
    """Whether a source says it, or we read it so.

    Stored beside every fact that rests on a source; a public page never shows
    such a fact without it.
    """

    STATED = "vermeld", "Staat in de bron"
    INFERRED = "afgeleid", "Onze lezing"
    UNKNOWN = "onbekend", "Onbekend"
