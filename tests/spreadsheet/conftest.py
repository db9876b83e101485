"""Measures in all states, and the person who loads a list."""

from datetime import date

import pytest

from measures.models import Status
from measures.periods import Precision
from tests.desk.people import colleague
from tests.factories import make_measure, make_party, make_theme, report


@pytest.fixture
def writer(db):
    return colleague("schrijver", "redacteur")


@pytest.fixture
def approver(db):
    return colleague("fiatteur", "fiatteur")


@pytest.fixture
def measures(db):
    """Three: with everything, with nothing, and one whose text is awkward in a cell."""
    full = make_measure(
        "Aanpak van bijlagen",
        number=1,
        theme=make_theme("Toezicht"),
        lead=make_party("Inspectie Leefomgeving en Transport", abbreviation="ILT"),
        description="Eerste regel.\n\nTweede alinea; met een puntkomma.",
        done_when="Als het er is.",
        deadline=date(2025, 12, 31),
        deadline_precision=Precision.YEAR,
        deadline_text="eind 2025",
    )
    report(full, Status.IN_DEVELOPMENT, on=date(2024, 3, 31), explanation="Er is een ontwerp.")
    bare = make_measure("Kaal", number=2, theme=make_theme("Uitvoering"))
    odd = make_measure(
        "-1 is geen som", number=3, description='\'=HYPERLINK(1)\t"aanhaling"', theme=full.theme
    )
    report(odd, Status.PLANNED, on=date(2023, 1, 1), explanation="=1+1 is geen formule, é €")
    return [full, bare, odd]
