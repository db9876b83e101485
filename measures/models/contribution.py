"""What a party itself says of a measure that it has a part in (inbreng)."""

import uuid
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from parties.models import Party
from parties.publication import Publication, published_by

from .. import rules
from .answerable import Answerable
from .evidence import Attachment, Evidence
from .measure import Measure
from .progress import ProgressUpdate
from .status import ENDED, Status


class ContributionQuerySet(models.QuerySet):
    def public(self, known_on: date | None = None):
        """What staff show on the website: of a public measure, by a public party."""
        shown = Q()
        if known_on is not None:
            shown = Q(shown_at__date__lte=known_on)
        return self.filter(
            shown,
            published_by(known_on, "measure__"),
            shown_at__isnull=False,
            measure__publication=Publication.PUBLIC,
            party__publication=Publication.PUBLIC,
        )

    def up_to(self, day: date | None):
        """Those that say how it was on `day` or before."""
        return self.filter(reporting_date__lte=day) if day else self

    def for_page(self):
        """Fetch what a page says of each, with a link to its party."""
        said = ("kind", "status", "reporting_date", "explanation", "url")
        found = self.select_related("party")
        return found.only(*said, "party__name", "party__slug")

    def new(self):
        """Those that nobody answered yet."""
        return self.filter(state=Contribution.State.NEW)


class Contribution(Attachment, Answerable):
    """A contact person confirms or corrects what stands on the website, or proposes something new.

    It changes nothing by itself. Staff take it over as a concept, which goes its own way to the
    public, or say why not; and they may show it beside their own text, labelled as the view of
    the party. What the party wrote is never changed.
    """

    NOT_ASKED = ["measure", "party", "author", "about", "document"]

    class Kind(models.TextChoices):
        CONFIRMS = "bevestiging", "Het klopt zoals het er staat"
        CORRECTS = "correctie", "Ons deel klopt niet"
        PROPOSES = "voorstel", "Er is iets nieuws te melden"

    class State(models.TextChoices):
        NEW = "nieuw", "Nog niet bekeken"
        TAKEN = "overgenomen", "Overgenomen"
        NOTED = "gezien", "Gezien"
        DECLINED = "niet-overgenomen", "Niet overgenomen"

    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="contributions", verbose_name="maatregel"
    )
    party = models.ForeignKey(
        Party, models.PROTECT, related_name="contributions", verbose_name="partij"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="contactpersoon"
    )
    about = models.ForeignKey(
        ProgressUpdate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name="gaat over",
    )
    kind = models.CharField("soort", max_length=16, choices=Kind)
    status = models.CharField(
        "status",
        max_length=20,
        choices=[choice for choice in Status.choices if choice[0] not in ENDED],
        blank=True,
        help_text="Alleen als de status volgens u anders is.",
    )
    reporting_date = models.DateField("peildatum", help_text="Op welke dag was dit zo?")
    explanation = models.TextField("tekst", blank=True)
    submission = models.UUIDField("inzending", default=uuid.uuid4, unique=True, editable=False)

    state = models.CharField("antwoord", max_length=20, choices=State, default=State.NEW)
    update = models.OneToOneField(
        ProgressUpdate,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="taken_from",
        verbose_name="overgenomen in",
    )
    shown_at = models.DateTimeField("op de website sinds", null=True, blank=True)
    shown_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="op de website gezet door",
    )

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = "inbreng"
        verbose_name_plural = "inbreng van partijen"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state"], name="contribution_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="bevestiging") | ~Q(explanation=""),
                name="contribution_says_what",
                violation_error_message="Vul in wat er niet klopt, of wat er nieuw is.",
            ),
            models.CheckConstraint(
                condition=Q(url="") | Q(document=""),
                name="contribution_has_one_attachment",
                violation_error_message="Geef een webadres of kies een bestand, niet allebei.",
            ),
            models.CheckConstraint(
                condition=Q(state="nieuw") | Q(answered_by__isnull=False),
                name="contribution_answer_knows_who",
            ),
            models.CheckConstraint(
                condition=~Q(state="niet-overgenomen") | ~Q(answer=""),
                name="contribution_refusal_says_why",
                violation_error_message="Zeg waarom u dit niet overneemt.",
            ),
            models.CheckConstraint(
                condition=Q(shown_at__isnull=True) | Q(shown_by__isnull=False),
                name="contribution_shown_knows_who",
            ),
        ]

    def __str__(self):
        return f"{self.party.short_name} over {self.measure.code}"

    @property
    def is_shown(self) -> bool:
        return self.shown_at is not None

    def clean(self):
        super().clean()
        is_new = self._state.adding
        if is_new and (why := rules.why_not_contribute(self.author, self.party, self.measure)):
            raise ValidationError(why)
        if self.reporting_date and self.reporting_date > timezone.localdate():
            raise ValidationError({"reporting_date": "De peildatum ligt in de toekomst."})
        if self.kind == self.Kind.CONFIRMS and not self.about_id:
            raise ValidationError(
                {"kind": "Er staat nog geen stand van zaken op de website om te bevestigen."}
            )

    # What staff do with it. Each raises ValidationError when this person may not, or not now.

    def take_over(self, by, answer: str = "") -> ProgressUpdate:
        """Make a concept of it, with its evidence; that goes its own way to the public."""
        with transaction.atomic():
            self._hold(rules.Reply.TAKE, by)
            update = ProgressUpdate(
                measure=self.measure,
                status=self.status or self.measure.status,
                merged_into=None if self.status else self.measure.merged_into,
                reporting_date=self.reporting_date,
                explanation=self.explanation,
                remark=f"Naar inbreng van {self.party.name}.",
            )
            update.write(by)
            if self.url or self.document:
                self._pass_on_evidence(update, by)
            self.update = update
            self._answer(self.State.TAKEN, by, answer)
        return update

    def _pass_on_evidence(self, update, by):
        evidence = Evidence(
            update=update,
            title=f"Van {self.party.short_name}"[:200],
            url=self.url,
            author=by,
            file_name=self.file_name,
            media_type=self.media_type,
            size=self.size,
            sha256=self.sha256,
        )
        if self.document:
            with self.document.open("rb") as file:
                evidence.document.save(self.file_name, file, save=False)
        evidence.save()

    def acknowledge(self, by, answer: str = "") -> None:
        """Say that it was read: of a confirmation, or of what needs no new text."""
        with transaction.atomic():
            self._hold(rules.Reply.NOTE, by)
            self._answer(self.State.NOTED, by, answer)

    def decline(self, by, answer: str) -> None:
        """Say why it is not taken over."""
        with transaction.atomic():
            self._hold(rules.Reply.DECLINE, by)
            self._answer(self.State.DECLINED, by, answer)

    def show(self, by) -> None:
        """Put it on the website, as the view of the party."""
        with transaction.atomic():
            self._hold(rules.Reply.SHOW, by)
            self.shown_at, self.shown_by = timezone.now(), by
            self.save()

    def hide(self, by) -> None:
        """Take it from the website."""
        with transaction.atomic():
            self._hold(rules.Reply.HIDE, by)
            self.shown_at = self.shown_by = None
            self.save()

    def _hold(self, reply, by):
        """Lock it, read it anew, and refuse a step that is not open."""
        list(Measure.objects.select_for_update().filter(pk=self.measure_id))
        self.refresh_from_db()
        if reason := rules.why_not_reply(by, reply, self):
            raise ValidationError(reason)
