"""What staff report of a measure: added to, published, perhaps withdrawn, never rewritten."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from parties.editing import Versioned
from parties.history import note_bulk
from parties.publication import Publication, Publishable, published_by

from ..periods import Precision, format_period, period_end
from ..rules import Action
from .review import Reviewed, ReviewStep, Stage
from .sources import Source, Sourced


class ReportedQuerySet(models.QuerySet):
    """Query set of reports about measures.

    Two dates matter. `up_to(day)` goes by the *reporting date*: when a thing was so.
    `published(known_on)` goes by the *publication moment*: since when the public could know.
    """

    def published(self, known_on: date | None = None):
        """Those that count for their measure; with a day: those that were public by then."""
        return self.filter(published_by(known_on), publication=Publication.PUBLIC)

    def public(self, known_on: date | None = None):
        """Those that anybody may see: published, and of a public measure."""
        return self.published(known_on).filter(
            published_by(known_on, "measure__"), measure__publication=Publication.PUBLIC
        )

    def withdrawn(self):
        """Those that were public and are no more, of public measures. Never show their texts."""
        return self.filter(
            publication=Publication.WITHDRAWN, measure__publication=Publication.PUBLIC
        )

    def count_revisions(self) -> dict[int, int]:
        """Per measure (id) how often what it told in public changed: grows with each step.

        A row that was published counts once, and once more when it was withdrawn.
        """
        told = self.exclude(publication=Publication.CONCEPT).order_by()
        rows = told.values_list("measure").annotate(
            told=Count("pk"), gone=Count("pk", filter=Q(publication=Publication.WITHDRAWN))
        )
        return {measure: told + gone for measure, told, gone in rows}

    def up_to(self, day: date):
        """Those whose reporting date is not later than `day`."""
        return self.filter(reporting_date__lte=day)

    def concepts(self):
        """Those that staff still work on, and that wait for no reporting moment."""
        return self.filter(publication=Publication.CONCEPT, held_for__isnull=True)

    def waiting(self):
        """Those that somebody has to approve."""
        return self.concepts().filter(stage=Stage.SUBMITTED)

    def approved(self):
        """Those that may become public, and wait for nothing."""
        return self.concepts().filter(stage=Stage.APPROVED)

    def held_for(self, moment):
        """Those that become public together with a reporting moment."""
        return self.filter(held_for=moment, publication=Publication.CONCEPT)

    def latest_first(self):
        return self.order_by("-reporting_date", "-published_at", "-pk")

    def with_public_sources(self):
        return self.prefetch_related(Prefetch("sources", Source.objects.public()))

    # Every bulk path derives again what measures say of their reports, as save() and delete() do.

    def update(self, **kwargs):
        with transaction.atomic(using=self.db):
            before: list[Any] = list(self.order_by("pk"))
            rows = super().update(**kwargs)
            after = self.model._base_manager.filter(pk__in=[report.pk for report in before])
            note_bulk(before, list(after.order_by("pk")))
            self.model.derive({report.measure_id for report in before})  # type: ignore[attr-defined]
        return rows

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for report in objs:
            report.prepare()
        with transaction.atomic(using=self.db):
            created = super().bulk_create(objs, *args, **kwargs)
            note_bulk([], created)
            self.model.derive({r.measure_id for r in objs})  # type: ignore[attr-defined]
        return created

    def delete(self):
        with transaction.atomic(using=self.db):
            measures = set(self.order_by().values_list("measure", flat=True))
            result = super().delete()
            self.model.derive(measures)  # type: ignore[attr-defined]
        return result

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class Reported(Sourced, Reviewed, Publishable, Versioned):
    """A report about a measure.

    `reporting_date` says when it was so; `published_at` since when the public could know.
    Once published, a row is never rewritten: a new one corrects it, or it is withdrawn with
    a reason. A concept may be held for a reporting moment: it becomes public with that
    moment and not before. The database holds all three.
    """

    measure: models.ForeignKey
    measure_id: int
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
    letter = models.ForeignKey(
        "measures.Letter",
        models.PROTECT,
        related_name="%(class)ss",
        null=True,
        blank=True,
        verbose_name="gemeld in de brief",
        help_text="De brief aan de Kamer waarin dit staat. Leeg is: niet in een brief gemeld.",
    )
    held_for = models.ForeignKey(
        "measures.ReportingMoment",
        models.PROTECT,
        related_name="%(class)ss",
        null=True,
        blank=True,
        editable=False,
        verbose_name="klaargezet voor",
        help_text="Wordt openbaar samen met dit peilmoment.",
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

    class Meta:
        abstract = True

    @classmethod
    def derive(cls, measures: Iterable[int]) -> None:
        """Write what these measures (ids) say of their published reports."""
        raise NotImplementedError

    @property
    def reporting_date_label(self) -> str:
        return format_period(self.reporting_date, self.reporting_date_precision)

    @property
    def is_held(self) -> bool:
        """Whether this waits for a reporting moment."""
        return self.held_for_id is not None and self.publication == Publication.CONCEPT

    @property
    def is_frozen(self) -> bool:
        """Whether a frozen reporting moment holds this as it is."""
        return self.is_held and self.held_for is not None and not self.held_for.is_in_preparation

    def was_published_after(self, day: date) -> bool:
        """Whether the public could only know of this after `day`, in Dutch time."""
        return self.published_at is not None and timezone.localtime(self.published_at).date() > day

    def clean(self):
        super().clean()
        self.prepare()
        if self.is_public and self.reporting_date and self.reporting_date > timezone.localdate():
            raise ValidationError(
                {
                    "reporting_date": (
                        "De peildatum ligt in de toekomst. "
                        "Bij een maand of jaar telt de laatste dag."
                    )
                }
            )

    def prepare(self):
        """Put the reporting date at the last day of its period."""
        if self.reporting_date:
            self.reporting_date = period_end(self.reporting_date, self.reporting_date_precision)

    def save(self, *args, **kwargs):
        self.prepare()
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self.publication != Publication.CONCEPT:
                self.derive([self.measure_id])

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            result = super().delete(*args, **kwargs)
            self.derive([self.measure_id])
        return result

    @property
    def touched_measures(self) -> list[int]:
        """The measures whose state publishing this may change."""
        return [self.measure_id]

    def lock_measures(self):
        """Hold the measures that this touches: two publications wait for each other."""
        from .measure import Measure

        touched = Measure.objects.filter(pk__in=self.touched_measures)
        list(touched.select_for_update().order_by("pk"))

    def publish(self, by=None):
        """Make this public at once, after its approval.

        Raises ValidationError, with a Dutch message per field, when it was not approved, or
        when something is missing, does not fit what was published before, or waits for a
        reporting moment.
        """
        with transaction.atomic():
            self.lock_measures()
            self.approve_if_alone(by)
            self.refuse_unless(Action.PUBLISH, by)
            self.publication = Publication.PUBLIC
            self.full_clean()
            self.save()
            self.note(ReviewStep.Kind.PUBLISHED, by)

    def hold(self, moment, by=None):
        """Keep this for a reporting moment: it becomes public with it and not before.

        Raises ValidationError when it was not approved, when the moment is no longer in
        preparation, or when this could not be published as it is.
        """
        with transaction.atomic():
            # First the moment, then the measures, as a freezing does.
            moment.refuse_unless_in_preparation()
            self.lock_measures()
            self.approve_if_alone(by)
            self.refuse_unless(Action.HOLD, by)
            self.check_for_the_public()
            self.held_for = moment
            self.save()
            self.note(ReviewStep.Kind.HELD, by, str(moment))

    def let_go(self, by=None):
        """Wait for no reporting moment any more: as it was approved.

        Raises ValidationError once the moment is frozen.
        """
        with transaction.atomic():
            if self.held_for is not None:
                self.held_for.refuse_unless_in_preparation()
            self.lock_measures()
            self.refuse_unless(Action.LET_GO, by)
            self.held_for = None
            self.save()
            self.note(ReviewStep.Kind.LET_GO, by)

    def withdraw(self, reason: str, by=None):
        """Take this out of public view; the measure follows from what is left.

        The row stays, with the reason. Raises ValidationError without a reason.
        """
        with transaction.atomic():
            self.lock_measures()
            if by is not None:
                self.refuse_unless(Action.WITHDRAW, by)
            self.publication = Publication.WITHDRAWN
            self.withdrawal_reason = reason.strip()
            self.full_clean()
            self.save()
            self.note(ReviewStep.Kind.WITHDRAWN, by, self.withdrawal_reason)


def published_needs_a_moment(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(publication=Publication.CONCEPT) | Q(published_at__isnull=False),
        name=name,
        violation_error_message="Het moment van publicatie ontbreekt.",
    )


def withdrawn_says_why(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=~Q(publication=Publication.WITHDRAWN) | ~Q(withdrawal_reason=""),
        name=name,
        violation_error_message="Zeg waarom u dit intrekt.",
    )
