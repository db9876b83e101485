"""What Parliament was told on a date, as a thing of its own.

A reporting moment (peilmoment) is prepared by staff for a letter, then *frozen*
(vastgesteld): from then on its snapshot says what the annex says, word for word, and no
later edit shows in it. Made public (openbaar), it brings everything that was held for it
out in one transaction. `measures/moments.py` does these steps; triggers hold their order.
"""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import formats, timezone

from parties.editing import Versioned
from parties.publication import published_by

from .parliament import Letter


class ReportingMomentQuerySet(models.QuerySet):
    def public(self, known_on=None):
        """Those that anybody may see; with a day: those that were public by then."""
        return self.filter(published_by(known_on), state=ReportingMoment.State.PUBLIC)

    def naming(self, number: int):
        """Those whose snapshot has a row for the measure with this number."""
        # The document is canonical: the row of a measure, and nothing else, has this in it.
        return self.filter(snapshot__document__contains=f'"number":"M{number}","placing"')

    def telling(self, number: int, day):
        """Those of `day` or before whose snapshot has a row for a measure, with their letter."""
        found = self.naming(number).filter(reference_date__lte=day).select_related("letter")
        # What a link and a mark on a line of time say; introductions of pages stay away.
        letter = ("letter__title", "letter__date", "letter__date_precision", "letter__date_text")
        return found.only("title", "slug", "reference_date", "is_reconstruction", *letter)

    def in_preparation(self):
        """Those that something may still be held for."""
        return self.filter(state=ReportingMoment.State.PREPARATION)

    def due(self, now):
        """Those whose time to become public has come."""
        return self.filter(state=ReportingMoment.State.FROZEN, release_at__lte=now)

    def before(self, moment):
        """The public ones that a letter could look back to, the latest first."""
        return (
            self.public()
            .filter(reference_date__lte=moment.reference_date)
            .exclude(pk=moment.pk)
            .order_by("-reference_date", "-pk")
        )


