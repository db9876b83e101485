"""What somebody can follow: the whole, a theme, a party, a measure or a motion.

The address of its news and of its calendar is that of its page with `nieuws.atom` or
`agenda.ics` behind it, for every subject alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import reverse

from parties.models import Party

from .models import Measure, Motion, Theme


class Kind(models.TextChoices):
    """The kinds of subjects; the value is also the parameter that names one: '?maatregel=7'."""

    ALL = "alles", "Alles"
    THEME = "hoofdlijn", "Hoofdlijn"
    PARTY = "partij", "Partij"
    MEASURE = "maatregel", "Maatregel"
    MOTION = "motie", "Motie"


@dataclass(frozen=True)
class Subject:
    """One thing to follow. `pk` is 0 for the whole; `key` names it in an address."""

    kind: Kind
    pk: int
    key: str
    name: str
    url: str

    @property
    def is_whole(self) -> bool:
        return self.kind is Kind.ALL

    @property
    def scope(self) -> tuple[str, int]:
        """By what a change or a subscription refers to this."""
        return self.kind.value, self.pk

    @property
    def news_url(self) -> str:
        return f"{self.url}nieuws.atom"

    @property
    def agenda_url(self) -> str:
        return f"{self.url}agenda.ics"

    @property
    def query(self) -> str:
        """What the page about following takes: '?maatregel=7', or nothing for the whole."""
        return "" if self.is_whole else f"?{self.kind.value}={self.key}"

    @property
    def measures(self):
        """The public measures that belong to this."""
        public = Measure.objects.public()
        match self.kind:
            case Kind.THEME:
                return public.filter(theme=self.pk)
            case Kind.PARTY:
                return public.of_party(self.pk)
            case Kind.MEASURE:
                return public.filter(pk=self.pk)
            case Kind.MOTION:
                return public.filter(motions=self.pk)
        return public


def everything() -> Subject:
    return Subject(Kind.ALL, 0, "", "Alle maatregelen, brieven en moties", reverse("overview"))


def of(record: Theme | Party | Measure | Motion) -> Subject:
    """The subject that a record is."""
    kind, key, name = Kind.ALL, "", str(record)
    match record:
        case Theme():
            kind, key = Kind.THEME, record.slug
        case Party():
            kind, key = Kind.PARTY, record.slug
        case Measure():
            kind, key = Kind.MEASURE, str(record.number)
        case Motion():
            kind, key = Kind.MOTION, record.slug
            name = f"{record.title} ({record.paper})" if record.paper else record.title
    return Subject(kind, record.pk, key, name, record.get_absolute_url())


def _public() -> dict[Kind, tuple[Any, str]]:
    """Per kind what anybody may follow, and the field that names one."""
    return {
        Kind.THEME: (Theme.objects.all(), "slug"),
        Kind.PARTY: (Party.objects.public(), "slug"),
        Kind.MEASURE: (Measure.objects.public(), "number"),
        Kind.MOTION: (Motion.objects.public(), "slug"),
    }


def find(kind: str, key: str) -> Subject | None:
    """The subject with this name, or None: there is no such thing, or it is not public."""
    if kind == Kind.ALL:
        return everything()
    if kind not in list(Kind):
        return None
    records, field = _public()[Kind(kind)]
    if field == "number":
        key = key.lower().removeprefix("m")
        if not (key.isascii() and key.isdecimal() and len(key) <= 9):
            return None
    record = records.filter(**{field: key}).first() if "\x00" not in key else None
    return of(record) if record else None


def named(scopes: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Subject]:
    """The subjects by what refers to them, in one query per kind. Not public: not there."""
    wanted = set(scopes)
    found = {everything().scope: everything()} if everything().scope in wanted else {}
    for kind, (records, _) in _public().items():
        keys = [pk for name, pk in wanted if name == kind]
        if keys:
            found |= {subject.scope: subject for subject in map(of, records.filter(pk__in=keys))}
    return found


def themes() -> list[Subject]:
    """The main lines, in their order."""
    return [of(theme) for theme in Theme.objects.all()]
