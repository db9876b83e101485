"""Measures, the themes they belong to, and who has a part in them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models import (
    Case,
    Count,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower
from django.db.models.lookups import IsNull
from django.urls import reverse
from django.utils import timezone

from parties.editing import Versioned
from parties.models import Party
from parties.publication import Publication, Publishable, PublishableQuerySet, published_by

from ..once import once
from ..periods import Precision, format_period
from . import tally as tallies
from .sources import Source, Sourced
from .status import ENDED, FINISHED, Status
from .stored import StoredField

if TYPE_CHECKING:
    from .context import Effect
    from .deadline import DeadlineChange
    from .progress import ProgressUpdate

# Columns that follow from the published reports; only derive_status() and derive_deadline()
# write them.
DERIVED = (
    "status",
    "reported_on",
    "reported_on_precision",
    "ended_on",
    "merged_into",
    "deadline",
    "deadline_precision",
    "deadline_text",
    "deadline_since",
)


# What the list of measures is chosen by and put in order by, before the number.
LIST_INDEXES: dict[str, list[Any]] = {
    "theme": ["theme"],
    "lead": ["lead"],
    "status": ["status"],
    "title": [Lower("title")],
    "title_down": [Lower("title").desc()],
    "rank": ["status_rank"],
    "rank_down": [F("status_rank").desc()],
    # Without a date comes last, either way; the databases do not agree on that by themselves.
    "deadline": [IsNull(F("deadline"), True), "deadline"],
    "deadline_down": [IsNull(F("deadline"), True), F("deadline").desc()],
    "reported": [IsNull(F("reported_on"), True), "reported_on"],
    "reported_down": [IsNull(F("reported_on"), True), F("reported_on").desc()],
}


class Theme(Sourced, Versioned):
    """A main line (hoofdlijn) of the programme. Always public: it is a heading, not news."""

    key = models.SlugField("code", max_length=20, unique=True)
    title = models.CharField("naam", max_length=200, unique=True)
    slug = models.SlugField("adres op de website", max_length=100, unique=True)
    description = models.TextField("toelichting", blank=True)
    position = models.PositiveSmallIntegerField("volgorde", default=0)

    class Meta:
        verbose_name = "hoofdlijn"
        verbose_name_plural = "hoofdlijnen"
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("theme", args=[self.slug])


class DeadlineState(models.TextChoices):
    """How the deadline of a measure stands on a day."""

    NONE = "geen-datum", "Geen datum"
    ON_SCHEDULE = "op-schema", "Op schema"
    NEAR = "nadert", "Nadert"
    PASSED = "te-laat", "Te laat"
    NOT_APPLICABLE = "nvt", "Niet van toepassing"


class MeasureQuerySet(PublishableQuerySet):
    def as_of(self, day: date | None = None, known_on: date | None = None):
        """Give every measure its standing on `day`, and leave out what was added after it.

        Answers from the published reports whose *reporting date* is not later than `day`;
        with `known_on`, only from those that were *published* by then. Without a day: the
        state now, from the derived columns. Adds `standing_status` and its place among the
        others (`standing_rank`), `standing_date` and its precision, `standing_merged_number`
        (of the public measure that it went into), and `standing_deadline` with its precision
        and wording, and for a day in the past `standing_is_later`: whether the
        public could know only after that day.
        """
        today = timezone.localdate()
        is_past = day is not None and day < today
        was_known = known_on is not None and known_on < today
        if not (is_past or was_known):
            return self._as_of_now()
        day = day if day is not None and is_past else today
        return (
            self.filter(added_by(day))
            ._with_status(day, known_on if was_known else None)
            ._with_deadline(day, known_on if was_known else None)
        )

    def public_as_of(self, day: date | None = None, known_on: date | None = None):
        """What anybody may see, with its standing on `day`; see `as_of`."""
        return self.public(known_on).as_of(day, known_on)

    def public_with_status(self, day: date | None = None, known_on: date | None = None):
        """As `public_as_of`, with `standing_status` alone: for counting and choosing."""
        measures = self.public(known_on)
        today = timezone.localdate()
        if (day is None or day >= today) and (known_on is None or known_on >= today):
            return measures.annotate(standing_status=F("status"))
        day = min(day or today, today)
        return measures.filter(added_by(day)).annotate(
            standing_status=_standing(
                _latest_update(day, known_on),
                "status",
                None if known_on else Case(When(reported_on__lte=day, then=F("status"))),
                Status.UNKNOWN.value,
            )
        )

    def _as_of_now(self):
        public = Q(merged_into__publication=Publication.PUBLIC)
        return self.annotate(
            standing_status=F("status"),
            standing_rank=F("status_rank"),
            standing_date=F("reported_on"),
            standing_date_precision=F("reported_on_precision"),
            standing_merged_number=Case(When(public, then=F("merged_into__number"))),
            standing_deadline=F("deadline"),
            standing_deadline_precision=F("deadline_precision"),
            standing_deadline_text=F("deadline_text"),
            standing_is_later=Value(False),
        )

    def _with_status(self, day: date, known_on: date | None):
        latest = _latest_update(day, known_on)

        def of(column, field, otherwise=None):
            # What was reported last was so on `day` too, when it was reported of by then.
            now = None if known_on else Case(When(reported_on__lte=day, then=F(column)))
            return _standing(latest, field, now, otherwise)

        later = latest.annotate(
            is_later=Case(When(published_by(day), then=Value(False)), default=Value(True))
        )
        public = Q(merged_into__publication=Publication.PUBLIC)
        merged = latest.annotate(target=Case(When(public, then=F("merged_into__number"))))
        return self.annotate(
            standing_status=of("status", "status", Status.UNKNOWN.value),
            standing_rank=Case(
                *(When(standing_status=s.value, then=Value(n)) for n, s in enumerate(Status))
            ),
            standing_date=of("reported_on", "reporting_date"),
            standing_date_precision=of(
                "reported_on_precision", "reporting_date_precision", Precision.UNKNOWN.value
            ),
            standing_merged_number=Subquery(merged.values("target")[:1]),
            standing_is_later=Coalesce(Subquery(later.values("is_later")[:1]), Value(False)),
        )

    def _with_deadline(self, day: date, known_on: date | None):
        from .deadline import DeadlineChange

        latest = (
            DeadlineChange.objects.published(known_on)
            .filter(measure=OuterRef("pk"))
            .up_to(day)
            .latest_first()
        )
        held = Q(deadline_since__isnull=True) | Q(deadline_since__lte=day)

        def of(column, field, otherwise=None):
            found: Any = Subquery(latest.values(field)[:1])
            found = Coalesce(found, Value(otherwise)) if otherwise is not None else found
            return found if known_on else Case(When(held, then=F(column)), default=found)

        return self.annotate(
            standing_deadline=of("deadline", "deadline"),
            standing_deadline_precision=of(
                "deadline_precision", "precision", Precision.UNKNOWN.value
            ),
            standing_deadline_text=of("deadline_text", "wording", ""),
        )

    def with_standing(self, day: date | None = None, known_on: date | None = None):
        """Fetch the update that holds on `day` too, as `measure.standing`, with its sources."""
        from .progress import ProgressUpdate

        latest = ProgressUpdate.objects.published(known_on).latest_first()
        if day is not None:
            latest = latest.up_to(day)
        return self.prefetch_related(
            Prefetch(
                "updates",
                latest.with_public_details(known_on)[:1],
                to_attr="standings",
            )
        )

    def with_deadline_changes(self, day: date | None = None, known_on: date | None = None):
        """Fetch the ledger of deadlines as `measure.public_deadline_changes`, latest first."""
        from .deadline import DeadlineChange

        changes = DeadlineChange.objects.published(known_on).latest_first()
        if day is not None:
            changes = changes.up_to(day)
        details = changes.with_public_details(known_on)
        return self.prefetch_related(
            Prefetch("deadline_changes", details, to_attr="public_deadline_changes")
        )

    def with_deadline_state(self, day: date | None = None):
        """Add `deadline_state` on `day`, and `report_is_late`. Needs `as_of(day)` before it."""
        day = day or timezone.localdate()
        near = day + timedelta(days=settings.DEADLINE_NEAR_DAYS)
        quiet = day - timedelta(days=settings.REPORT_LATE_DAYS)
        finished = Q(standing_status__in=[status.value for status in FINISHED])
        return self.annotate(
            calendar_state=Case(
                When(standing_deadline__isnull=True, then=Value(DeadlineState.NONE.value)),
                When(standing_deadline__lt=day, then=Value(DeadlineState.PASSED.value)),
                When(standing_deadline__lte=near, then=Value(DeadlineState.NEAR.value)),
                default=Value(DeadlineState.ON_SCHEDULE.value),
            ),
            deadline_state=Case(
                When(finished, then=Value(DeadlineState.NOT_APPLICABLE.value)),
                default=F("calendar_state"),
            ),
            report_is_late=Case(
                When(~finished & Q(standing_date__lt=quiet), then=Value(True)),
                default=Value(False),
            ),
        )

    def in_deadline_state(self, states: Sequence[str], day: date | None = None):
        """Those whose deadline stands in one of `states` on `day`, said so that an index helps.

        Needs `as_of(day)` before it; the same as the `deadline_state` of `with_deadline_state`.
        """
        day = day or timezone.localdate()
        near = day + timedelta(days=settings.DEADLINE_NEAR_DAYS)
        finished = Q(standing_status__in=[status.value for status in FINISHED])
        unfinished = Q(standing_status__in=[status.value for status in Status.remaining()])
        conditions = {
            DeadlineState.NOT_APPLICABLE: finished,
            DeadlineState.NONE: unfinished & Q(standing_deadline__isnull=True),
            DeadlineState.PASSED: unfinished & Q(standing_deadline__lt=day),
            DeadlineState.NEAR: unfinished
            & Q(standing_deadline__gte=day, standing_deadline__lte=near),
            DeadlineState.ON_SCHEDULE: unfinished & Q(standing_deadline__gt=near),
        }
        wanted = Q()
        for state in states:
            wanted |= conditions[DeadlineState(state)]
        return self.filter(wanted)

    def remaining(self):
        """What is not finished on the day of the preceding `as_of`: *resterend*."""
        return self.exclude(standing_status__in=FINISHED)

    def with_public_parties(self):
        """Fetch lead, theme and involved parties; one that is not public stays away."""
        return self.select_related("theme").prefetch_related(
            Prefetch("lead", Party.objects.public()),
            Prefetch(
                "involvements",
                Involvement.objects.public().select_related("party").with_public_sources(),
                to_attr="public_involvements",
            ),
        )

    def of_party(self, party):
        """The public measures that a public party leads or has a named part in."""
        involved = Involvement.objects.public().filter(party=party).values("measure")
        return self.public().filter(Q(lead=party) | Q(pk__in=involved))

    def for_links(self):
        """Fetch no more than a link to each says: its number and title."""
        return self.only("number", "title")

    def for_rows(self):
        """Fetch no more than a row of a list says: with `as_of` and `with_deadline_state`."""
        return self.only("number", "title", "lead")

    def absorbed_by(self, measure, day: date | None = None, known_on: date | None = None):
        """Those that had merged into `measure` on `day`. Needs `as_of(day, known_on)` before it."""
        from .progress import ProgressUpdate

        # Found by the reports that say so, few as they are; then whether that still held. Of most
        # measures none does, and that is a light question.
        reports = ProgressUpdate.objects.published(known_on).filter(merged_into=measure)
        said = set(reports.order_by().values_list("measure", flat=True))
        if not said:
            return self.none()
        return self.filter(pk__in=said, standing_merged_number=measure.number)

    def involving(self, party):
        """Those in which a party of `with_number_of_measures` has a part besides that of lead."""
        parts = Involvement.objects.of_public_parties().filter(party=party)
        return self.filter(parts.on_measure(are_many=party.number_involved > tallies.MANY))

    def open_first(self, number: int):
        """The first `number` of these, what is not finished before what is. Needs `as_of`."""
        found = list(self.remaining().order_by("number")[:number])
        if len(found) < number:
            finished = self.filter(standing_status__in=FINISHED).order_by("number")
            found += finished[: number - len(found)]
        return found

    def with_public_lead(self):
        """Fetch only the lead, for a list; one that is not public stays away."""
        return self.prefetch_related(Prefetch("lead", Party.objects.public()))

    def with_public_updates(self, day: date | None = None, known_on: date | None = None):
        """Fetch `public_updates`, latest first; those reported after `day` stay away."""
        from .progress import ProgressUpdate

        updates = ProgressUpdate.objects.published(known_on).latest_first()
        updates = updates.with_public_details(known_on)
        if day is not None:
            updates = updates.up_to(day)
        return self.prefetch_related(Prefetch("updates", updates, to_attr="public_updates"))

    def with_all_public(self, day: date | None = None, known_on: date | None = None):
        """Fetch everything that the page of a measure tells, for many measures at once.

        Needs `as_of(day)` before it. Adds `public_findings` (links), `public_motions`,
        `public_commitments` and `public_effects` to what the parts add.
        """
        from .context import Effect
        from .evaluation import FindingLink
        from .parliament import Commitment, Motion

        links = FindingLink.objects.public().select_related("finding").with_public_sources()
        return (
            self.with_standing(day, known_on)
            .with_public_parties()
            .with_public_provenance()
            .prefetch_related(
                Prefetch("finding_links", links, to_attr="public_findings"),
                Prefetch(
                    "motions",
                    Motion.objects.public(known_on).up_to(day),
                    to_attr="public_motions",
                ),
                Prefetch(
                    "commitments",
                    Commitment.objects.public(known_on).up_to(day),
                    to_attr="public_commitments",
                ),
                Prefetch("effects", Effect.objects.public(known_on), to_attr="public_effects"),
            )
        )

    def there_on(self, day: date | None):
        """Those that were there on a day; without a day all."""
        return self if day is None else self.filter(added_by(day))

    def with_standing_text(self, day: date | None = None, known_on: date | None = None):
        """Add `standing_text`: what the update says that holds on `day`, or nothing."""
        from .progress import ProgressUpdate

        latest = ProgressUpdate.objects.published(known_on).latest_first()
        latest = latest.filter(measure=OuterRef("pk"))
        if day is not None:
            latest = latest.up_to(day)
        return self.annotate(
            standing_text=Coalesce(
                Subquery(latest.values("explanation")[:1]),
                Value(""),
                output_field=models.TextField(),
            )
        )

    def with_public_effects(self, known_on: date | None = None):
        """Fetch what people notice of each measure as `measure.public_effects`."""
        from .context import Effect

        effects = Effect.objects.public(known_on).with_public_sources()
        return self.prefetch_related(Prefetch("effects", effects, to_attr="public_effects"))

    def with_public_provenance(self):
        """Fetch where the measure as a whole and each of its fields comes from."""
        return self.prefetch_related(
            Prefetch("sources", Source.objects.public()),
            Prefetch(
                "provenances",
                Provenance.objects.with_public_sources(),
                to_attr="public_provenances",
            ),
        )

    def count_by_status(self) -> dict[str, int]:
        """Number per status on the day of the preceding `as_of`; every status has a key."""
        found = dict(self.order_by().values_list("standing_status").annotate(n=Count("pk")))
        return {status.value: found.get(status.value, 0) for status in Status}

    def tally(self, day: date | None = None, known_on: date | None = None) -> tallies.Tally:
        """How many public measures there were of each sort on `day`; see `as_of`.

        Of all measures, whatever this query set chose. Counted once per version of the data.
        """
        today = timezone.localdate()
        day = min(day or today, today)
        known_on = known_on if known_on is not None and known_on < today else None
        about = ("tally", day, known_on, today, settings.DEADLINE_NEAR_DAYS)
        measures = Measure.objects.public_as_of(day, known_on)
        return once(about, lambda: tallies.count(measures.with_deadline_state(day)))

    def count_by_deadline(self) -> dict[tuple[date | None, str], int]:
        """Number per (deadline, its state). Needs `with_deadline_state` before it."""
        rows = self.order_by().values_list("standing_deadline", "deadline_state")
        return {(day, state): n for day, state, n in rows.annotate(n=Count("pk"))}

    def count_by_day_added(self) -> dict[date | None, int]:
        """Number per day of adding; None for those that always were there."""
        return dict(self.order_by().values_list("added_on").annotate(n=Count("pk")))

    # What keeps the derived columns and the public record whole.

    def update(self, **kwargs):
        if written := {name.removesuffix("_id") for name in kwargs}.intersection(DERIVED):
            raise FieldError(f"Only published reports change {', '.join(sorted(written))}.")
        return super().update(**kwargs)

    def _write_derived(self, **kwargs):
        return super().update(**kwargs)

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for measure in objs:
            measure.reset_derived()
        return super().bulk_create(objs, *args, **kwargs)


def _latest_update(day: date, known_on: date | None):
    """The updates of the measure of the outer query, the one that holds on `day` first."""
    from .progress import ProgressUpdate

    updates = ProgressUpdate.objects.published(known_on).filter(measure=OuterRef("pk"))
    return updates.up_to(day).latest_first()


def _standing(latest, field: str, now, otherwise=None):
    """A field of the first of `latest`, or `otherwise`; `now` comes first where it has a value."""
    found: Any = Subquery(latest.values(field)[:1])
    tried = [now] if now is not None else []
    tried += [found, Value(otherwise)] if otherwise else [found]
    return Coalesce(*tried) if len(tried) > 1 else found


def added_by(day: date, prefix: str = "") -> Q:
    """Condition: the measure was there on a day. One without a date of adding always was."""
    return Q(**{f"{prefix}added_on__isnull": True}) | Q(**{f"{prefix}added_on__lte": day})


def next_number() -> int:
    """The first number that was never used."""
    return (Measure.objects.aggregate(last=models.Max("number"))["last"] or 0) + 1


class Measure(Sourced, Publishable, Versioned):
    """An improvement measure (maatregel) of the Taskforce.

    Two dates answer two questions about it. The *reporting date* of an update
    says when a thing was so; `as_of(day)` goes by it. The *publication moment*
    (`published_at`) says since when the public could know.

    The sources of the measure as a whole are `sources`; where one field comes
    from is a Provenance row. A measure that was public once is never deleted:
    it ends by an update with status *vervallen* or *opgegaan in*.
    """

    number = models.PositiveIntegerField(
        "nummer",
        unique=True,
        default=next_number,
        help_text="Hiermee haalt iedereen de maatregel aan. Ligt vast na publicatie.",
    )
    taskforce_number = models.CharField(
        "nummer van de Taskforce",
        max_length=20,
        blank=True,
        help_text="Alleen invullen als het plan van aanpak dit nummer noemt.",
    )
    title = models.CharField("titel", max_length=200)
    description = models.TextField("wat is de maatregel?", blank=True)
    done_when = models.TextField(
        "wanneer is de maatregel klaar?",
        blank=True,
        help_text="Waaraan kan iemand zien dat de maatregel is ingevoerd? Leeg is onbekend.",
    )
    basis = models.CharField(
        "soort aanwijzing in de bron",
        max_length=120,
        blank=True,
        help_text="Bijvoorbeeld ‘uitgevoerde actie’ of ‘gemeld effect’.",
    )
    theme = models.ForeignKey(
        Theme, models.PROTECT, related_name="measures", verbose_name="hoofdlijn"
    )
    lead = models.ForeignKey(
        Party,
        models.PROTECT,
        related_name="led_measures",
        null=True,
        blank=True,
        verbose_name="trekker",
        help_text="Leeg is onbekend.",
    )
    parties = models.ManyToManyField(
        Party,
        through="Involvement",
        related_name="involved_measures",
        verbose_name="betrokken partijen",
    )
    added_on = models.DateField(
        "toegevoegd op",
        null=True,
        blank=True,
        help_text="Alleen voor een maatregel die later is bedacht: op een eerdere peildatum "
        "telt hij dan niet mee.",
    )
    in_programme = models.BooleanField(
        "hoort bij het programma", null=True, blank=True, help_text="Leeg is onbekend."
    )
    findings: models.ManyToManyField = models.ManyToManyField(
        "Finding",
        through="FindingLink",
        related_name="measures",
        verbose_name="verbeterpunten",
    )

    # Derived from the published reports; see DERIVED.
    deadline = models.DateField("streefdatum", null=True, editable=False, db_index=True)
    deadline_precision = models.CharField(
        "nauwkeurigheid van de streefdatum",
        max_length=10,
        choices=Precision,
        default=Precision.UNKNOWN,
        editable=False,
    )
    deadline_text = models.CharField(
        "streefdatum in woorden", max_length=60, blank=True, editable=False
    )
    deadline_since = models.DateField("streefdatum geldt sinds", null=True, editable=False)
    status = models.CharField(
        "status",
        max_length=20,
        choices=Status,
        default=Status.UNKNOWN,
        editable=False,
        db_index=True,
    )
    reported_on = models.DateField(
        "laatste stand van zaken", null=True, editable=False, db_index=True
    )
    reported_on_precision = models.CharField(
        "nauwkeurigheid van de laatste stand van zaken",
        max_length=10,
        choices=Precision,
        default=Precision.UNKNOWN,
        editable=False,
    )
    # The place of the status among the others, for the list in that order.
    status_rank = StoredField(
        expression=Case(
            *(When(status=s.value, then=Value(n)) for n, s in enumerate(Status)),
            default=Value(0),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
        verbose_name="plaats van de status",
    )
    ended_on = models.DateField("geëindigd op", null=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="absorbed",
        null=True,
        editable=False,
        # An index of its own below: of those that have one.
        db_index=False,
        verbose_name="opgegaan in",
    )

    # What as_of(), with_deadline_state(), with_standing() and with_public_…() add.
    standing_status: str
    standing_date: date | None
    standing_date_precision: str
    standing_merged_number: int | None
    standing_is_later: bool
    standing_text: str
    standing_deadline: date | None
    standing_deadline_precision: str
    standing_deadline_text: str
    deadline_state: str
    report_is_late: bool
    public_deadline_changes: list["DeadlineChange"]
    standings: list["ProgressUpdate"]
    public_updates: list["ProgressUpdate"]
    public_effects: list["Effect"]
    public_involvements: list["Involvement"]
    public_provenances: list["Provenance"]

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = "maatregel"
        verbose_name_plural = "maatregelen"
        permissions = [("contribute_measure", "Mag namens een partij bijdragen")]
        ordering = ["number"]
        indexes = [
            models.Index(fields=["theme", "status"], name="measure_theme_status"),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="measure_merged_into",
            ),
            # The list: each filter with the usual order, and each order by itself.
            *(
                models.Index(
                    *(F(name) if isinstance(name, str) else name for name in columns),
                    F("number"),
                    condition=Q(publication="openbaar"),
                    name=f"measure_list_{index}",
                )
                for index, columns in LIST_INDEXES.items()
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gt=0),
                name="measure_number_is_positive",
                violation_error_message="Een maatregel heeft een nummer groter dan nul.",
            ),
            models.CheckConstraint(
                condition=Q(deadline__isnull=True, deadline_precision=Precision.UNKNOWN)
                | Q(deadline__isnull=False) & ~Q(deadline_precision=Precision.UNKNOWN),
                name="measure_deadline_and_precision_go_together",
                violation_error_message=(
                    "Vul een streefdatum in met een nauwkeurigheid, "
                    "of laat de datum leeg en kies ‘onbekend’."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="measure_has_a_title",
                violation_error_message="Geef de maatregel een titel.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) & ~Q(status__in=ENDED)
                | Q(ended_on__isnull=False, status__in=ENDED),
                name="measure_ended_has_a_day",
                violation_error_message="Een geëindigde maatregel heeft een einddatum.",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) & ~Q(status=Status.MERGED)
                | Q(merged_into__isnull=False, status=Status.MERGED),
                name="measure_merged_names_its_successor",
                violation_error_message="Kies de maatregel waarin deze is opgegaan.",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")),
                name="measure_is_not_merged_into_itself",
                violation_error_message="Een maatregel kan niet opgaan in zichzelf.",
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    def get_absolute_url(self):
        return reverse("measure", args=[self.number])

    def clean(self):
        super().clean()
        if self.pk and self.published_at:
            before = Measure.objects.values("number", "publication").get(pk=self.pk)
            if before["number"] != self.number:
                raise ValidationError({"number": "Dit nummer is al openbaar en ligt daarom vast."})
            if not self.is_public:
                raise ValidationError(
                    {
                        "publication": (
                            "Een openbare maatregel blijft openbaar. Gaat hij niet door? Maak "
                            "dan een stand van zaken met ‘vervallen’ of ‘opgegaan in’."
                        )
                    }
                )
        if self.is_public and self.lead and not self.lead.is_public:
            raise ValidationError(
                {"lead": "Deze trekker is nog niet openbaar. Maak eerst de partij openbaar."}
            )

    def save(self, *args, **kwargs):
        if self._state.adding:
            self.reset_derived()
        elif kwargs.get("update_fields") is None:
            # An instance that was read before a publication must not put back
            # the status of that time.
            kwargs["update_fields"] = [
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key and not field.generated and field.name not in DERIVED
            ]
        elif written := set(kwargs["update_fields"]).intersection(DERIVED):
            raise FieldError(f"Only published reports change {', '.join(sorted(written))}.")
        super().save(*args, **kwargs)

    def reset_derived(self):
        """Put the derived columns at what they are without any published report."""
        for name in DERIVED:
            field: Any = self._meta.get_field(name)
            setattr(self, name, field.get_default())

    @property
    def code(self) -> str:
        """The citable number: 'M7'."""
        return f"M{self.number}"

    @property
    def standing(self):
        """The update that holds on the day of `with_standing(day)`, or None."""
        return self.standings[0] if self.standings else None

    @property
    def standing_label(self) -> str:
        """The status on the day of `as_of(day)`, as people read it."""
        label = Status(self.standing_status).label
        number = self.standing_merged_number
        return f"{label} M{number}" if number else label

    @property
    def standing_date_label(self) -> str:
        """Since when the status holds, no more exactly than is known."""
        return format_period(self.standing_date, self.standing_date_precision)

    @property
    def is_remaining(self) -> bool:
        return self.standing_status not in FINISHED

    @property
    def deadline_label(self) -> str:
        """The deadline on the day of `as_of(day)`, as the source words it, else from its date."""
        return self.standing_deadline_text or format_period(
            self.standing_deadline, self.standing_deadline_precision
        )

    @property
    def deadline_shifts(self) -> list["DeadlineChange"]:
        """The shifts, latest first, without the original. Needs `with_deadline_changes()`."""
        return [change for change in self.public_deadline_changes if not change.is_original]

    @property
    def deadline_state_label(self) -> str:
        return DeadlineState(self.deadline_state).label

    @property
    def is_silent_since_deadline(self) -> bool:
        """Whether nothing was reported of after the deadline, on the day of `as_of(day)`."""
        deadline = self.standing_deadline
        return not (self.standing_date and deadline and self.standing_date > deadline)

    def provenance_of(self, field: str):
        """The Provenance of one field, or None. Needs `with_public_provenance()`."""
        return next((row for row in self.public_provenances if row.field == field), None)


class SourcedRowQuerySet(models.QuerySet):
    """Query set of rows that belong to a measure and show their sources."""

    def with_public_sources(self):
        return self.prefetch_related(Prefetch("sources", Source.objects.public()))

    def public(self):
        return self.filter(measure__publication=Publication.PUBLIC)


class InvolvementQuerySet(SourcedRowQuerySet):
    def public(self):
        """Those of public measures; a party that is not public is left out."""
        return super().public().of_public_parties()

    def of_public_parties(self):
        """For a query of public measures: those with a group, or with a party that is public."""
        return self.filter(Q(party__isnull=True) | Q(party__publication=Publication.PUBLIC))

    def with_party_for_links(self):
        """Fetch of each party no more than a link to it says."""
        # Named all: with no more than the party's, Django would leave out those of the row.
        row = ("certainty", "remark", "measure", "group", "role")
        return self.select_related("party").only(*row, "party__name", "party__slug")

    def on_measure(self, *, are_many: bool) -> Q:
        """Condition on a measure: one of these is of it.

        With `are_many` measures like that the database looks at each until it has enough of
        them; without, it finds them first.
        """
        if are_many:
            return tallies.there_is(self.filter(measure=OuterRef("pk")))
        return Q(pk__in=self.values("measure"))


class Involvement(Sourced):
    """A party, or a group that the source names only as a group, with a part in a measure."""

    class Role(models.TextChoices):
        INVOLVED = "betrokken", "Betrokken"
        CO_LEAD = "medetrekker", "Medetrekker"
        EXECUTES = "voert-uit", "Voert mee uit"
        CONSULTED = "geraadpleegd", "Geraadpleegd"
        FOLLOW_UP = "vervolg", "Betrokken bij het vervolg"

    measure = models.ForeignKey(
        Measure, models.CASCADE, related_name="involvements", verbose_name="maatregel"
    )
    party = models.ForeignKey(
        Party,
        models.PROTECT,
        related_name="involvements",
        null=True,
        blank=True,
        verbose_name="partij",
    )
    group = models.CharField(
        "groep",
        max_length=120,
        blank=True,
        help_text="Als de bron alleen een groep noemt, bijvoorbeeld ‘schemabeheerders’.",
    )
    role = models.CharField("rol", max_length=20, choices=Role, default=Role.INVOLVED)

    objects = InvolvementQuerySet.as_manager()

    class Meta:
        verbose_name = "betrokkene"
        verbose_name_plural = "betrokkenen"
        ordering = ["pk"]
        # The list by role, whoever has it.
        indexes = [models.Index(fields=["role", "measure"], name="involvement_role")]
        constraints = [
            models.CheckConstraint(
                condition=Q(party__isnull=False, group="") | Q(party__isnull=True) & ~Q(group=""),
                name="involvement_names_a_party_or_a_group",
                violation_error_message="Kies een partij, of vul een groep in. Niet allebei.",
            ),
            models.UniqueConstraint(
                fields=["measure", "party", "role"],
                condition=Q(party__isnull=False),
                name="involvement_of_a_party_is_named_once",
                violation_error_message="Deze partij staat al met deze rol bij de maatregel.",
            ),
            models.UniqueConstraint(
                fields=["measure", "group", "role"],
                condition=~Q(group=""),
                name="involvement_of_a_group_is_named_once",
                violation_error_message="Deze groep staat al met deze rol bij de maatregel.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        return self.party.name if self.party else self.group


class Provenance(Sourced):
    """Where the value of one field of a measure comes from (herkomst)."""

    class Field(models.TextChoices):
        THEME = "theme", "Hoofdlijn"
        LEAD = "lead", "Trekker"
        DEADLINE = "deadline", "Streefdatum"
        IN_PROGRAMME = "in_programme", "Hoort bij het programma"
        STATUS = "status", "Status"
        DONE_WHEN = "done_when", "Wanneer klaar"

    measure = models.ForeignKey(
        Measure, models.CASCADE, related_name="provenances", verbose_name="maatregel"
    )
    field = models.CharField("gegeven", max_length=20, choices=Field)
    wording = models.CharField(
        "wat de bron zegt",
        max_length=200,
        blank=True,
        help_text="In eigen woorden, als de bron het anders zegt dan ons veld.",
    )

    objects = SourcedRowQuerySet.as_manager()

    class Meta:
        verbose_name = "herkomst van een gegeven"
        verbose_name_plural = "herkomst van gegevens"
        ordering = ["measure", "field", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "field"],
                name="provenance_of_a_field_is_given_once",
                violation_error_message="De herkomst van dit gegeven is al ingevuld.",
            )
        ]

    def __str__(self):
        return self.get_field_display()
