"""What shows that a progress update is right: a link or a document."""

import uuid
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from parties.editing import Versioned
from parties.publication import Publication, published_by

from ..evidence_files import label_of, name_for_address
from ..evidence_storage import evidence_storage
from .progress import ProgressUpdate


class Visibility(models.TextChoices):
    """Who may see a piece of evidence."""

    INTERNAL = "intern", "Intern"
    PUBLIC = "openbaar", "Openbaar"


class EvidenceQuerySet(models.QuerySet):
    def public(self, known_on: date | None = None):
        """What anybody may see: opened, of a published update, of a public measure.

        With a day: what anybody could see on that day already.
        """
        return self.filter(
            published_by(known_on, "update__"),
            published_by(known_on, "update__measure__"),
            _opened_by(known_on),
            visibility=Visibility.PUBLIC,
            update__publication=Publication.PUBLIC,
            update__measure__publication=Publication.PUBLIC,
        )

    def documents(self):
        return self.exclude(document="")


def _opened_by(day: date | None) -> Q:
    return Q(opened_at__date__lte=day) if day else Q()


def stored_name(evidence, name: str) -> str:
    """A document lies on disk under its own number, never under the name that somebody gave."""
    return str(evidence.public_id)


class Attachment(models.Model):
    """A link or a document that somebody gave; a document was checked before it is kept."""

    public_id = models.UUIDField(
        "nummer in het adres", default=uuid.uuid4, unique=True, editable=False
    )
    url = models.URLField(
        "webadres",
        max_length=500,
        blank=True,
        validators=[
            URLValidator(
                ["http", "https"],
                message="Een webadres begint met https:// of http://.",
                code="scheme",
            )
        ],
        help_text="Als het bewijs op een andere website staat.",
    )
    document = models.FileField(
        "bestand", upload_to=stored_name, storage=evidence_storage, blank=True
    )
    file_name = models.CharField("naam van het bestand", max_length=150, editable=False)
    media_type = models.CharField("soort bestand", max_length=100, editable=False)
    size = models.PositiveBigIntegerField("grootte in bytes", default=0, editable=False)
    sha256 = models.CharField("controlegetal (SHA-256)", max_length=64, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        is_new = self._state.adding
        try:
            with transaction.atomic():
                super().save(*args, **kwargs)
        except Exception:
            if is_new:
                # A file that was written already would be nobody's.
                self.document.storage.delete(stored_name(self, ""))
            raise

    @property
    def file_kind(self) -> str:
        """'PDF', or 'link'."""
        return label_of(self.media_type) if self.document else "link"

    @property
    def host(self) -> str:
        """The website that a link leads to: 'www.sikb.nl'."""
        return urlsplit(self.url).hostname or ""

    def keep_facts(self, facts) -> None:
        """Note what the check of the file found (`evidence_files.Facts`)."""
        self.file_name, self.media_type = facts.name, facts.media_type
        self.size, self.sha256 = facts.size, facts.sha256


class Evidence(Attachment, Versioned):
    """A link or a document (bewijsstuk) beside a progress update.

    Only `title` and `visibility` can change. Another document is another piece of evidence.
    What the public could see stays, and can be made internal again.
    """

    update = models.ForeignKey(
        ProgressUpdate, models.CASCADE, related_name="evidence", verbose_name="stand van zaken"
    )
    title = models.CharField(
        "titel",
        max_length=200,
        help_text="Wat is dit? Bijvoorbeeld: Verslag van het overleg van 4 mei.",
    )
    visibility = models.CharField(
        "zichtbaarheid",
        max_length=10,
        choices=Visibility,
        default=Visibility.INTERNAL,
        help_text=(
            "‘Openbaar’ staat op de website zodra de stand van zaken zelf openbaar is. "
            "‘Intern’ zien alleen collega’s."
        ),
    )
    opened_at = models.DateTimeField("openbaar gezet op", null=True, blank=True, editable=False)
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

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "bewijsstuk"
        verbose_name_plural = "bewijsstukken"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(url="") & ~Q(document="") | ~Q(url="") & Q(document=""),
                name="evidence_is_a_link_or_a_document",
                violation_error_message="Geef een webadres of kies een bestand, en niet allebei.",
            ),
            models.CheckConstraint(
                condition=Q(document="") | ~Q(sha256="") & ~Q(media_type="") & Q(size__gt=0),
                name="evidence_document_was_checked",
                violation_error_message="Dit bestand is niet gecontroleerd.",
            ),
            models.CheckConstraint(
                condition=Q(visibility=Visibility.INTERNAL) | Q(opened_at__isnull=False),
                name="evidence_public_knows_since_when",
                violation_error_message="Het moment waarop dit openbaar werd, ontbreekt.",
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.stamp()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "opened_at"}
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        """Where the public finds it: the link itself, or the file on our site."""
        if self.url:
            return self.url
        return reverse("evidence", args=[self.public_id, name_for_address(self.file_name)])

    @property
    def must_stay(self) -> bool:
        """Whether the public could see this at some time."""
        return self.opened_at is not None and self.update.published_at is not None

    def clean(self):
        super().clean()
        self.stamp()

    def stamp(self):
        """Note since when this may be seen; forget it where nobody can have seen it."""
        if self.visibility == Visibility.PUBLIC:
            self.opened_at = self.opened_at or timezone.now()
        elif self.update_id and self.update.published_at is None:
            self.opened_at = None

    def delete(self, *args, **kwargs):
        """Raises ValidationError for what the public could see."""
        if self.must_stay:
            raise ValidationError(f"‘{self}’ is openbaar geweest en wordt niet verwijderd.")
        return super().delete(*args, **kwargs)


@receiver(post_delete, sender=Evidence)
def remove_the_file(sender, instance, using, **kwargs):
    """With the row goes its file, once the row is really gone."""
    if instance.document:
        storage, name = instance.document.storage, instance.document.name
        transaction.on_commit(lambda: storage.delete(name), using=using)
