"""The way of a report to the public: concept → ter goedkeuring → akkoord → openbaar."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from parties.publication import Publication

from .. import rules
from ..rules import Action, State


class Stage(models.TextChoices):
    """How far a concept is; what is published was approved."""

    DRAFT = State.DRAFT.value, State.DRAFT.label
    SUBMITTED = State.SUBMITTED.value, State.SUBMITTED.label
    APPROVED = State.APPROVED.value, State.APPROVED.label


class Reviewed(models.Model):
    """A report that a second person approves before anybody else sees it.

    The writer cannot approve, whichever screen or command asks; the database holds that
    nobody's text is public without an approval. What has no author was loaded with its
    source and needs none.
    """

    # Of the classes that this is mixed with.
    publication: Any
    published_at: Any
    author_id: int | None
    held_for: Any
    held_for_id: int | None
    steps: Any

    stage = models.CharField(
        "stap", max_length=16, choices=Stage, default=Stage.DRAFT, editable=False
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="akkoord van",
    )
    approved_at = models.DateTimeField("akkoord op", null=True, blank=True, editable=False)
    approved_alone = models.BooleanField(
        "zonder tweede persoon",
        default=False,
        editable=False,
        help_text="Goedgekeurd toen het team uit één persoon bestond.",
    )

    class Meta:
        abstract = True

    @property
    def state(self) -> State:
        if self.publication != Publication.CONCEPT:
            return State(self.publication)
        if self.held_for_id is not None:
            return State.FROZEN if self.is_frozen else State.HELD
        return State(self.stage)

    @property
    def is_frozen(self) -> bool:
        """Whether a frozen reporting moment holds this as it is."""
        raise NotImplementedError

    def is_written_by(self, user) -> bool:
        """Whether this person wrote any of the text as it stands."""
        if user.pk == self.author_id:
            return True
        return self.steps.filter(kind=ReviewStep.Kind.WRITTEN, by=user).exists()

    def note(self, kind: "ReviewStep.Kind", by=None, comment: str = "") -> None:
        """Keep who took a step, when, and what they said of it."""
        self.steps.create(kind=kind, by=by, comment=comment.strip())

    def refuse_unless(self, action: Action, by=None) -> None:
        """Raise ValidationError when this step cannot be taken, or not by this person."""
        if reason := rules.why_not(by, action, self):
            raise ValidationError(reason)

    def check_for_the_public(self) -> None:
        """Raise ValidationError, per field, when this could not be published as it is."""
        publication, published_at = self.publication, self.published_at
        self.publication = Publication.PUBLIC
        try:
            # The approval itself is what this comes before.
            self.full_clean(exclude=["measure", "approved_by"])
        finally:
            self.publication, self.published_at = publication, published_at

    def write(self, by=None) -> None:
        """Save what was typed: a concept, whatever it was, that waits for nothing."""
        with transaction.atomic():
            self.lock_measures()
            if self.pk:
                self.refuse_unless(Action.WRITE, by)
            self.stage, self.held_for = Stage.DRAFT, None
            self.author_id = self.author_id or (by.pk if by else None)
            self._forget_approval()
            self.save()
            self.note(ReviewStep.Kind.WRITTEN, by)

    def submit(self, by=None, comment: str = "") -> None:
        """Offer this for approval. Raises ValidationError when it could not be published."""
        with transaction.atomic():
            self.lock_measures()
            self.refuse_unless(Action.SUBMIT, by)
            self.check_for_the_public()
            self.stage = Stage.SUBMITTED
            self.save()
            self.note(ReviewStep.Kind.SUBMITTED, by, comment)

    def approve(self, by, comment: str = "") -> None:
        """Agree that this may become public. Raises ValidationError to who wrote it."""
        with transaction.atomic():
            self.lock_measures()
            self.refuse_unless(Action.APPROVE, by)
            self.check_for_the_public()
            self.stage = Stage.APPROVED
            self.approved_by, self.approved_at = by, timezone.now()
            self.approved_alone = self.is_written_by(by)
            self.save()
            self.note(ReviewStep.Kind.APPROVED, by, comment)

    def send_back(self, by, comment: str) -> None:
        """Give this back to its writer, with what has to change."""
        with transaction.atomic():
            self.lock_measures()
            self.refuse_unless(Action.SEND_BACK, by)
            if not comment.strip():
                raise ValidationError({"comment": "Zeg wat er anders moet."})
            self.stage, self.held_for = Stage.DRAFT, None
            self._forget_approval()
            self.save()
            self.note(ReviewStep.Kind.SENT_BACK, by, comment)

    def approve_if_alone(self, by) -> None:
        """Take the steps before publishing too, in a team of one; else do nothing."""
        if rules.four_eyes() or by is None:
            return
        if self.state == State.DRAFT:
            self.submit(by)
        if self.state == State.SUBMITTED:
            self.approve(by)

    def _forget_approval(self) -> None:
        self.approved_by, self.approved_at, self.approved_alone = None, None, False

    def lock_measures(self) -> None:
        raise NotImplementedError


def approved_by_another(kind: str) -> list[models.CheckConstraint]:
    """Nobody's text is public without an approval, nor with their own alone."""
    return [
        models.CheckConstraint(
            condition=Q(publication=Publication.CONCEPT)
            | Q(author__isnull=True)
            | Q(approved_by__isnull=False),
            name=f"{kind}_published_was_approved",
            violation_error_message="Hierop is nog geen akkoord gegeven.",
        ),
        models.CheckConstraint(
            condition=Q(approved_by__isnull=True)
            | Q(approved_alone=True)
            | Q(author__isnull=True)
            | ~Q(approved_by=F("author")),
            name=f"{kind}_is_not_approved_by_its_author",
            violation_error_message=rules.OWN_TEXT,
        ),
        models.CheckConstraint(
            condition=Q(approved_by__isnull=True, approved_at__isnull=True)
            | Q(approved_by__isnull=False, approved_at__isnull=False),
            name=f"{kind}_approval_knows_who_and_when",
        ),
    ]


class ReviewStep(models.Model):
    """One step of a report: who, when, and what they said. Never changed (triggers)."""

    class Kind(models.TextChoices):
        WRITTEN = "geschreven", "Geschreven"
        SUBMITTED = "aangeboden", "Ter goedkeuring aangeboden"
        APPROVED = "akkoord", "Akkoord gegeven"
        SENT_BACK = "teruggestuurd", "Teruggestuurd"
        HELD = "klaargezet", "Klaargezet voor een brief"
        LET_GO = "losgemaakt", "Niet meer klaargezet"
        PUBLISHED = "gepubliceerd", "Gepubliceerd"
        WITHDRAWN = "ingetrokken", "Ingetrokken"

    update = models.ForeignKey(
        "measures.ProgressUpdate",
        models.CASCADE,
        related_name="steps",
        null=True,
        verbose_name="stand van zaken",
    )
    deadline = models.ForeignKey(
        "measures.DeadlineChange",
        models.CASCADE,
        related_name="steps",
        null=True,
        verbose_name="streefdatum",
    )
    kind = models.CharField("stap", max_length=16, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name="door"
    )
    at = models.DateTimeField("op", default=timezone.now)
    comment = models.TextField("opmerking", blank=True)

    class Meta:
        verbose_name = "stap"
        verbose_name_plural = "stappen"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(update__isnull=False, deadline__isnull=True)
                | Q(update__isnull=True, deadline__isnull=False),
                name="step_is_of_one_report",
            ),
        ]

    def __str__(self):
        return self.get_kind_display()
