"""Progress updates, and the status of a measure that follows from them."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Lead
from django.urls import reverse

from parties.editing import Versioned
from parties.publication import Publication

from ..periods import Precision
from .measure import Measure
from .reported import (
    Reported,
    ReportedQuerySet,
    published_needs_a_moment,
    withdrawn_says_why,
)
from .review import approved_by_another
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


class ProgressUpdateQuerySet(ReportedQuerySet):
    def with_public_details(self, known_on: date | None = None):
        """Fetch sources, evidence (`public_evidence`), letter, and other measures and updates.

        Adds `is_corrected`, see below. What is not public stays away.
        """
        from .evidence import Evidence
        from .parliament import Letter

        found = self.with_public_sources().with_is_corrected(known_on)
        return found.prefetch_related(
            Prefetch("merged_into", Measure.objects.public()),
            Prefetch("corrects", ProgressUpdate.objects.published(known_on)),
            Prefetch("letter", Letter.objects.public(known_on)),
            Prefetch("evidence", Evidence.objects.public(known_on), to_attr="public_evidence"),
        )

    def with_is_corrected(self, known_on: date | None = None):
        """Add `is_corrected`: whether a public update says that it comes in the place of this."""
        corrections = ProgressUpdate.objects.published(known_on).filter(corrects=OuterRef("pk"))
        return self.annotate(is_corrected=Exists(corrections))

    def with_evidence_count(self):
        """Add `evidence_count`: all pieces of evidence, internal ones too. For staff alone."""
        return self.annotate(evidence_count=Count("evidence"))

    def changes_of_status(self, measures):
        """Those of `measures` that say another status than the one before them, as rows
        (reporting date, day on which the measure was added, status, the status before).

        One walk along the index of published updates, whatever their number.
        """
        earlier = Window(
            # The next of the latest first is the one before it.
            Lead("status"),
            partition_by="measure",
            order_by=["-reporting_date", "-published_at", "-pk"],
        )
        return (
            self.filter(measure__in=measures)
            .annotate(previous=Coalesce(earlier, Value(Status.UNKNOWN.value)))
            .filter(~Q(previous=F("status")))
            .order_by()
            .values_list("reporting_date", "measure__added_on", "status", "previous")
        )

    def count_measures_between(
        self, after: date, day: date, known_on: date | None = None
    ) -> dict[str, int]:
        """Of how many measures something was reported from `after` to `day`: `reported`, and
        of how many that they are implemented: `implemented`."""
        measures = Count("measure", distinct=True)
        is_done = Q(status=Status.IMPLEMENTED)
        return (
            self.public(known_on)
            .filter(reporting_date__gt=after, reporting_date__lte=day)
            .aggregate(
                reported=measures,
                implemented=Count("measure", distinct=True, filter=is_done),
            )
        )

    def latest_news(self, number: int, day: date, known_on: date | None = None):
        """The last `number` public updates up to `day`, ready to be shown.

        Chosen first, along the index, with a look at each measure: with the measures joined
        a database may begin with those, and sort all that was ever reported.
        """
        is_public = Measure.objects.public(known_on).filter(pk=OuterRef("measure"))
        chosen = self.published(known_on).up_to(day).filter(Exists(is_public)).latest_first()
        return self.filter(pk__in=list(chosen.values_list("pk", flat=True)[:number])).for_news()

    def for_news(self):
        """With sources, measure and the number that it merged into, the latest first."""
        return (
            self.select_related("measure").with_merged_number().with_public_sources().latest_first()
        )

    def with_merged_number(self):
        """Add `merged_number`: that of the public measure that an update says it went into."""
        public = Q(merged_into__publication=Publication.PUBLIC)
        return self.annotate(merged_number=Case(When(public, then=F("merged_into__number"))))


class ProgressUpdate(Reported):
    """How a measure stood on a day (stand van zaken)."""

    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="updates", verbose_name="maatregel"
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
        # Indexes of their own below, for this and `corrects`: of those that have one.
        db_index=False,
        verbose_name="opgegaan in",
        help_text="Alleen bij de status ‘opgegaan in’.",
    )
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="corrections",
        null=True,
        blank=True,
        db_index=False,
        verbose_name="verbetert",
        help_text="De gepubliceerde stand van zaken waarvoor deze in de plaats komt.",
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
                # The status too: a day in the past is answered from the index alone
                # (SQLite wants the condition's column for that).
                fields=[
                    "measure",
                    "-reporting_date",
                    "-published_at",
                    "-id",
                    "status",
                    "publication",
                ],
                condition=Q(publication="openbaar"),
                name="update_published_by_measure",
            ),
            # What is new, without sorting all that ever was.
            models.Index(
                fields=["-reporting_date", "-published_at", "-id"],
                condition=Q(publication="openbaar"),
                name="update_published_latest",
            ),
            # Among millions few have these: an index of all would be mostly nothing, and mislead
            # whoever plans by its size.
            models.Index(
                fields=["merged_into", "measure"],
                condition=Q(merged_into__isnull=False),
                name="update_merged_into",
            ),
            models.Index(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="update_corrects"
            ),
            # What waits for somebody: few among all that was ever published.
            models.Index(
                fields=["stage", "measure"],
                condition=Q(publication="concept"),
                name="update_concept_by_stage",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(publication=Publication.CONCEPT)
                | Q(reporting_date__isnull=False) & ~Q(explanation=""),
                name="update_published_has_text_and_date",
                violation_error_message="Vul een peildatum en een tekst in voordat u publiceert.",
            ),
            published_needs_a_moment("update_published_knows_since_when"),
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
            withdrawn_says_why("update_withdrawn_says_why"),
            *approved_by_another("update"),
        ]
        permissions = [("approve_progressupdate", "Mag goedkeuren")]

    def __str__(self):
        return f"{self.measure.code} op {self.reporting_date_label}: {self.get_status_display()}"

    def get_absolute_url(self):
        return reverse("update", args=[self.measure.number, self.pk])

    @classmethod
    def derive(cls, measures: Iterable[int]) -> None:
        derive_status(measures)

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
        if not self.is_public:
            return
        errors: dict[str, str] = {}
        if self.corrects:
            errors |= self._clean_correction(self.corrects)
        if self.merged_into and not self.merged_into.is_public:
            errors["merged_into"] = f"{self.merged_into.code} is nog niet openbaar."
        if self.reporting_date and self.measure_id:
            errors |= self._clean_against_the_end(self.reporting_date)
        if errors:
            raise ValidationError(errors)

    def _clean_correction(self, wrong: "ProgressUpdate") -> dict[str, str]:
        """Errors by field where this cannot come in the place of what it corrects."""
        if wrong.measure_id != self.measure_id:
            return {"__all__": "Wat u verbetert, hoort bij een andere maatregel."}
        if wrong.publication == Publication.CONCEPT:
            return {"__all__": "Wat u verbetert, is nog niet openbaar. Wijzig het zelf."}
        if (
            self.reporting_date
            and wrong.reporting_date
            and wrong.reporting_date > self.reporting_date
        ):
            return {
                "reporting_date": (
                    f"De tekst die u verbetert, geldt op {wrong.reporting_date_label}. Met een "
                    "eerdere peildatum blijft die gelden. Klopt de dag niet? Trek de oude dan in."
                )
            }
        return {}

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

    @property
    def touched_measures(self) -> list[int]:
        return [pk for pk in (self.measure_id, self.merged_into_id) if pk]


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
