"""Letters, motions, commitments and the events around them."""

import re
import unicodedata
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse

from parties.certainty import Certainty
from parties.editing import Versioned
from parties.publication import Publishable

from ..periods import Precision, format_period, period_end
from .measure import Measure
from .sources import Source, Sourced, SourcedRecordQuerySet


def parliamentary_year(day: date) -> str:
    """The parliamentary year that `day` lies in, as printed: '2021/22'.

    It begins on Prinsjesdag, the third Tuesday of September (Grondwet, art. 65).
    """
    first = date(day.year, 9, 1)
    opening = first + timedelta(days=(1 - first.weekday()) % 7 + 14)
    start = day.year if day >= opening else day.year - 1
    return f"{start}/{(start + 1) % 100:02d}"


def kamerstuk(dossier: str, number: str, day: date | None = None) -> str:
    """A citation as Parliament prints it: 'Kamerstukken II 2021/22, 30 015, nr. 104'.

    The session is left out when the day is unknown. A dossier of a budget
    ('36410-XII') keeps its chapter.
    """
    base, _, chapter = dossier.partition("-")
    spaced = f"{base[:-3]} {base[-3:]}" if base.isdigit() and len(base) > 3 else base
    spaced = f"{spaced}-{chapter}" if chapter else spaced
    session = f" {parliamentary_year(day)}" if day else ""
    return f"Kamerstukken II{session}, {spaced}, nr. {number}"


class Dated(models.Model):
    """A record with a date that may be known only roughly."""

    date = models.DateField("datum", null=True, blank=True)
    date_precision = models.CharField(
        "nauwkeurigheid van de datum",
        max_length=10,
        choices=Precision,
        default=Precision.UNKNOWN,
    )
    date_text = models.CharField(
        "datum in woorden",
        max_length=60,
        blank=True,
        help_text="Zoals wij de datum tonen, bijvoorbeeld ‘uiterlijk 29 april 2025’.",
    )

    class Meta:
        abstract = True

    @property
    def date_label(self) -> str:
        return self.date_text or format_period(self.date, self.date_precision)


class Paper(Dated):
    """Something that Parliament prints under a dossier and a number."""

    dossier = models.CharField(
        "dossier", max_length=20, blank=True, help_text="Bijvoorbeeld 30015."
    )
    paper_number = models.CharField("nummer in het dossier", max_length=20, blank=True)

    class Meta:
        abstract = True

    @property
    def paper(self) -> str:
        """The number as people type it: '30015-87'; empty when it is unknown."""
        return f"{self.dossier}-{self.paper_number}" if self.paper_number else ""

    @property
    def citation(self) -> str:
        """The Kamerstuk citation, or empty when the number is unknown."""
        if not (self.dossier and self.paper_number):
            return ""
        return kamerstuk(self.dossier, self.paper_number, self.date)


class DatedQuerySet(SourcedRecordQuerySet):
    """Query set of what has a date that may be unknown."""

    def up_to(self, day: date | None):
        """Those of `day` or before; one without a date may be older and stays."""
        return self if day is None else self.exclude(date__gt=day)


