"""Choosing from the list of measures, and how many each choice would give."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Lower
from django.utils.functional import cached_property

from parties.models import Party

from . import search
from .models import DeadlineState, Involvement, Status, Theme

LEAD = "trekker"
Point = tuple[date | None, date | None]
ROLES = [(LEAD, "Trekker"), *Involvement.Role.choices]
# What 'sorteer' may say; '-' before it turns the order round.
ORDERS: dict[str, Any] = {
    "nummer": F("number"),
    "titel": Lower("title"),
    "status": Case(*(When(standing_status=s, then=Value(n)) for n, s in enumerate(Status))),
    "streefdatum": F("standing_deadline"),
    "bijgewerkt": F("standing_date"),
}
SORT_CHOICES = [
    ("nummer", "Nummer"),
    ("titel", "Titel, van a tot z"),
    ("-titel", "Titel, van z tot a"),
    ("status", "Status, van onbekend naar klaar"),
    ("-status", "Status, van klaar naar onbekend"),
    ("streefdatum", "Streefdatum, eerste boven"),
    ("-streefdatum", "Streefdatum, laatste boven"),
    ("-bijgewerkt", "Laatst bijgewerkt boven"),
    ("bijgewerkt", "Langst niet bijgewerkt boven"),
    ("-nummer", "Nummer, hoogste boven"),
]


class MeasureFilter(filters.FilterSet):
    """The filters of the list of measures, on measures with a standing and a deadline state.

    `point` is the reference date and the day by which it was known. The parameters and their
    values are Dutch, since they stand in the address. A value that does not exist makes the
    form invalid.
    """

    q = filters.CharFilter(label="Zoek in nummer, titel en tekst", method="search", max_length=200)
    status = filters.MultipleChoiceFilter(
        label="Status", field_name="standing_status", widget=forms.CheckboxSelectMultiple
    )
    hoofdlijn = filters.MultipleChoiceFilter(
        label="Hoofdlijn", field_name="theme__slug", widget=forms.CheckboxSelectMultiple
    )
    datum = filters.MultipleChoiceFilter(
        label="Streefdatum", field_name="deadline_state", widget=forms.CheckboxSelectMultiple
    )
    partij = filters.ChoiceFilter(label="Partij", method="with_party", empty_label="Alle partijen")
    rol = filters.ChoiceFilter(
        label="Rol van de partij", method="with_role", empty_label="Alle rollen", choices=ROLES
    )
    sorteer = filters.ChoiceFilter(
        label="Volgorde", method="sort", empty_label=None, choices=SORT_CHOICES
    )

    def __init__(self, data, queryset: "filters.QuerySet", *, point: Point):
        super().__init__(data, queryset)
        self.point = point
        self.questions: dict[str, search.Question] = {}
        self.themes = list(Theme.objects.values_list("slug", "title"))
        self.parties = list(Party.objects.public().only("slug", "name", "abbreviation"))
        choices: dict[str, list[tuple[str, str]]] = {
            "status": list(Status.choices),
            "hoofdlijn": self.themes,
            "datum": list(DeadlineState.choices),
            "partij": [(party.slug, party.name) for party in self.parties],
        }
        for name, found in choices.items():
            self.filters[name].extra["choices"] = found
        for name in (*choices, "rol", "sorteer"):
            allowed = [value for value, _ in self.filters[name].extra["choices"]]
            self.filters[name].extra["error_messages"] = {
                "invalid_choice": "‘%(value)s’ kennen wij niet. " + _allowed(allowed),
            }

    # Each filter.

    def search(self, measures, name, value):
        # Asked several times, once per count; what it means is found out once.
        if value not in self.questions:
            self.questions[value] = search.ask(value)
        return search.among_measures(measures, self.questions[value], *self.point)

    def with_party(self, measures, name, value):
        role = self.form.cleaned_data["rol"]
        leads = Q(lead__slug=value, lead__publication="openbaar")
        involved = Involvement.objects.public().filter(party__slug=value)
        if role == LEAD:
            return measures.filter(leads)
        if role:
            return measures.filter(pk__in=involved.filter(role=role).values("measure"))
        return measures.filter(leads | Q(pk__in=involved.values("measure")))

    def with_role(self, measures, name, value):
        if self.form.cleaned_data["partij"]:
            return measures  # with_party has looked at the role.
        if value == LEAD:
            return measures.filter(lead__publication="openbaar")
        involved = Involvement.objects.public().filter(role=value)
        return measures.filter(pk__in=involved.values("measure"))

    def sort(self, measures, name, value):
        order = ORDERS[value.removeprefix("-")]
        directed = (
            order.desc(nulls_last=True) if value.startswith("-") else order.asc(nulls_last=True)
        )
        return measures.order_by(directed, "number")

    # The outcome.

    def chosen(self, *, without: Sequence[str] = ()):
        """The measures that are left, optionally as if some filters were not set."""
        measures = self.queryset
        for name, value in self.form.cleaned_data.items():
            if name not in (*without, "sorteer"):
                measures = self.filters[name].filter(measures, value)
        return measures

    @property
    def qs(self):
        """The measures that are left, in the order asked for; none when a filter is wrong."""
        if not self.form.is_valid():
            return self.queryset.none()
        order = self.form.cleaned_data["sorteer"] or "nummer"
        return self.sort(self.chosen(), "sorteer", order)

    @cached_property
    def _figures(self) -> dict[tuple[str, str, str], int]:
        """Number per (status, theme, deadline state) under the other filters."""
        without = ("status", "hoofdlijn", "datum")
        return self.chosen(without=without).count_by_status_theme_and_deadline()

    def _number(self, **chosen) -> int:
        """How many measures are left with these choices in the place of those of the form."""
        wanted = [
            chosen.get(name, self.form.cleaned_data[name])
            for name in ("status", "hoofdlijn", "datum")
        ]
        return sum(
            number
            for key, number in self._figures.items()
            if all(not values or value in values for value, values in zip(key, wanted, strict=True))
        )

    @property
    def number(self) -> int:
        """How many measures are left; none when a filter is wrong."""
        return self._number() if self.form.is_valid() else 0

    def count_choices(self) -> None:
        """Write behind each choice how many measures it gives under the other filters."""
        if not self.form.is_valid():
            return
        for name in ("status", "hoofdlijn", "datum"):
            values = [value for value, _ in self.filters[name].extra["choices"]]
            self._label(name, {value: self._number(**{name: [value]}) for value in values})
        party, role = self.form.cleaned_data["partij"], self.form.cleaned_data["rol"]
        parts = self._parts()
        self._label("partij", _count({(p, m) for m, p, r in parts if role in ("", r)}))
        self._label("rol", _count({(r, m) for m, p, r in parts if party in ("", p)}))

    def _parts(self) -> list[tuple[int, str, str]]:
        """Who does what under the other filters, as (measure, party, role).

        A group that is no party of ours has a role and an empty party.
        """
        slugs = {party.pk: party.slug for party in self.parties}
        measures = self.chosen(without=("partij", "rol")).order_by()
        leads = measures.filter(lead__in=slugs).values_list("pk", "lead")
        involved = Involvement.objects.public().filter(measure__in=measures.values("pk"))
        return [(measure, slugs[lead], LEAD) for measure, lead in leads] + [
            (measure, slugs.get(party, ""), role)
            for measure, party, role in involved.values_list("measure", "party", "role")
        ]

    def _label(self, name: str, numbers: dict[str, int]) -> None:
        field = self.form.fields[name]
        # Without the empty choice: the field adds that itself, each time.
        field.choices = [
            (value, f"{label} ({numbers.get(value, 0)})") for value, label in field.choices if value
        ]

    def active(self) -> list[tuple[str, str, str]]:
        """The chosen filters as (parameter, value, what people read)."""
        if not self.form.is_valid():
            return []
        found = []
        for name, filter_ in self.filters.items():
            values = self.form.cleaned_data[name]
            names = dict(filter_.extra.get("choices", ()))
            for value in values if isinstance(values, list) else [values]:
                if value and name != "sorteer":
                    found.append((name, value, f"{filter_.label}: {names.get(value, value)}"))
        return found


def _count(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    """How many measures each value has, from pairs of value and measure."""
    return Counter(value for value, _ in pairs)


def _allowed(values: list[str]) -> str:
    shown = ", ".join(values[:12])
    return f"Kies uit: {shown}{' …' if len(values) > 12 else ''}."
