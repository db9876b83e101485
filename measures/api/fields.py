"""The parts that records share: texts that may be unknown, dates, sources, addresses.

What is not known is null, never an empty text or a made-up value.
"""

from datetime import UTC

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from parties.certainty import Certainty

from ..periods import Precision
from . import ROOT

CERTAINTY = "Staat dit in de bron (‘vermeld’), of is het onze lezing (‘afgeleid’)?"


class Text(serializers.CharField):
    """A text; null when nobody filled it in."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, allow_null=True, **kwargs)

    def to_representation(self, value):
        return super().to_representation(value) if value else None


class Always(serializers.CharField):
    """A text that every record has."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, **kwargs)


class Moment(serializers.DateTimeField):
    """A moment in UTC, with a Z."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, default_timezone=UTC, **kwargs)


class Choice(serializers.ChoiceField):
    """One of the values of a model's Choices."""

    def __init__(self, choices, **kwargs):
        super().__init__(choices=choices.choices, read_only=True, **kwargs)


class Period(serializers.Serializer):
    """A date that may be known only roughly."""

    datum = serializers.DateField(
        allow_null=True,
        help_text="De dag; bij een maand, kwartaal of jaar één dag daaruit. Null is onbekend.",
    )
    nauwkeurigheid = serializers.ChoiceField(choices=Precision.choices)
    tekst = serializers.CharField(help_text="Zoals mensen het lezen: ‘eind 2025’.")

    class Meta:
        ref_name = "Periode"


@extend_schema_field(Period)
class PeriodField(serializers.Field):
    """A Period from three attributes of the record."""

    def __init__(self, date: str, precision: str, label: str, **kwargs):
        super().__init__(read_only=True, source="*", **kwargs)
        self.names = date, precision, label

    def to_representation(self, value):
        day, precision, label = (getattr(value, name) for name in self.names)
        return {
            "datum": day.isoformat() if day else None,
            "nauwkeurigheid": precision,
            "tekst": label,
        }


class Keys(serializers.Field):
    """The codes or numbers of other records, in their own order."""

    def __init__(self, source: str, key: str, **kwargs):
        super().__init__(read_only=True, source=source, **kwargs)
        self.key = key

    def to_representation(self, value):
        rows = value.all() if hasattr(value, "all") else value
        return [getattr(row, self.key) for row in rows]


@extend_schema_field(serializers.ListField(child=serializers.CharField()))
class Codes(Keys):
    pass


@extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
class Numbers(Keys):
    def __init__(self, source: str, **kwargs):
        super().__init__(source, "number", **kwargs)


class SourceReference(serializers.Serializer):
    """A source beside a statement."""

    code = Always(source="key", help_text="Te vinden onder /bronnen.")
    verwijzing = Always(source="citation", help_text="Titel, vindplaats en datum.")
    webadres = Text(source="url")

    class Meta:
        ref_name = "Bronverwijzing"


@extend_schema_field(serializers.URLField())
class Address(serializers.Field):
    """A whole web address. The site that it is on is `context['site']`: 'https://…'."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, source="*", **kwargs)

    def path(self, value) -> str:
        raise NotImplementedError

    def to_representation(self, value):
        return self.context["site"] + self.path(value)


class Page(Address):
    """The page for people, on the day that was asked for."""

    def path(self, value):
        address, _, anchor = value.get_absolute_url().partition("#")
        return address + self.context["query"] + (f"#{anchor}" if anchor else "")


class Link(Address):
    """The address of a resource of this API: `path` with {} for an attribute."""

    def __init__(self, path: str, attribute: str, **kwargs):
        super().__init__(**kwargs)
        self.pattern, self.attribute = path, attribute

    def path(self, value):
        return ROOT + self.pattern.format(getattr(value, self.attribute))


class Record(serializers.Serializer):
    """Any record; all fields can only be read."""


class SourcedRecord(Record):
    """A statement: how certain it is, a remark, and the sources that it rests on."""

    zekerheid = Choice(Certainty, source="certainty", help_text=CERTAINTY)
    opmerking = Text(source="remark", help_text="Opmerking bij de bron.")
    bronnen = SourceReference(source="sources", many=True, read_only=True)

    def get_fields(self):
        """What it rests on comes after what it says."""
        found = super().get_fields()
        last = {name: found.pop(name) for name in ("zekerheid", "opmerking", "bronnen")}
        return found | last