class Letter(Sourced, Paper, Publishable, Versioned):
    """A letter to Parliament (Kamerbrief) or a paper that goes with one."""

    class Kind(models.TextChoices):
        LETTER = "kamerbrief", "Kamerbrief"
        COLLECTIVE = "verzamelbrief", "Verzamelbrief"
        ANSWERS = "antwoorden", "Antwoorden op vragen"
        REPORT = "rapportage", "Rapportage"

    key = models.SlugField("code", max_length=60, unique=True)
    kind = models.CharField("soort", max_length=20, choices=Kind, default=Kind.LETTER)
    title = models.CharField("titel", max_length=300)
    summary = models.TextField("wat staat erin?", blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "Kamerbrief"
        verbose_name_plural = "Kamerbrieven"
        ordering = [models.F("date").desc(nulls_last=True), "pk"]

    def __str__(self):
        return f"{self.title} ({self.date_label})"

    def clean(self):
        super().clean()
        if self.pk and not self.is_public and self.moments.public().exists():
            raise ValidationError(
                {
                    "publication": (
                        "Bij deze brief hoort een openbaar peilmoment. "
                        "De brief blijft daarom openbaar."
                    )
                }
            )


class PromiseQuerySet(DatedQuerySet):
    """Query set of what Parliament asked or was promised."""

    def for_links(self):
        """Fetch no more than a link to each says: its title and its paper."""
        return self.only("title", "slug", "dossier", "paper_number")

    def with_public_details(self, day: date | None = None, known_on: date | None = None):
        """Fetch letter, measures and sources; what is not public stays away.

        The measures have their standing on `day`.
        """
        return self.prefetch_related(
            Prefetch("fulfilled_by", Letter.objects.public(known_on)),
            Prefetch(
                "measures",
                Measure.objects.public_as_of(day, known_on),
                to_attr="public_measures",
            ),
            Prefetch("sources", Source.objects.public()),
        )


class Promise(Sourced, Paper, Publishable, Versioned):
    """What Parliament asked or was promised, with both views on whether it is done.

    The ministry may say that it is done; whether Parliament is satisfied is
    for Parliament. The two are kept apart and never derived from each other.
    """

    class MinistryPosition(models.TextChoices):
        UNKNOWN = "onbekend", "Onbekend"
        OPEN = "in-behandeling", "In behandeling"
        DONE = "afgedaan", "Afgedaan"

    class ChamberDecision(models.TextChoices):
        UNKNOWN = "onbekend", "Onbekend"
        OPEN = "openstaand", "Openstaand"
        PARTLY = "deels-voldaan", "Deels voldaan"
        FULFILLED = "voldaan", "Voldaan"

    title = models.CharField("titel", max_length=300)
    slug = models.SlugField(
        "adres op de website",
        max_length=100,
        unique=True,
        help_text="Bij een motie met nummer: dossier en nummer, bijvoorbeeld 30015-87.",
    )
    ministry_position = models.CharField(
        "opvatting van het ministerie",
        max_length=20,
        choices=MinistryPosition,
        default=MinistryPosition.UNKNOWN,
    )
    ministry_explanation = models.TextField("hoe is het opgepakt?", blank=True)
    chamber_decision = models.CharField(
        "oordeel van de Kamer",
        max_length=20,
        choices=ChamberDecision,
        default=ChamberDecision.UNKNOWN,
    )
    fulfilled_by = models.ForeignKey(
        Letter,
        models.PROTECT,
        related_name="%(class)ss",
        null=True,
        blank=True,
        verbose_name="brief waarin dit is afgedaan",
    )
    measures = models.ManyToManyField(
        Measure, related_name="%(class)ss", blank=True, verbose_name="maatregelen"
    )

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    @property
    def is_done(self) -> bool:
        """Whether the ministry counts this as dealt with; the annex lists by it."""
        return self.ministry_position == self.MinistryPosition.DONE


def printed_number(text: str) -> str:
    """The dossier and number in what somebody typed: '30015-87', or the text itself.

    People copy it as 'kst-30015-87', '30 015, nr. 87' or a whole citation.
    """
    text = text.strip().lower().removeprefix("kst-")
    found = re.search(r"(?<!\d)(\d{2}) ?(\d{3})(-[ivx]+)?\D+(\d+)$", text)
    return "{}{}{}-{}".format(*found.groups(default="")) if found else text


def without_accents(text: str) -> str:
    """Text as people type it in a hurry: 'laçin' and 'Lacin' are the same name."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


class MotionQuerySet(PromiseQuerySet):
    def with_public_details(self, day: date | None = None, known_on: date | None = None):
        return (
            super()
            .with_public_details(day, known_on)
            .prefetch_related(Prefetch("proposers", Proposer.objects.with_public_sources()))
        )

    def search(self, text: str):
        """Motions whose printed number, title, request or proposer contains `text`."""
        name = without_accents(text)
        proposed = {
            motion
            for motion, proposer in Proposer.objects.values_list("motion", "name")
            if name in without_accents(proposer)
        }
        return self.filter(
            Q(slug__icontains=printed_number(text))
            | Q(title__icontains=text)
            | Q(request__icontains=text)
            | Q(pk__in=proposed)
        )


class Motion(Promise):
    """A motion (motie) of the Tweede Kamer."""

    class Vote(models.TextChoices):
        UNKNOWN = "onbekend", "Onbekend"
        ADOPTED = "aangenomen", "Aangenomen"
        REJECTED = "verworpen", "Verworpen"
        HELD = "aangehouden", "Aangehouden"
        WITHDRAWN = "ingetrokken", "Ingetrokken"

    class Appreciation(models.TextChoices):
        UNKNOWN = "onbekend", "Onbekend"
        CHAMBER = "oordeel-kamer", "Oordeel Kamer"
        ADVISED_AGAINST = "ontraden", "Ontraden"
        TAKEN_OVER = "overgenomen", "Overgenomen"
        UNTIMELY = "ontijdig", "Ontijdig"

    class ClosingLetterLink(models.TextChoices):
        """Whether the closing letter of the programme deals with this motion."""

        STATED = "vermeld", "De brief behandelt deze motie"
        CANDIDATE = "kandidaat", "Kandidaat: past bij het onderwerp, niet bewezen"
        WEAK = "zwakke-kandidaat", "Zwakke kandidaat: past minder goed, niet bewezen"
        UNLIKELY = "onwaarschijnlijk", "Onwaarschijnlijk"
        EXCLUDED = "uitgesloten", "Uitgesloten"
        UNKNOWN = "onbekend", "Onbekend"

    request = models.TextField(
        "wat vraagt de motie?",
        blank=True,
        help_text="Het dictum in eigen woorden. Leeg is onbekend.",
    )
    vote = models.CharField("stemming", max_length=20, choices=Vote, default=Vote.UNKNOWN)
    appreciation = models.CharField(
        "kabinetsappreciatie",
        max_length=20,
        choices=Appreciation,
        default=Appreciation.UNKNOWN,
    )
    closing_letter_link = models.CharField(
        "plaats in de slotbrief",
        max_length=20,
        choices=ClosingLetterLink,
        default=ClosingLetterLink.UNKNOWN,
        help_text="Behandelt de brief over de resultaten van het programma deze motie?",
    )

    objects = MotionQuerySet.as_manager()

    class Meta:
        verbose_name = "motie"
        verbose_name_plural = "moties"
        ordering = [models.F("date").desc(nulls_last=True), "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "paper_number"],
                condition=~Q(paper_number=""),
                name="motion_is_printed_once",
                violation_error_message="Er is al een motie met dit dossier en nummer.",
            )
        ]

    def get_absolute_url(self):
        return reverse("motion", args=[self.slug])

    @property
    def is_aside(self) -> bool:
        """Whether it asks nothing of the government, or very likely belongs elsewhere."""
        return self.vote in (self.Vote.REJECTED, self.Vote.WITHDRAWN) or (
            self.closing_letter_link
            in (self.ClosingLetterLink.UNLIKELY, self.ClosingLetterLink.EXCLUDED)
        )

    @property
    def is_handled(self) -> bool:
        """Whether a source says that the closing letter deals with this motion."""
        return self.closing_letter_link == self.ClosingLetterLink.STATED

    @property
    def is_candidate(self) -> bool:
        """Whether this may be one of the two motions of the closing letter."""
        return self.closing_letter_link in (
            self.ClosingLetterLink.CANDIDATE,
            self.ClosingLetterLink.WEAK,
        )


class ProposerQuerySet(models.QuerySet):
    def with_public_sources(self):
        return self.prefetch_related(Prefetch("sources", Source.objects.public()))


class Proposer(models.Model):
    """Who proposed a motion (indiener), with the group and where that comes from."""

    motion = models.ForeignKey(
        Motion, models.CASCADE, related_name="proposers", verbose_name="motie"
    )
    name = models.CharField("naam", max_length=100)
    parliamentary_group = models.CharField("fractie", max_length=60, blank=True)
    certainty = models.CharField(
        "zekerheid van de fractie",
        max_length=10,
        choices=Certainty,
        default=Certainty.UNKNOWN,
    )
    sources = models.ManyToManyField(Source, verbose_name="bronnen", blank=True)
    position = models.PositiveSmallIntegerField("volgorde", default=0)

    objects = ProposerQuerySet.as_manager()

    class Meta:
        verbose_name = "indiener"
        verbose_name_plural = "indieners"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["motion", "name"],
                name="proposer_is_named_once",
                violation_error_message="Deze indiener staat al bij de motie.",
            )
        ]

    def __str__(self):
        return f"{self.name} ({self.parliamentary_group or 'fractie onbekend'})"

    @property
    def certainty_label(self) -> str:
        """What the certainty is about: the group, not the person."""
        return f"De fractie: {self.get_certainty_display().lower()}"


class CommitmentQuerySet(PromiseQuerySet):
    def search(self, text: str):
        """Commitments whose printed number, title or text contains `text`."""
        return self.filter(
            Q(slug__icontains=printed_number(text))
            | Q(title__icontains=text)
            | Q(text__icontains=text)
        )


class Commitment(Promise):
    """What the government promised Parliament (toezegging)."""

    text = models.TextField("wat is toegezegd?")

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = "toezegging"
        verbose_name_plural = "toezeggingen"
        ordering = [models.F("date").desc(nulls_last=True), "slug"]

    def get_absolute_url(self):
        return f"{reverse('motions')}#{self.slug}"


class TimelineEventQuerySet(SourcedRecordQuerySet):
    def milestones(self):
        """Those on the line of the programme."""
        return self.exclude(milestone="")

    def with_public_details(self):
        """Fetch letter and sources; what is not public stays away."""
        return self.prefetch_related(
            Prefetch("letter", Letter.objects.public()),
            Prefetch("sources", Source.objects.public()),
        )

    def over_on(self, day: date | None):
        """Those that had surely happened on `day`; without a day: all. They are few."""
        if day is None:
            return self
        events: Any = self.order_by().prefetch_related(None)
        return self.filter(pk__in=[event.pk for event in events if event.was_over_on(day)])


class TimelineEvent(Sourced, Dated, Publishable, Versioned):
    """Something that happened, or is planned, in the history of the system."""

    key = models.SlugField("code", max_length=60, unique=True)
    text = models.CharField("gebeurtenis", max_length=300)
    paper = models.CharField("vindplaats", max_length=80, blank=True)
    is_planned = models.BooleanField(
        "gepland",
        default=False,
        help_text="Aangekondigd; wij kennen geen bron dat het is gebeurd.",
    )
    milestone = models.CharField(
        "mijlpaal in het kort",
        max_length=60,
        blank=True,
        help_text="Zo staat het op de lijn van het programma op het overzicht. "
        "Leeg is: niet op die lijn.",
    )
    letter = models.ForeignKey(
        Letter,
        models.PROTECT,
        related_name="events",
        null=True,
        blank=True,
        verbose_name="Kamerbrief",
    )

    objects = TimelineEventQuerySet.as_manager()

    class Meta:
        verbose_name = "gebeurtenis"
        verbose_name_plural = "gebeurtenissen"
        ordering = [models.F("date").asc(nulls_last=True), "pk"]

    def __str__(self):
        return f"{self.date_label}: {self.text}"

    def get_absolute_url(self):
        return f"{reverse('timeline')}#{self.key}"

    @property
    def citation(self) -> str:
        """Where it is printed; a Kamerstuk as Parliament writes it.

        Without the session: the day of the event need not be that of the paper.
        """
        found = re.fullmatch(r"(\d{5}(?:-[IVX]+)?)-(\d+)", self.paper)
        return kamerstuk(found[1], found[2]) if found else self.paper

    def was_over_on(self, day: date) -> bool:
        """Whether this had surely happened on `day`: its whole period lies before."""
        return self.date is not None and period_end(self.date, self.date_precision) <= day
