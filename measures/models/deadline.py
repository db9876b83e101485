"""The ledger of deadlines: every date that a measure was given, and why it moved."""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import Count, F, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from parties.publication import Publication

from ..periods import Precision, format_period, period_end
from .measure import Measure
from .reported import (
    Reported,
    ReportedQuerySet,
    published_needs_a_moment,
    withdrawn_says_why,
)
from .review import approved_by_another
from .tally import there_is


def derive_deadline(measures: Iterable[int]) -> None:
    """Write the deadline of these measures (ids) from the published rows of their ledger.

    The only writer of `Measure.deadline`, its precision and wording, and `deadline_since`.
    """
    latest = DeadlineChange.objects.published().filter(measure=OuterRef("pk")).latest_first()

    def of_latest(field):
        return Subquery(latest.values(field)[:1])

    Measure.objects.filter(pk__in=set(measures))._write_derived(
        deadline=of_latest("deadline"),
        deadline_precision=Coalesce(of_latest("precision"), Value(Precision.UNKNOWN.value)),
        deadline_text=Coalesce(of_latest("wording"), Value("")),
        deadline_since=of_latest("reporting_date"),
    )


class DeadlineChangeQuerySet(ReportedQuerySet):
    def up_to(self, day: date):
        """Those reported by `day`; an original date without a reporting date always held."""
        return self.filter(Q(reporting_date__lte=day) | Q(reporting_date__isnull=True))

    def with_public_details(self, known_on: date | None = None):
        """Fetch sources and letter; what is not public stays away."""
        from .parliament import Letter

        letters = Letter.objects.public(known_on)
        return self.with_public_sources().prefetch_related(Prefetch("letter", letters))

    def latest_first(self):
        return self.order_by(F("reporting_date").desc(nulls_last=True), "-published_at", "-pk")

    def upcoming(self, day: date | None = None, known_on: date | None = None):
        """The measures (ids) with a deadline on or after `day`, the first to come first.

        Of measures that anybody may see and that were not finished on that day. To be
        sliced: it walks along the deadlines and looks at a measure when it gets there.
        """
        at = day or timezone.localdate()
        return self._open_on(day, known_on).filter(deadline__gte=at).order_by("deadline", "measure")

    def passed(self, day: date | None = None, known_on: date | None = None):
        """The measures (ids) with a deadline before `day`, the last to pass first; see above."""
        at = day or timezone.localdate()
        return (
            self._open_on(day, known_on).filter(deadline__lt=at).order_by("-deadline", "-measure")
        )

    def _open_on(self, day: date | None, known_on: date | None):
        """The deadline that held on `day` of each public measure that was not finished then."""
        rows = self.published(known_on).up_to(day or timezone.localdate())
        newer = (
            DeadlineChange.objects.published(known_on)
            .up_to(day or timezone.localdate())
            .filter(measure=OuterRef("measure"))
            .latest_first()
        )
        open_ones = Measure.objects.public_with_status(day, known_on).remaining()
        return rows.filter(
            there_is(open_ones.filter(pk=OuterRef("measure"))),
            pk=Subquery(newer.values("pk")[:1]),
        ).values("measure")

    def count_measures_shifted_between(
        self, after: date, day: date, known_on: date | None = None
    ) -> int:
        """Of how many measures the deadline was moved from `after` to `day`."""
        rows = self.public(known_on).filter(is_original=False)
        found = rows.filter(reporting_date__gt=after, reporting_date__lte=day)
        return found.aggregate(n=Count("measure", distinct=True))["n"]


