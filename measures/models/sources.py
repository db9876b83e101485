"""Where a statement comes from."""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Prefetch, Value
from django.urls import reverse

from parties.certainty import Certainty
from parties.editing import Versioned
from parties.models import Party
from parties.publication import Publishable, PublishableQuerySet

from ..periods import Precision, format_period


class Source(Publishable, Versioned):
    """A document (bron) that a statement rests on."""

    key = models.SlugField("bronnummer", max_length=20, unique=True, help_text="Bijvoorbeeld S01.")
    title = models.CharField("titel", max_length=300)
    date = models.DateField("datum", null=True, blank=True)
    date_precision = models.CharField(
        "nauwkeurigheid van de datum",
        max_length=10,
        choices=Precision,
        default=Precision.UNKNOWN,
    )
    paper = models.CharField(
        "vindplaats",
        max_length=80,
        blank=True,
        help_text="Nummer van het Kamerstuk of van de Staatscourant, bijvoorbeeld 30015-104.",
    )
    url = models.URLField("webadres", max_length=500, blank=True)
    remark = models.TextField("opmerking", blank=True, help_text="Staat op de website.")
    parties = models.ManyToManyField(
        Party, related_name="sources", blank=True, verbose_name="partijen"
    )

    objects = PublishableQuerySet.as_manager()

    class Meta:
        verbose_name = "bron"
        verbose_name_plural = "bronnen"
        ordering = ["key", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(date__isnull=False) | models.Q(date_precision=Precision.UNKNOWN),
                name="source_date_and_precision_go_together",
                violation_error_message=(
                    "Vul een datum in, of kies ‘onbekend’ bij de nauwkeurigheid."
                ),
            )
        ]

    def __str__(self):
        return f"{self.key} {self.title}"

    @property
    def anchor(self) -> str:
        """Where this source stands in the list of sources: 's01'."""
        return self.key.lower()

    def get_absolute_url(self):
        return f"{reverse('accountability')}#{self.anchor}"

    @property
    def date_text(self) -> str:
        return format_period(self.date, self.date_precision)

    @property
    def citation(self) -> str:
        """One line as in a note: title, paper, date.

        A part that is unknown, or that the title says already, is left out.
        """
        parts = [self.title]
        if self.paper and self.paper not in self.title:
            is_kamerstuk = re.match(r"\d{5}-", self.paper)
            parts.append(f"Kamerstuk {self.paper}" if is_kamerstuk else self.paper)
        if self.date and self.date_text not in self.title:
            parts.append(self.date_text)
        return ", ".join(parts)


class SourcedRecordQuerySet(PublishableQuerySet):
    """Query set of records that show their own sources."""

    def with_public_sources(self):
        return self.prefetch_related(Prefetch("sources", Source.objects.public()))


class Sourced(models.Model):
    """A statement that shows where it comes from and how certain it is."""

    certainty = models.CharField(
        "zekerheid",
        max_length=10,
        choices=Certainty,
        default=Certainty.UNKNOWN,
        help_text="Staat dit in de bron, of is het onze lezing?",
    )
    sources = models.ManyToManyField(Source, verbose_name="bronnen", blank=True)
    remark = models.TextField(
        "opmerking bij de bron",
        blank=True,
        help_text="Bijvoorbeeld waarom dit onze lezing is. Staat op de website.",
    )

    # What fetch_public_sources() adds.
    public_sources: list[Source]

    class Meta:
        abstract = True


def fetch_public_sources(*statements: Iterable[Sourced]) -> None:
    """Fetch the public sources of saved statements, each named once, as `public_sources`: a list.

    Two queries, of however many models the statements are; `prefetch_related` takes one for each.
    """
    owners: dict[type[Sourced], dict[Any, Sourced]] = defaultdict(dict)
    for statement in itertools.chain(*statements):
        statement.public_sources = []
        owners[type(statement)][statement.pk] = statement
    if not owners:
        return
    cited: dict[int, list[Sourced]] = defaultdict(list)
    models_of = list(owners)
    links = [_links(place, model, owners[model]) for place, model in enumerate(models_of)]
    for place, owner, source in links[0].union(*links[1:], all=True):
        cited[source].append(owners[models_of[place]][owner])
    for source in Source.objects.public().filter(pk__in=list(cited)):
        for statement in cited[source.pk]:
            statement.public_sources.append(source)


def _links(place: int, model: type[Sourced], pks: Iterable[Any]):
    """Rows (place, statement, source), by id, of statements of one model."""
    field: Any = model._meta.get_field("sources")
    owner = field.m2m_field_name()
    links = field.remote_field.through.objects.filter(**{f"{owner}__in": list(pks)})
    return links.values_list(Value(place), owner, "source")
