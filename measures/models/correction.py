"""What anybody says is wrong on the website (verbetervoorstel)."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from .. import rules
from .answerable import Answerable
from .measure import Measure
from .progress import ProgressUpdate

# After so many days an address is erased, also when nobody answered.
ADDRESS_KEPT_DAYS = 90


class CorrectionProposalQuerySet(models.QuerySet):
    def new(self):
        """Those that nobody dealt with yet."""
        return self.filter(state=CorrectionProposal.State.NEW)

    def forget_addresses(self, now: datetime | None = None) -> int:
        """Erase the addresses that were kept long enough; how many there were."""
        since = (now or timezone.now()) - timedelta(days=ADDRESS_KEPT_DAYS)
        return self.filter(created_at__lte=since).exclude(email="").update(email="")


class CorrectionProposal(Answerable):
    """A reader says that something on the website is not right.

    It changes nothing by itself and is never shown on the website: there is no public query
    set of it. Staff take it over, or say why not. The address of the sender is erased as soon
    as that is done, and is in no history (`measures/history.py`).
    """

    NOT_ASKED = ["measure", "about", "update"]

    class State(models.TextChoices):
        NEW = "nieuw", "Nog niet bekeken"
        ADOPTED = "overgenomen", "Overgenomen"
        REJECTED = "afgewezen", "Niet overgenomen"
        SPAM = "spam", "Spam"

    reference = models.CharField("kenmerk", max_length=12, unique=True, editable=False)
    subject = models.CharField(
        "onderwerp", max_length=120, help_text="Zoals ‘maatregel-7’: zie measures/targets.py."
    )
    subject_title = models.CharField("gaat over", max_length=350)
    measure = models.ForeignKey(
        Measure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="correction_proposals",
        verbose_name="maatregel",
    )
    about = models.ForeignKey(
        ProgressUpdate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="correction_proposals",
        verbose_name="stand van zaken",
    )
    seen_on = models.DateField("gezien op peildatum", null=True, blank=True)
    wrong = models.TextField("wat klopt er niet?")
    right = models.TextField("wat moet het zijn?", blank=True)
    url = models.URLField(
        "bron",
        max_length=500,
        blank=True,
        validators=[URLValidator(["http", "https"], code="scheme")],
    )
    email = models.EmailField("mailadres voor het antwoord", blank=True)

    state = models.CharField("antwoord", max_length=20, choices=State, default=State.NEW)
    was_mailed = models.BooleanField("antwoord is gemaild", default=False)
    update = models.OneToOneField(
        ProgressUpdate,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposed_by",
        verbose_name="overgenomen in",
    )

    objects = CorrectionProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "verbetervoorstel"
        verbose_name_plural = "verbetervoorstellen"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "created_at"], name="correction_state")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(wrong=""),
                name="correction_says_what",
                violation_error_message="Vul in wat er niet klopt.",
            ),
            models.CheckConstraint(
                condition=Q(state="nieuw") | Q(answered_by__isnull=False),
                name="correction_answer_knows_who",
            ),
            models.CheckConstraint(
                condition=~Q(state="afgewezen") | ~Q(answer=""),
                name="correction_refusal_says_why",
                violation_error_message="Zeg waarom u dit niet overneemt.",
            ),
            models.CheckConstraint(
                condition=Q(state="nieuw") | Q(email=""),
                name="correction_dealt_with_has_no_address",
            ),
        ]

    def __str__(self):
        return f"{self.reference} over {self.subject_title}"

    # What staff do with it. Each raises ValidationError when this person may not, or not now.

    def take_over(self, by, answer: str = "") -> ProgressUpdate:
        """Start a concept in the place of the text that it is about.

        The concept begins with the published text, not with that of the reader: what becomes
        public is written by somebody of ours.
        """
        with transaction.atomic():
            self._hold(rules.Verdict.TAKE, by)
            update, sources = self._concept()
            update.write(by)
            update.sources.set(sources)
            self.update = update
            self._answer(self.State.ADOPTED, by, answer)
        return update

    def _concept(self) -> tuple[ProgressUpdate, list]:
        published = ProgressUpdate.objects.published().filter(measure=self.measure)
        wrong = published.filter(pk=self.about_id).first() or published.latest_first().first()
        if wrong is None:
            today = timezone.localdate()
            assert self.measure is not None
            blank = ProgressUpdate(
                measure=self.measure, status=self.measure.status, reporting_date=today
            )
            return blank, []
        copied = (
            "measure_id",
            "status",
            "merged_into_id",
            "reporting_date",
            "reporting_date_precision",
            "explanation",
            "certainty",
            "remark",
            "letter_id",
        )
        values = {name: getattr(wrong, name) for name in copied}
        return ProgressUpdate(corrects=wrong, **values), list(wrong.sources.all())

    def adopt(self, by, answer: str = "") -> None:
        """Say that it was right, and that somebody mended it."""
        with transaction.atomic():
            self._hold(rules.Verdict.MENDED, by)
            self._answer(self.State.ADOPTED, by, answer)

    def reject(self, by, answer: str) -> None:
        """Say why it is not taken over."""
        with transaction.atomic():
            self._hold(rules.Verdict.REJECT, by)
            self._answer(self.State.REJECTED, by, answer)

    def mark_as_spam(self, by, answer: str = "") -> None:
        """Put it aside: it is not about the website."""
        with transaction.atomic():
            self._hold(rules.Verdict.SPAM, by)
            self._answer(self.State.SPAM, by, answer)

    def _hold(self, verdict, by):
        """Lock it, read it anew, and refuse a step that is not open."""
        list(CorrectionProposal.objects.select_for_update().filter(pk=self.pk))
        self.refresh_from_db()
        if reason := rules.why_not_decide(by, verdict, self):
            raise ValidationError(reason)

    def _answer(self, state, by, answer):
        self.email = ""
        super()._answer(state, by, answer)
