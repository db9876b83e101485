"""The organisations and people that have a part in the Kwalibo system."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db import models
from django.urls import reverse

from .certainty import Certainty
from .editing import Versioned
from .publication import Publishable, PublishableQuerySet

PARTICIPATION: dict[str, str] = {
    Certainty.STATED: "Ja, een bron noemt deze partij.",
    Certainty.INFERRED: "Waarschijnlijk wel. Geen bron zegt het met zoveel woorden.",
    Certainty.UNKNOWN: "Onbekend. Geen bron zegt of deze partij meedeed.",
}


class PartyQuerySet(PublishableQuerySet):
    def for_links(self):
        """Fetch no more than a link to each says."""
        return self.only("name", "slug")

    def with_number_of_measures(self, day: date | None = None, known_on: date | None = None):
        """These parties, each with how many public measures it leads on `day` (`number_led`)
        and in how many it has a part (`number_involved`): with two roles in one, once."""
        found: list[Any] = list(self)
        measures = Party.led_measures.rel.related_model.objects  # type: ignore[attr-defined]
        tally = measures.tally(day, known_on)
        for party in found:
            party.number_led = tally.led_by(party.slug)
            party.number_involved = tally.involving(party.slug)
        return found


class Party(Publishable, Versioned):
    """An organisation (partij) with a role in the system.

    Measures reach a party through `lead` and Involvement; this module knows
    nothing of them. The sources of a party are `party.sources`.
    """

    class Kind(models.TextChoices):
        MINISTRY = "ministerie", "Ministerie"
        SUPERVISOR = "toezichthouder", "Toezichthouder"
        EXECUTIVE = "uitvoerder", "Uitvoerder"
        TASK_FORCE = "tijdelijk-orgaan", "Tijdelijk orgaan"
        LOCAL_GOVERNMENT = "medeoverheid", "Medeoverheid"
        UMBRELLA = "koepel", "Koepel van medeoverheden"
        ACCREDITATION = "accreditatie", "Accreditatie-instantie"
        SCHEME_OWNER = "schemabeheerder", "Schemabeheerder"
        CERTIFICATION_BODY = "certificerende-instelling", "Certificerende instelling"
        TRADE_ASSOCIATION = "branche", "Brancheorganisatie"
        EVALUATOR = "evaluator", "Onderzoeker"
        PARLIAMENT = "parlement", "Parlement"

    class Sector(models.TextChoices):
        PUBLIC = "publiek", "Publiek"
        PRIVATE = "privaat", "Privaat"
        MIXED = "gemengd", "Gemengd"
        OTHER = "anders", "Anders"

    name = models.CharField("naam", max_length=200, unique=True)
    abbreviation = models.CharField("afkorting", max_length=30, blank=True)
    slug = models.SlugField(
        "adres op de website",
        max_length=100,
        unique=True,
        help_text="Komt in het webadres van de partij. Wijzig dit niet meer na publicatie.",
    )
    kind = models.CharField("soort", max_length=30, choices=Kind)
    kind_detail = models.CharField("toelichting op de soort", max_length=120, blank=True)
    sector = models.CharField("publiek of privaat", max_length=10, choices=Sector)
    sector_detail = models.CharField(
        "toelichting op publiek of privaat", max_length=120, blank=True
    )
    role = models.TextField("rol in het stelsel", blank=True)
    website = models.URLField("website", blank=True)
    website_certainty = models.CharField(
        "zekerheid van de website",
        max_length=10,
        choices=Certainty,
        default=Certainty.UNKNOWN,
    )
    participation = models.CharField(
        "deelname aan het programma",
        max_length=10,
        choices=Certainty,
        default=Certainty.UNKNOWN,
        help_text="Zegt een bron dat deze partij meedeed aan het programma?",
    )
    certainty = models.CharField(
        "zekerheid", max_length=10, choices=Certainty, default=Certainty.UNKNOWN
    )
    remark = models.TextField("opmerking bij de bron", blank=True, help_text="Staat op de website.")

    # What with_number_of_measures() adds.
    number_led: int
    number_involved: int

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = "partij"
        verbose_name_plural = "partijen"
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("party", args=[self.slug])

    @property
    def website_host(self) -> str:
        """The website as people say it: 'ilent.nl'."""
        return urlsplit(self.website).netloc.removeprefix("www.")

    @property
    def website_is_inferred(self) -> bool:
        return self.website_certainty != Certainty.STATED

    @property
    def participation_label(self) -> str:
        """Whether the party took part in the programme, in a sentence."""
        return PARTICIPATION[self.participation]

    @property
    def short_name(self) -> str:
        """The abbreviation where there is one, as in a narrow table column."""
        return self.abbreviation or self.name
