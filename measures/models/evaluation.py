"""The evaluations of 2020 and the findings that the measures answer."""

from datetime import date

from django.db import models
from django.db.models import Count, Prefetch, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from parties.editing import Versioned
from parties.publication import (
    Publication,
    Publishable,
    PublishableQuerySet,
    published_by,
)

from ..periods import Precision, format_period
from .measure import Measure, SourcedRowQuerySet
from .sources import Source, Sourced, SourcedRecordQuerySet


class Evaluation(Sourced, Publishable, Versioned):
    """An evaluation report (evaluatierapport)."""

    key = models.SlugField("code", max_length=20, unique=True)
    title = models.CharField("titel", max_length=300)
    author = models.CharField("onderzoeker", max_length=200, blank=True)
    date = models.DateField("datum", null=True, blank=True)
    date_precision = models.CharField(
        "nauwkeurigheid van de datum",
        max_length=10,
        choices=Precision,
        default=Precision.UNKNOWN,
    )

    objects = SourcedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "evaluatierapport"
        verbose_name_plural = "evaluatierapporten"
        ordering = ["key", "pk"]

    def __str__(self):
        return self.title

    @property
    def date_label(self) -> str:
        return format_period(self.date, self.date_precision)


class FindingQuerySet(PublishableQuerySet):
    def with_public_details(self):
        """Fetch reports and sources; what is not public stays away."""
        return self.prefetch_related(
            Prefetch("evaluations", Evaluation.objects.public()),
            Prefetch("sources", Source.objects.public()),
        )


class Finding(Sourced, Publishable, Versioned):
    """A shortcoming (verbeterpunt) that an evaluation found."""

    key = models.SlugField("code", max_length=20, unique=True)
    text = models.CharField("verbeterpunt", max_length=300)
    evaluations = models.ManyToManyField(
        Evaluation,
        related_name="findings",
        blank=True,
        verbose_name="evaluatierapporten",
        help_text="Leeg is onbekend: de bron zegt niet in welk rapport dit staat.",
    )
    position = models.PositiveSmallIntegerField("volgorde", default=0)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "verbeterpunt"
        verbose_name_plural = "verbeterpunten"
        ordering = ["position", "pk"]

    def __str__(self):
        return self.text


class FindingLinkQuerySet(SourcedRowQuerySet):
    def public(self):
        """Those between a public measure and a public finding."""
        return super().public().filter(finding__publication=Publication.PUBLIC)

    def of_day(self, day: date | None = None, known_on: date | None = None):
        """Those of measures that were there on `day`; with `known_on`, that were public by then."""
        found = self.filter(published_by(known_on, "measure__"))
        if day is None and known_on is None:
            return found
        is_there = Q(measure__added_on__lte=day or timezone.localdate())
        return found.filter(is_there | Q(measure__added_on__isnull=True))

    def as_rows(self):
        """Rows (finding, number and title of the measure, certainty), in the order of both."""
        return self.order_by("finding__position", "finding", "measure__number").values_list(
            "finding", "measure__number", "measure__title", "certainty"
        )

    def first_of_each_finding(self, most: int):
        """Rows with `finding`, `measure` and `certainty`: the first `most` measures of each
        finding, and `number`: how many measures that finding has in all."""
        return (
            self.annotate(
                place=Window(
                    RowNumber(), partition_by="finding", order_by=["measure__number", "pk"]
                ),
                number=Window(Count("pk"), partition_by="finding"),
            )
            .filter(place__lte=most)
            .order_by()
            .values("finding", "measure", "certainty", "number")
        )

    def for_measure(self, measure):
        """Those of one measure, with the text of the finding."""
        found = self.filter(measure=measure).select_related("finding")
        return found.only("certainty", "remark", "finding__text")


class FindingLink(Sourced):
    """That a measure answers a finding, and whether a source says so."""

    measure = models.ForeignKey(
        Measure, models.CASCADE, related_name="finding_links", verbose_name="maatregel"
    )
    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="measure_links", verbose_name="verbeterpunt"
    )

    objects = FindingLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "koppeling met een verbeterpunt"
        verbose_name_plural = "koppelingen met verbeterpunten"
        ordering = ["finding__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "finding"],
                name="finding_link_is_made_once",
                violation_error_message="Dit verbeterpunt is al gekoppeld aan de maatregel.",
            )
        ]

    def __str__(self):
        return f"{self.measure.code} bij {self.finding}"