class ReportingMoment(Versioned):
    """A peilmoment: what one letter to Parliament reports, on its reference date.

    `reference_date` says of which day it tells; `published_at` since when the public could
    read it here. A *reconstruction* tells what public sources say of that day afterwards,
    for a letter that was sent before this application existed: it is not what the letter
    itself said, and every page says so.
    """

    class State(models.TextChoices):
        PREPARATION = "voorbereiding", "In voorbereiding"
        FROZEN = "vastgesteld", "Vastgesteld"
        PUBLIC = "openbaar", "Openbaar"
        WITHDRAWN = "ingetrokken", "Ingetrokken"

    title = models.CharField("titel", max_length=200)
    slug = models.SlugField(
        "adres op de website",
        max_length=100,
        unique=True,
        help_text="Ligt vast zodra het peilmoment is vastgesteld: anderen halen het aan.",
    )
    reference_date = models.DateField(
        "peildatum", help_text="Van welke dag vertelt de brief de stand?"
    )
    letter = models.ForeignKey(
        Letter,
        models.PROTECT,
        related_name="moments",
        verbose_name="Kamerbrief",
        help_text="Het nummer van het Kamerstuk mag later bij de brief worden ingevuld.",
    )
    introduction = models.TextField(
        "inleiding van de bijlage",
        blank=True,
        help_text="Staat bovenaan de bijlage. Kort en in gewone taal.",
    )
    previous = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="next_moments",
        null=True,
        blank=True,
        verbose_name="vorige brief",
        help_text="Kies een peilmoment voor het hoofdstuk ‘Wijzigingen sinds de vorige brief’. "
        "Leeg is: zonder dat hoofdstuk.",
    )
    is_reconstruction = models.BooleanField("reconstructie achteraf", default=False, editable=False)
    state = models.CharField(
        "toestand",
        max_length=15,
        choices=State,
        default=State.PREPARATION,
        editable=False,
        db_index=True,
    )
    release_at = models.DateTimeField(
        "openbaar maken op",
        null=True,
        blank=True,
        editable=False,
        help_text="Leeg is: pas als iemand op de knop drukt.",
    )
    frozen_at = models.DateTimeField("vastgesteld op", null=True, editable=False)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        editable=False,
        verbose_name="vastgesteld door",
    )
    published_at = models.DateTimeField("openbaar sinds", null=True, editable=False)
    withdrawal_reason = models.TextField("reden van intrekking", blank=True, editable=False)
    created_at = models.DateTimeField("gemaakt op", auto_now_add=True)

    objects = ReportingMomentQuerySet.as_manager()

    class Meta:
        verbose_name = "peilmoment"
        verbose_name_plural = "peilmomenten"
        permissions = [("freeze_reportingmoment", "Mag vaststellen en openbaar maken")]
        ordering = ["-reference_date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="voorbereiding", frozen_at__isnull=True)
                | ~Q(state="voorbereiding") & Q(frozen_at__isnull=False),
                name="moment_frozen_knows_since_when",
                violation_error_message="Het moment van vaststellen ontbreekt.",
            ),
            models.CheckConstraint(
                condition=Q(state="openbaar", published_at__isnull=False)
                | ~Q(state="openbaar") & Q(published_at__isnull=True),
                name="moment_public_knows_since_when",
                violation_error_message="Het moment van openbaar maken ontbreekt.",
            ),
            models.CheckConstraint(
                condition=Q(state="ingetrokken") & ~Q(withdrawal_reason="")
                | ~Q(state="ingetrokken") & Q(withdrawal_reason=""),
                name="moment_withdrawn_says_why",
                violation_error_message="Zeg waarom u dit peilmoment intrekt.",
            ),
            models.UniqueConstraint(
                fields=["letter"],
                condition=~Q(state="ingetrokken"),
                name="moment_of_a_letter_is_one",
                violation_error_message="Bij deze brief hoort al een peilmoment.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("moment", args=[self.slug])

    def clean(self):
        super().clean()
        if self.reference_date and self.reference_date > timezone.localdate():
            raise ValidationError(
                {"reference_date": "De peildatum ligt in de toekomst. Kies vandaag of eerder."}
            )
        if re.fullmatch(r"\d{4}-\d\d-\d\d", self.slug):
            raise ValidationError(
                {"slug": "Dit adres leest als een datum. Zet er een woord bij, zoals ‘brief-’."}
            )
        # Its constraint looks at the state, which no form has, so Django does not ask it.
        others = ReportingMoment.objects.exclude(pk=self.pk).exclude(state=self.State.WITHDRAWN)
        if self.state != self.State.WITHDRAWN and others.filter(letter=self.letter_id).exists():
            raise ValidationError({"letter": "Bij deze brief hoort al een peilmoment."})
        if self.previous is None or self.reference_date is None:
            return
        if self.reference_date < self.previous.reference_date:
            raise ValidationError({"previous": "De vorige brief heeft een latere peildatum."})
        if not self.previous.is_public:
            raise ValidationError({"previous": "Deze brief is nog niet openbaar."})

    @property
    def is_public(self) -> bool:
        return self.state == self.State.PUBLIC

    @property
    def is_in_preparation(self) -> bool:
        return self.state == self.State.PREPARATION

    @property
    def day_label(self) -> str:
        return formats.date_format(self.reference_date, "j F Y")

    def refuse_unless_in_preparation(self):
        """Raise ValidationError once this moment is frozen, public or withdrawn.

        Holds the moment until the end of the transaction: a freezing waits for it.
        """
        states = ReportingMoment.objects.select_for_update().values_list("state", flat=True)
        state = states.get(pk=self.pk)
        if state != self.State.PREPARATION:
            label = self.State(state).label.lower()
            raise ValidationError(f"‘{self}’ is al {label}: er kan niets meer bij of af.")


class Snapshot(models.Model):
    """What the annex of a reporting moment says: one canonical JSON document, never rewritten.

    `sha256` is that of the UTF-8 bytes of `document`, in hexadecimal. docs/momentopname.md
    describes the document; `measures/snapshot.py` reads and writes it.
    """

    moment = models.OneToOneField(
        ReportingMoment, models.PROTECT, related_name="snapshot", verbose_name="peilmoment"
    )
    schema_version = models.PositiveSmallIntegerField("versie van het schema")
    document = models.TextField("inhoud")
    sha256 = models.CharField("SHA-256", max_length=64, validators=[MinLengthValidator(64)])
    created_at = models.DateTimeField("gemaakt op", auto_now_add=True)

    class Meta:
        verbose_name = "momentopname"
        verbose_name_plural = "momentopnamen"
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"{self.moment} ({self.sha256[:12]})"


class SnapshotFile(models.Model):
    """The annex of a reporting moment in one format, rendered once from its snapshot."""

    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, related_name="files", verbose_name="momentopname"
    )
    format = models.CharField("bestandssoort", max_length=10)
    content = models.BinaryField("inhoud")
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField("grootte in bytes")

    class Meta:
        verbose_name = "bestand van een momentopname"
        verbose_name_plural = "bestanden van een momentopname"
        ordering = ["snapshot", "format", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "format"], name="snapshot_file_is_made_once"
            )
        ]

    def __str__(self):
        return f"{self.format} {self.sha256[:12]}"


class Acceptance(models.Model):
    """Why a moment was frozen although a check before it was not met. For colleagues only."""

    moment = models.ForeignKey(
        ReportingMoment, models.CASCADE, related_name="acceptances", verbose_name="peilmoment"
    )
    check_name = models.CharField("controle", max_length=40)
    subject = models.CharField("onderwerp", max_length=300)
    reason = models.TextField("reden")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="auteur",
    )
    created_at = models.DateTimeField("gemaakt op", auto_now_add=True)

    class Meta:
        verbose_name = "aanvaarde uitzondering"
        verbose_name_plural = "aanvaarde uitzonderingen"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["moment", "check_name", "subject"], name="acceptance_is_given_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="acceptance_says_why"),
        ]

    def __str__(self):
        return f"{self.check_name}: {self.subject}"
