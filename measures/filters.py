"""Choosing from the list of measures, and how many each choice would give."""

from datetime import date
from typing import Any

import django_filters as filters
from django import forms
from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.functional import cached_property

from parties.models import Party

from . import search
from .models import DeadlineState, Involvement, Measure, Status, Theme, tally
from .models.tally import LEAD, MANY, Tally
from .once import once
from .search import Question

Point = tuple[date | None, date | None]
ROLES = [(LEAD, "Trekker"), *Involvement.Role.choices]
# What 'sorteer' may say; '-' before it turns the order round. The list has an index for each.
ORDERS: dict[str, Any] = {
    "nummer": F("number"),
    "titel": Lower("title"),
    "status": F("standing_rank"),
    "streefdatum": F("standing_deadline"),
    "bijgewerkt": F("standing_date"),
}
# Without a date comes last, either way.
MAY_BE_UNKNOWN = ("streefdatum", "bijgewerkt")
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
        label="Status", method="in_status", widget=forms.CheckboxSelectMultiple
    )
    hoofdlijn = filters.MultipleChoiceFilter(
        label="Hoofdlijn", method="in_theme", widget=forms.CheckboxSelectMultiple
    )
    datum = filters.MultipleChoiceFilter(
        label="Streefdatum", method="in_state", widget=forms.CheckboxSelectMultiple
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
        self.questions: dict[str, Question] = {}
        themes = list(Theme.objects.values_list("pk", "slug", "title"))
        self.theme_ids = {slug: pk for pk, slug, _ in themes}
        self.parties = list(Party.objects.public().only("slug", "name", "abbreviation"))
        choices: dict[str, list[tuple[str, str]]] = {
            "status": list(Status.choices),
            "hoofdlijn": [(slug, title) for _, slug, title in themes],
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
        return search.among_measures(measures, self._question(value), *self.point)

    def _question(self, value: str) -> Question:
        # Asked twice, to count and to show; what it means is found out once.
        if value not in self.questions:
            self.questions[value] = search.ask(value)
        return self.questions[value]

    def in_status(self, measures, name, value):
        return measures.filter(standing_status__in=value) if value else measures

    def in_theme(self, measures, name, value):
        chosen = [self.theme_ids[slug] for slug in value]
        return measures.filter(theme__in=chosen) if chosen else measures

    def in_state(self, measures, name, value):
        return measures.in_deadline_state(value, self.point[0]) if value else measures

    def with_party(self, measures, name, value):
        role = self.form.cleaned_data["rol"]
        party = next(party.pk for party in self.parties if party.slug == value)
        if role == LEAD:
            return measures.filter(lead=party)
        involved = Involvement.objects.of_public_parties().filter(party=party)
        if role:
            return measures.filter(involved.filter(role=role).on_measure(are_many=self.are_many))
        return measures.filter(Q(lead=party) | involved.on_measure(are_many=self.are_many))

    def with_role(self, measures, name, value):
        if self.form.cleaned_data["partij"]:
            return measures  # with_party has looked at the role.
        if value == LEAD:
            return measures.filter(lead__publication="openbaar")
        involved = Involvement.objects.of_public_parties().filter(role=value)
        return measures.filter(involved.on_measure(are_many=self.are_many))

    @property
    def are_many(self) -> bool:
        return self.number > MANY

    def sort(self, measures, name, value):
        name, is_down = value.removeprefix("-"), value.startswith("-")
        order = ORDERS[name]
        unknown_last = [IsNull(order, True)] if name in MAY_BE_UNKNOWN else []
        return measures.order_by(*unknown_last, order.desc() if is_down else order.asc(), "number")

    # The outcome.

    def chosen(self):
        """The measures that are left, in no order."""
        measures = self.queryset
        for name, value in self.form.cleaned_data.items():
            if name not in ("q", "sorteer"):
                measures = self.filters[name].filter(measures, value)
        if asked := self.form.cleaned_data["q"]:
            question = self._question(asked)
            measures = search.among_measures(
                measures, question, *self.point, are_many=self.are_many
            )
        return measures

    @property
    def qs(self):
        """The measures that are left, in the order asked for; none when a filter is wrong."""
        if not self.form.is_valid():
            return self.queryset.none()
        order = self.form.cleaned_data["sorteer"] or "nummer"
        return self.sort(self.chosen(), "sorteer", order)

    @cached_property
    def _tally(self) -> Tally:
        """How many there are of each sort, among those with the words that were asked for."""
        asked = self.form.cleaned_data["q"]
        if not asked:
            return Measure.objects.tally(*self.point)

        def count() -> Tally:
            return tally.count(self.search(self.queryset, "q", asked))

        # An index that lags catches up without another version of the data.
        question = self._question(asked)
        if search.is_behind():
            return count()
        today = timezone.localdate()
        return once(("words", question.text, self.point, today, settings.DEADLINE_NEAR_DAYS), count)

    def _number(self, **chosen) -> int:
        """How many measures are left with these choices in the place of those of the form."""
        wanted = self.form.cleaned_data | chosen
        return self._tally.number(
            status=wanted["status"],
            theme=wanted["hoofdlijn"],
            state=wanted["datum"],
            party=wanted["partij"],
            role=wanted["rol"],
        )

    @cached_property
    def number(self) -> int:
        """How many measures are left; none when a filter is wrong."""
        return self._number() if self.form.is_valid() else 0

    def count_choices(self) -> None:
        """Write behind each choice how many measures it gives under the other filters."""
        if not self.form.is_valid():
            return
        for name in ("status", "hoofdlijn", "datum", "partij", "rol"):
            field = self.form.fields[name]
            is_one = name in ("partij", "rol")
            # Without the empty choice: the field adds that itself, each time.
            field.choices = [
                (value, f"{label} ({self._number(**{name: value if is_one else [value]})})")
                for value, label in field.choices
                if value
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


def _allowed(values: list[str]) -> str:
    shown = ", ".join(values[:12])
    return f"Kies uit: {shown}{' …' if len(values) > 12 else ''}."
