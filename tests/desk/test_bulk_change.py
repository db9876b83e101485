"""Another lead, theme or deadline for several measures: previewed, all or nothing."""

from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from measures.models import Measure
from measures.rules import State
from tests.admin.forms import said, typed
from tests.factories import make_measure, make_party, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def measures():
    theme = make_theme()
    return [make_measure(theme=theme, deadline=date(2025, 1, 1)) for _ in range(3)]


@pytest.fixture
def desk(browser_of, writer):
    return browser_of(writer)


@pytest.fixture
def opened(desk, measures):
    return desk.post(
        reverse("admin:measures_measure_changelist"),
        {"action": "change_several", "_selected_action": [measure.pk for measure in measures]},
        follow=True,
    )


def send(desk, page, button, **values):
    address = reverse("admin:measures_measure_bulk_change")
    return desk.post(address, typed(page, **values, **{button: "1"}))


def test_a_preview_says_exactly_what_changes_and_changes_nothing(desk, opened, measures):
    party = make_party("Rijkswaterstaat", abbreviation="RWS")
    Measure.objects.filter(pk=measures[0].pk).update(lead=party)

    page = send(
        desk,
        opened,
        "_preview",
        lead=str(party.pk),
        deadline="2026-01-01",
        reporting_date="2024-05-01",
        reason="De proef loopt uit.",
    )

    changes = [[str(change) for change in row["changes"]] for row in page.context["rows"]]
    moved = "streefdatum: 1 januari 2025 → 1 januari 2026"
    assert changes == [[moved]] + [["trekker: onbekend → RWS", moved]] * 2
    assert "Zo opslaan" in page.text
    assert Measure.objects.filter(lead=party).count() == 1
    assert not Measure.objects.filter(deadline_changes__publication="concept").exists()


def test_the_record_changes_at_once_and_the_deadline_asks_a_second_person(
    desk, opened, measures, approver
):
    theme = make_theme("Toezicht")
    values = {
        "theme": str(theme.pk),
        "deadline": "2026-01-01",
        "reporting_date": "2024-05-01",
        "reason": "De proef loopt uit.",
        "maatregel": [str(measure.pk) for measure in measures[:2]],
    }
    page = send(desk, opened, "_preview", **values)

    answer = send(desk, page, "_save")

    assert [Measure.objects.get(pk=m.pk).theme == theme for m in measures] == [True, True, False]
    for measure in measures[:2]:
        change = measure.deadline_changes.concepts().get()
        assert (change.state, change.reason) == (State.SUBMITTED, "De proef loopt uit.")
        assert Measure.objects.get(pk=measure.pk).deadline == date(2025, 1, 1)
    assert "ter goedkeuring" in said(answer)
    assert LogEntry.objects.filter(change_message__contains="Toezicht").count() == 2


def test_sending_it_twice_makes_nothing_twice(desk, opened, measures):
    values = {"deadline": "2026-01-01", "reporting_date": "2024-05-01", "reason": "Uitloop."}
    page = send(desk, opened, "_preview", **values)
    send(desk, page, "_save")

    again = send(desk, page, "_save")

    assert "al opgeslagen" in said(again)
    assert measures[0].deadline_changes.count() == 2


def test_when_one_measure_cannot_none_is_changed(desk, opened, measures):
    make_measure()
    values = {
        "lead": str(make_party().pk),
        "deadline": "2026-01-01",
        "reporting_date": "2024-05-01",
        "reason": "",
    }

    page = send(desk, opened, "_save", **values)

    assert page.context["problems"].keys() == {measure.pk for measure in measures}
    assert "Zeg waarom de streefdatum verschuift" in page.text
    assert not Measure.objects.filter(lead__isnull=False).exists()


def test_what_a_colleague_changed_meanwhile_is_shown_first(desk, opened, measures):
    measures[1].title = "Van een collega"
    measures[1].save()

    page = send(desk, opened, "_save", lead="onbekend", theme=str(make_theme().pk))

    assert "Intussen is een van deze maatregelen gewijzigd" in page.text
    assert len({measure.theme_id for measure in Measure.objects.all()}) == 1
    send(desk, page, "_save")
    assert Measure.objects.get(pk=measures[1].pk).title == "Van een collega"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "Vul in wat er anders wordt"),
        ({"reason": "Zomaar."}, "geen nieuwe streefdatum"),
        ({"deadline": "2026-01-01", "reporting_date": ""}, "vanaf welke dag"),
        ({"deadline": "2026-31-31"}, "Voer een geldige datum in"),
        ({"lead": "999999"}, "geen beschikbare keuze"),
    ],
)
def test_what_is_missing_is_said(desk, opened, values, message):
    page = send(desk, opened, "_preview", **values)

    assert message in page.text


def test_a_reader_gets_no_such_form(browser_of, reader, measures):
    address = reverse("admin:measures_measure_bulk_change")

    assert browser_of(reader).get(f"{address}?maatregel={measures[0].pk}").status_code == 403
