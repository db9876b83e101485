"""Progress updates, and the status of a measure that follows from them."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from parties.editing import Versioned
from parties.publication import Publication, Publishable

from ..periods import Precision, format_period, period_end
from .measure import Measure
from .sources import Source, Sourced
from .status import ENDED, Status


def derive_status(measures: Iterable[int]) -> None:
    """Write the derived columns of these measures (ids) from their published updates.

    The only writer of `Measure.status`, `reported_on`, `ended_on` and
    `merged_into`. Without a published update a measure is *onbekend*.
    """
    latest = ProgressUpdate.objects.published().filter(measure=OuterRef("pk")).latest_first()

    def of_latest(field):
        return Subquery(latest.values(field)[:1])

    Measure.objects.filter(pk__in=set(measures))._write_derived(
        status=Coalesce(of_latest("status"), Value(Status.UNKNOWN.value)),
        reported_on=of_latest("reporting_date"),
        reported_on_precision=Coalesce(
            of_latest("reporting_date_precision"), Value(Precision.UNKNOWN.value)
        ),
        ended_on=Subquery(
            latest.annotate(
                end=Case(When(status__in=ENDED, then=F("reporting_date")), default=None)
            ).values("end")[:1]
        ),
        merged_into=of_latest("merged_into"),
    )


class ProgressUpdateQuerySet(models.QuerySet):
    def published(self):
        """Those that count for the status of their measure."""
        return self.filter(publication=Publication.PUBLIC)

    def public(self):
        """Those that anybody may see: published, and of a public measure."""
        return self.published().filter(measure__publication=Publication.PUBLIC)

    def up_to(self, day):
        """Those whose reporting date is not later than `day`."""
        return self.filter(reporting_date__lte=day)

    def latest_first(self):
        return self.order_by("-reporting_date", "-published_at", "-pk")

    def with_public_sources(self):
        return self.prefetch_related(Prefetch("sources", Source.objects.public()))

    def with_public_details(self):
        """Fetch sources and the measure that it merged into; what is not public stays away."""
        return self.with_public_sources().prefetch_related(
            Prefetch("merged_into", Measure.objects.public())
        )

    def for_news(self):
        """With sources, measure and the number that it merged into, the latest first."""
        public = Q(merged_into__publication=Publication.PUBLIC)
        return (
            self.select_related("measure")
            .annotate(merged_number=Case(When(public, then=F("merged_into__number"))))
            .with_public_sources()
            .latest_first()
        )

    # Every bulk path re-derives the status, as save() and delete() do.

    def update(self, **kwargs):
        with transaction.atomic(using=self.db):
            measures = set(self.order_by().values_list("measure", flat=True))
            rows = super().update(**kwargs)
            derive_status(measures)
        return rows

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for update in objs:
            update.prepare()
        with transaction.atomic(using=self.db):
            created = super().bulk_create(objs, *args, **kwargs)
            derive_status(update.measure_id for update in objs)
        return created

    def delete(self):
        with transaction.atomic(using=self.db):
            measures = set(self.order_by().values_list("measure", flat=True))
            result = super().delete()
            derive_status(measures)
        return result

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class ProgressUpdate(Sourced, Publishable, Versioned):
    """How a measure stood on a day (stand van zaken).

    `reporting_date` says when it was so; `published_at` since when the public
    could know. Once published, a row is never rewritten: a new update corrects
    it, or it is withdrawn with a reason. The database holds both.
    """

    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="updates", verbose_name="maatregel"
    )
    reporting_date = models.DateField(
        "peildatum",
        null=True,
        blank=True,
        help_text="Op welke dag was dit zo? Bij een maand of jaar telt de laatste dag.",
    )
    reporting_date_precision = models.CharField(
        "nauwkeurigheid van de peildatum",
        max_length=10,
        choices=[choice for choice in Precision.choices if choice[0] != Precision.UNKNOWN],
        default=Precision.DAY,
    )
    status = models.CharField("status", max_length=20, choices=Status)
    explanation = models.TextField(
        "stand van zaken",
        blank=True,
        help_text="Wat iedereen leest: wat is er gedaan, wat komt nog? Kort en in gewone taal.",
    )
    merged_into = models.ForeignKey(
        Measure,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="opgegaan in",
        help_text="Alleen bij de status ‘opgegaan in’.",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="auteur",
    )
    created_at = models.DateTimeField("gemaakt op", auto_now_add=True)
    withdrawal_reason = models.TextField("reden van intrekking", blank=True)
    submission = models.UUIDField(
        "inzending",
        default=uuid.uuid4,
        unique=True,
        editable=False,
        help_text="Herkent een formulier dat twee keer is verstuurd.",
    )

    # What for_news() adds.
    merged_number: int | None

    objects = ProgressUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = "stand van zaken"
        verbose_name_plural = "standen van zaken"
        ordering = ["-reporting_date", "-published_at", "-pk"]
        indexes = [
            models.Index(
                fields=["measure", "-reporting_date", "-published_at", "-id"],
                condition=Q(publication="openbaar"),
                name="update_published_by_measure",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(publication=Publication.CONCEPT)
                | Q(reporting_date__isnull=False) & ~Q(explanation=""),
                name="update_published_has_text_and_date",
                violation_error_message="Vul een peildatum en een tekst in voordat u publiceert.",
            ),
            models.CheckConstraint(
                condition=Q(publication=Publication.CONCEPT) | Q(published_at__isnull=False),
                name="update_published_knows_since_when",
                violation_error_message="Het moment van publicatie ontbreekt.",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.MERGED, merged_into__isnull=False)
                | ~Q(status=Status.MERGED) & Q(merged_into__isnull=True),
                name="update_merged_names_its_successor",
                violation_error_message=(
                    "Kies bij ‘opgegaan in’ de andere maatregel, en alleen dan."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("measure")),
                name="update_does_not_merge_a_measure_into_itself",
                violation_error_message="Een maatregel kan niet opgaan in zichzelf.",
            ),
            models.CheckConstraint(
                condition=~Q(publication=Publication.WITHDRAWN) | ~Q(withdrawal_reason=""),
                name="update_withdrawn_says_why",
                violation_error_message="Zeg waarom u deze stand van zaken intrekt.",
            ),
        ]

    def __str__(self):
        return f"{self.measure.code} op {self.reporting_date_label}: {self.get_status_display()}"

    @property
    def reporting_date_label(self) -> str:
        return format_period(self.reporting_date, self.reporting_date_precision)

    @property
    def status_label(self) -> str:
        """The status as people read it, with the measure that it went into."""
        label = Status(self.status).label
        return f"{label} {self.merged_into.code}" if self.merged_into else label

    @property
    def news_label(self) -> str:
        """The status as people read it. Needs `for_news()`."""
        label = Status(self.status).label
        return f"{label} M{self.merged_number}" if self.merged_number else label

    def clean(self):
        super().clean()
        self.prepare()
        if not self.is_public:
            return
        errors = {}
        if self.reporting_date and self.reporting_date > timezone.localdate():
            errors["reporting_date"] = (
                "De peildatum ligt in de toekomst. Bij een maand of jaar telt de laatste dag."
            )
        if self.merged_into and not self.merged_into.is_public:
            errors["merged_into"] = f"{self.merged_into.code} is nog niet openbaar."
        if self.reporting_date and self.measure_id:
            errors |= self._clean_against_the_end(self.reporting_date)
        if errors:
            raise ValidationError(errors)

    def _clean_against_the_end(self, day: date) -> dict[str, str]:
        """Errors by field where this update does not fit the end of a measure.

        Triggers hold the same; here each gets a sentence in its place.
        """
        others = ProgressUpdate.objects.published().filter(measure=self.measure_id)
        others = others.exclude(pk=self.pk).select_related("measure")
        end = others.filter(status__in=ENDED).up_to(day).first()
        if end:
            return {
                "reporting_date": (
                    f"{end.measure.code} is geëindigd op {end.reporting_date_label}. "
                    "Daarna kan er geen stand van zaken meer bij."
                )
            }
        if self.status not in ENDED:
            return {}
        if others.filter(reporting_date__gt=day).exists():
            return {
                "reporting_date": (
                    "Er is al een stand van zaken met een latere peildatum. "
                    "Kies voor het einde een latere dag."
                )
            }
        target = self.merged_into
        if target and target.ended_on and target.ended_on <= day:
            return {
                "merged_into": (
                    f"{target.code} is op die dag zelf al geëindigd. "
                    "Kies de maatregel waarin het werk nu verdergaat."
                )
            }
        absorbed = Measure.objects.filter(merged_into=self.measure_id, ended_on__gte=day).first()
        if absorbed:
            return {
                "reporting_date": (
                    f"{absorbed.code} is pas op of na deze dag in deze maatregel opgegaan. "
                    "Kies een latere dag."
                )
            }
        return {}

    def prepare(self):
        """Put the reporting date at the last day of its period."""
        if self.reporting_date:
            self.reporting_date = period_end(self.reporting_date, self.reporting_date_precision)

    def save(self, *args, **kwargs):
        self.prepare()
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self.publication != Publication.CONCEPT:
                derive_status([self.measure_id])

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            result = super().delete(*args, **kwargs)
            derive_status([self.measure_id])
        return result

    def publish(self):
        """Make this update public and so the status of its measure.

        Raises ValidationError, with a Dutch message per field, when something
        is missing or does not fit the end of the measure.
        """
        with transaction.atomic():
            # Two publications that touch the same measures wait for each other.
            touched = [pk for pk in (self.measure_id, self.merged_into_id) if pk]
            list(Measure.objects.select_for_update().filter(pk__in=touched).order_by("pk"))
            self.publication = Publication.PUBLIC
            self.full_clean()
            self.save()

    def withdraw(self, reason: str):
        """Take this update out of public view; the status follows from what is left.

        The row stays, with the reason. Raises ValidationError without a reason.
        """
        with transaction.atomic():
            list(Measure.objects.select_for_update().filter(pk=self.measure_id))
            self.publication = Publication.WITHDRAWN
            self.withdrawal_reason = reason.strip()
            self.full_clean()
            self.save()


class InternalNote(Versioned):
    """A note for colleagues.

    In a table of its own, without a publication state: no public query set
    exists for it and no public view may import it (tests/test_house.py).
    """

    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="internal_notes", verbose_name="maatregel"
    )
    text = models.TextField("notitie")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="auteur",
    )
    created_at = models.DateTimeField("gemaakt op", auto_now_add=True)

    class Meta:
        verbose_name = "interne notitie"
        verbose_name_plural = "interne notities"
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"Notitie bij {self.measure.code}"
