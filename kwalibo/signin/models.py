"""Who tried to log in, and by which account of the ministry people are known."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class SignInEvent(models.Model):
    """One thing that happened at the door. Never changed or deleted (triggers).

    It is the audit log and the counter of failures in one, so that every process and every
    server counts the same.
    """

    class Kind(models.TextChoices):
        PASSWORD = "wachtwoord", "Wachtwoord klopte"
        CODE = "code", "Code klopte"
        SSO = "sso", "Ingelogd met eenmalige aanmelding"
        OUT = "uitgelogd", "Uitgelogd"
        IDLE = "verlopen", "Uitgelogd na lange stilte"
        REFUSED = "geweigerd", "Naam of wachtwoord klopte niet"
        CODE_REFUSED = "code-geweigerd", "Code klopte niet"
        SSO_REFUSED = "sso-geweigerd", "Eenmalige aanmelding geweigerd"
        BLOCKED = "geblokkeerd", "Geblokkeerd na te veel pogingen"
        SECOND_FACTOR = "tweede-factor", "Tweede factor ingesteld"
        RESET = "tweede-factor-weg", "Tweede factor weggehaald"

    kind = models.CharField("wat", max_length=20, choices=Kind)
    at = models.DateTimeField("wanneer", default=timezone.now)
    # The name of an account; of what else somebody typed (a password, by mistake) a mark alone.
    name = models.CharField("naam", max_length=150, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="persoon",
    )
    address = models.GenericIPAddressField("adres", null=True)
    detail = models.CharField("toelichting", max_length=200, blank=True)

    class Meta:
        verbose_name = "gebeurtenis bij het inloggen"
        verbose_name_plural = "inloggen"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["name", "at"], name="signin_by_name"),
            models.Index(fields=["address", "at"], name="signin_by_address"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.name}"


class Identity(models.Model):
    """The account of single sign-on that belongs to a person, found at their first time."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="identity", verbose_name="persoon"
    )
    issuer = models.URLField("uitgever", max_length=255)
    subject = models.CharField("kenmerk", max_length=255)
    since = models.DateTimeField("sinds", default=timezone.now)

    class Meta:
        verbose_name = "eenmalige aanmelding"
        verbose_name_plural = "eenmalige aanmelding"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_is_of_one_person")
        ]

    def __str__(self):
        return f"{self.user} bij {self.issuer}"
