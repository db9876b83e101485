"""What may be asked: every parameter once, for reading it and for the document.

All faults are told at once. A parameter that does not exist is a fault too: a filter with a
slip of the pen in its name must not silently give everything.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.http import QueryDict

from .. import reference_date
from ..filters import ROLES, SORT_CHOICES, MeasureFilter
from ..models import DeadlineState, Measure, Status
from ..reference_date import BadQuery, ReferenceDate
from .problems import InvalidQuery

PAGE_SIZE = 25
LARGEST_PAGE = 100
LAST_PAGE = 99_999


@dataclass(frozen=True)
class Parameter:
    """One parameter of the query: its name, what it does, and its JSON schema."""

    name: str
    description: str
    schema: dict[str, Any]

    @property
    def is_list(self) -> bool:
        return self.schema["type"] == "array"


def _choice(choices) -> dict[str, Any]:
    return {"type": "string", "enum": [value for value, _ in choices]}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_DAY = {"type": "string", "format": "date", "example": "2024-12-31"}
_CODE = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 100}
_WORDS = {"type": "string", "maxLength": 200}

REFERENCE = [
    Parameter(
        "peildatum",
        "Hoe het op deze dag was. Zonder peildatum: zoals het nu is. Niet later dan vandaag.",
        _DAY,
    ),
    Parameter(
        "bekendOp",
        "Alleen wat op deze dag al openbaar was. Zonder deze datum: alles wat nu openbaar is.",
        _DAY,
    ),
]
PAGING = [
    Parameter(
        "pagina",
        "Het nummer van de pagina, vanaf 1.",
        {"type": "integer", "minimum": 1, "maximum": LAST_PAGE, "default": 1},
    ),
    Parameter(
        "paginaGrootte",
        f"Hoeveel er op een pagina staan, ten hoogste {LARGEST_PAGE}.",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE},
    ),
]
SEARCH = [Parameter("q", "Alleen wat al deze woorden heeft.", _WORDS)]
# The same names and values as on the page with all measures; MeasureFilter reads them.
MEASURE_FILTERS = [
    Parameter("q", "Alle woorden komen voor in nummer, titel, omschrijving of tekst.", _WORDS),
    Parameter("status", "Een of meer statussen.", _list(_choice(Status.choices))),
    Parameter("hoofdlijn", "De code van een of meer hoofdlijnen.", _list(_CODE)),
    Parameter("datum", "Hoe het met de streefdatum staat.", _list(_choice(DeadlineState.choices))),
    Parameter("partij", "De code van een partij met een rol in de maatregel.", _CODE),
    Parameter("rol", "De rol van die partij, of van een partij.", _choice(ROLES)),
    Parameter(
        "sorteer",
        "De volgorde; met een streepje ervoor andersom. Zonder: op nummer.",
        _choice(SORT_CHOICES),
    ),
]


class Query:
    """The question of one request, read by the parameters that its address knows.

    Raises InvalidQuery with every fault.
    """

    def __init__(self, given: QueryDict, parameters: list[Parameter]):
        self.given = given
        self.known = {parameter.name: parameter for parameter in parameters}
        self.errors: list[dict[str, str]] = []
        self._refuse_unknown()
        self.reference = self._reference()
        self.page = self._number("pagina", 1, LAST_PAGE)
        self.page_size = self._number("paginaGrootte", PAGE_SIZE, LARGEST_PAGE)
        self.words = self._words()
        if self.has_filters:
            self._check_filters()
        if self.errors:
            raise InvalidQuery(self.errors)

    def fault(self, name: str, detail: str) -> None:
        """Note what is wrong with a parameter; the first fault of each is told."""
        if not any(error["name"] == name[:60] for error in self.errors):
            self.errors.append({"in": "query", "name": name[:60], "detail": detail})

    def _refuse_unknown(self):
        for name in self.given:
            if name not in self.known:
                allowed = ", ".join(self.known) or "geen"
                self.fault(name, f"‘{name[:60]}’ kennen wij hier niet. Wel: {allowed}.")
            elif len(self.given.getlist(name)) > 1 and not self.known[name].is_list:
                self.fault(name, f"Geef ‘{name}’ één keer.")
            elif name != "q" and "" in self.given.getlist(name):
                self.fault(name, f"‘{name}’ is leeg. Geef een waarde, of laat ‘{name}’ weg.")

    def _reference(self) -> ReferenceDate:
        asked = self._day("peildatum", lambda text: reference_date.parse(text).asked)
        known = self._day("bekendOp", lambda text: reference_date.parse("", text).known_on)
        return ReferenceDate(asked, known)

    def _day(self, name: str, read: Callable[[str], date | None]) -> date | None:
        text = self.given.get(name)
        if text is None or name not in self.known:
            return None
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            example = "Schrijf een datum als jaar-maand-dag, bijvoorbeeld 2024-12-31."
            self.fault(name, f"‘{text[:40]}’ is geen datum. {example}")
            return None
        try:
            return read(text)
        except BadQuery as problem:
            self.fault(name, str(problem))
            return None

    def _number(self, name: str, default: int, largest: int) -> int:
        text = self.given.get(name, str(default)) if name in self.known else str(default)
        if text.isascii() and text.isdecimal() and len(text) < 7 and 1 <= int(text) <= largest:
            return int(text)
        self.fault(name, f"‘{name}’ is een geheel getal van 1 tot en met {largest}.")
        return default

    def _words(self) -> str:
        text = self.given.get("q", "")
        if "\x00" in text or len(text) > 200:
            self.fault("q", "Zoek met ten hoogste 200 gewone tekens.")
            return ""
        return text.strip()

    # The measures, by the filter of the page.

    @property
    def has_filters(self) -> bool:
        return "sorteer" in self.known

    @cached_property
    def chosen(self) -> MeasureFilter:
        measures = Measure.objects.public_as_of(*self.reference.point)
        return MeasureFilter(
            self.given,
            measures.with_deadline_state(self.reference.day),
            point=self.reference.point,
        )

    def _check_filters(self):
        for name, messages in self.chosen.form.errors.items():
            self.fault(name, " ".join(str(message) for message in messages))