class DeadlineChange(Reported):
    """A deadline that a measure was given: the original one, or a shift with its reason.

    The deadline of a measure is that of its latest published row; the rows before it keep
    the earlier dates. `reporting_date` is the day from which the date held; of an original
    date it may be unknown.
    """

    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="deadline_changes", verbose_name="maatregel"
    )
    deadline = models.DateField(
        "streefdatum",
        null=True,
        blank=True,
        help_text="Bij een maand, kwartaal, seizoen of jaar bewaren wij de laatste dag daarvan. "
        "Leeg is: er geldt geen datum meer.",
    )
    precision = models.CharField(
        "nauwkeurigheid van de streefdatum",
        max_length=10,
        choices=Precision,
        default=Precision.UNKNOWN,
    )
    wording = models.CharField(
        "streefdatum in woorden",
        max_length=60,
        blank=True,
        help_text="Zoals de bron het schrijft, bijvoorbeeld ‘eind 2025’.",
    )
    is_original = models.BooleanField("eerste streefdatum", default=False, editable=False)
    reason = models.TextField(
        "waarom verschuift de datum?",
        blank=True,
        help_text="Iedereen leest dit. Bij een eerste streefdatum mag het leeg blijven.",
    )

    objects = DeadlineChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "streefdatum"
        verbose_name_plural = "streefdata"
        ordering = [F("reporting_date").desc(nulls_last=True), "-published_at", "-pk"]
        indexes = [
            models.Index(
                fields=["measure", "-reporting_date", "-published_at", "-id"],
                condition=Q(publication="openbaar"),
                name="deadline_published_by_measure",
            ),
            models.Index(
                fields=["deadline", "measure"],
                condition=Q(publication="openbaar"),
                name="deadline_published_by_day",
            ),
            # What waits for somebody: few among all that was ever published.
            models.Index(
                fields=["stage", "measure"],
                condition=Q(publication="concept"),
                name="deadline_concept_by_stage",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_original=True) | ~Q(reason=""),
                name="deadline_shift_says_why",
                violation_error_message="Zeg waarom de streefdatum verschuift.",
            ),
            models.CheckConstraint(
                condition=Q(is_original=True)
                | Q(publication=Publication.CONCEPT)
                | Q(reporting_date__isnull=False),
                name="deadline_shift_has_a_day",
                violation_error_message="Vul in vanaf welke dag de nieuwe streefdatum geldt.",
            ),
            models.CheckConstraint(
                condition=Q(deadline__isnull=True, precision=Precision.UNKNOWN)
                | Q(deadline__isnull=False) & ~Q(precision=Precision.UNKNOWN),
                name="deadline_and_precision_go_together",
                violation_error_message=(
                    "Vul een streefdatum in met een nauwkeurigheid, "
                    "of laat de datum leeg en kies ‘onbekend’."
                ),
            ),
            models.CheckConstraint(
                condition=Q(is_original=False) | Q(deadline__isnull=False),
                name="deadline_original_is_a_date",
                violation_error_message="Vul een streefdatum in.",
            ),
            models.UniqueConstraint(
                fields=["measure"],
                condition=Q(is_original=True) & ~Q(publication=Publication.WITHDRAWN),
                name="deadline_original_is_one",
                violation_error_message="Deze maatregel heeft al een eerste streefdatum.",
            ),
            published_needs_a_moment("deadline_published_knows_since_when"),
            withdrawn_says_why("deadline_withdrawn_says_why"),
            *approved_by_another("deadline"),
        ]
        permissions = [("approve_deadlinechange", "Mag goedkeuren")]

    def __str__(self):
        return f"{self.measure.code}: streefdatum {self.label}"

    @classmethod
    def derive(cls, measures: Iterable[int]) -> None:
        derive_deadline(measures)

    @property
    def label(self) -> str:
        """The date as the source words it, else from date and precision."""
        if self.deadline is None:
            return self.wording or "geen datum"
        return self.wording or format_period(self.deadline, self.precision)

    def clean(self):
        super().clean()
        if self.is_original or not self.measure_id:
            return
        others = self.measure.deadline_changes.exclude(publication=Publication.WITHDRAWN)
        # The first one is the original; after a shift nothing is.
        self.is_original = not others.exclude(pk=self.pk).exists()

    def prepare(self):
        """Put both dates at the last day of their periods."""
        super().prepare()
        if self.deadline:
            self.deadline = period_end(self.deadline, self.precision)
