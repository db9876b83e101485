"""What people notice, what words mean, and what is and is not known."""

from django.db import models
from django.urls import reverse

from parties.editing import Versioned
from parties.publication import Publishable

from .measure import Measure
from .sources import Sourced, SourcedRecordQuerySet


class Effect(Sourced, Publishable, Versioned):
    """What people notice (effect). Kept apart from whether a measure is done."""

    class State(models.TextChoices):
        REPORTED = "gemeld", "Gemeld"
        EXPECTED = "verwacht", "Verwacht"

    key = models.SlugField("code", max_length=60, unique=True)
    title = models.CharField("effect", max_length=200)
    text = models.TextField("toelichting", blank=True)
    state = models.CharField("gemeld of verwacht", max_length=10, choices=State)
    measures = models.ManyToManyField(
        Measure, related_name="effects", blank=True, verbose_name="maatregelen"
    )
    position = models.PositiveSmallIntegerField("volgorde", default=0)

    objects = SourcedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "effect"
        verbose_name_plural = "effecten"
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title


class GlossaryTerm(Sourced, Publishable, Versioned):
    """A word of the field (begrip), explained."""

    term = models.CharField("begrip", max_length=120, unique=True)
    slug = models.SlugField("adres op de website", max_length=120, unique=True)
    definition = models.TextField("betekenis")

    objects = SourcedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "begrip"
        verbose_name_plural = "begrippen"
        ordering = ["term"]

    def __str__(self):
        return self.term

    def get_absolute_url(self):
        return f"{reverse('glossary')}#{self.slug}"


class Statement(Sourced, Publishable, Versioned):
    """What the sources say of the whole, and what they do not say (uitspraak)."""

    class Topic(models.TextChoices):
        TOTAL = "totaal", "Hoeveel maatregelen er zijn"
        IMPLEMENTED = "geimplementeerd", "Hoeveel er klaar zijn"
        REMAINING = "resterend", "Hoeveel er resteren"
        MOTIONS = "moties", "De moties in de brief over de resultaten"
        NUMBERING = "nummering", "De nummers van de maatregelen"
        DIFFERENCE = "verschil", "Waar bronnen verschillen"
        NOT_FOUND = "niet-gevonden", "Wat wij niet vonden"
        TOPIC_2021 = "aandachtspunt", "Aandachtspunten uit 2021, geen maatregelen"
        RELATED = "verwant", "Verwante acties"

    key = models.SlugField("code", max_length=60, unique=True)
    topic = models.CharField("onderwerp", max_length=20, choices=Topic, db_index=True)
    text = models.TextField("uitspraak", blank=True, help_text="Leeg is onbekend.")
    position = models.PositiveSmallIntegerField("volgorde", default=0)

    objects = SourcedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "uitspraak over het geheel"
        verbose_name_plural = "uitspraken over het geheel"
        ordering = ["topic", "position", "pk"]

    def __str__(self):
        return f"{self.get_topic_display()}: {self.text or 'onbekend'}"
