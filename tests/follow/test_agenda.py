"""iCal: days that a source gives, said as roughly as they are known; shifts move, ends cancel."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures import agenda, subjects
from measures.loading import SHIPPED, load, reconstructions
from measures.models import Measure, Motion, Status, TimelineEvent
from measures.periods import Precision
from parties.models import Party
from tests.factories import (
    CONCEPT,
    PUBLIC,
    make_letter,
    make_measure,
    make_motion,
    make_theme,
    report,
    shift,
)
from tests.follow.feeds import read_agenda

pytestmark = pytest.mark.django_db


def events(client, address="/agenda.ics"):
    return {str(e["UID"]).partition("@")[0]: e for e in read_agenda(client.get(address).content)}


def test_a_deadline_is_a_whole_day_in_the_calendar(client):
    make_measure("Een loket", number=7, deadline=date(2027, 3, 1))

    event = events(client)["streefdatum-m7"]

    assert event["DTSTART"].dt == date(2027, 3, 1)
    assert event["SUMMARY"] == "Streefdatum M7 Een loket"
    assert event["STATUS"] == "CONFIRMED"
    assert event["SEQUENCE"] == 0
    assert event["URL"] == "http://127.0.0.1:8000/maatregelen/7/"


def test_a_rough_date_is_the_last_day_of_its_time_and_says_so(client):
    make_measure(
        "Een loket",
        number=7,
        deadline=date(2025, 12, 1),
        deadline_precision=Precision.MONTH,
        deadline_text="eind 2025",
    )
    make_letter(
        "Najaarsbrief", key="najaar", date=date(2018, 10, 1), date_precision=Precision.SEASON
    )

    found = events(client)

    assert found["streefdatum-m7"]["DTSTART"].dt == date(2025, 12, 31)
    assert found["streefdatum-m7"]["SUMMARY"] == "Streefdatum M7 Een loket (eind 2025)"
    assert found["brief-najaar"]["DTSTART"].dt == date(2018, 11, 30)
    assert found["brief-najaar"]["SUMMARY"] == "Brief aan de Kamer: Najaarsbrief (najaar 2018)"


def test_what_has_no_date_or_is_not_public_is_not_in_the_calendar(client):
    make_measure()
    make_measure(deadline=date(2027, 1, 1), publication=CONCEPT)
    make_letter()
    make_letter(date=date(2026, 1, 1), date_precision=Precision.UNKNOWN)
    make_motion(date=date(2026, 1, 1), date_precision="dag", publication=CONCEPT)

    assert events(client) == {}


def test_a_shift_moves_the_event_and_a_withdrawn_shift_moves_it_back(client):
    desk = make_measure("Een loket", number=7, deadline=date(2025, 12, 31))
    changed = shift(desk, date(2026, 12, 31), on=date(2025, 11, 1), reason="De wet was later.")
    event = events(client)["streefdatum-m7"]
    assert (event["DTSTART"].dt, event["SEQUENCE"]) == (date(2026, 12, 31), 1)
    assert "Reden: De wet was later." in event["DESCRIPTION"]

    changed.withdraw("Het klopte niet.")

    event = events(client)["streefdatum-m7"]
    assert (event["DTSTART"].dt, event["SEQUENCE"]) == (date(2025, 12, 31), 2)
    assert "De wet was later" not in event["DESCRIPTION"]


def test_a_date_that_holds_no_more_is_cancelled(client):
    desk = make_measure("Een loket", number=7, deadline=date(2025, 12, 31))
    shift(desk, None, on=date(2025, 11, 1), reason="Er is geen datum meer.")
    dropped = make_measure("Een keurmerk", number=8, deadline=date(2025, 12, 31))
    end = report(dropped, Status.DROPPED, on=date(2025, 6, 1))

    found = events(client)

    for name in ("streefdatum-m7", "streefdatum-m8"):
        assert found[name]["STATUS"] == "CANCELLED"
        assert found[name]["DTSTART"].dt == date(2025, 12, 31)
        assert found[name]["SEQUENCE"] == 1
    end.withdraw("Toch niet.")
    event = events(client)["streefdatum-m8"]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 2)


def test_a_deadline_that_was_withdrawn_altogether_is_gone(client):
    desk = make_measure(number=7, deadline=date(2025, 12, 31))
    desk.deadline_changes.get().withdraw("Die datum stond nergens.")

    assert events(client) == {}


def test_a_plan_is_tentative_and_an_event_that_is_a_letter_is_told_once(client):
    letter = make_letter("Slotbrief", key="slot", date=date(2025, 4, 29), date_precision="dag")
    own = {"date_precision": "dag", "publication": PUBLIC}
    TimelineEvent.objects.create(
        key="debat", text="Debat over de bodem", date=date(2025, 5, 1), **own
    )
    TimelineEvent.objects.create(
        key="plan", text="Protocol", date=date(2025, 12, 1), is_planned=True, **own
    )
    TimelineEvent.objects.create(
        key="brief", text="Slotbrief naar de Kamer", date=date(2025, 4, 29), letter=letter, **own
    )

    found = events(client)

    assert list(found) == ["brief-slot", "gebeurtenis-debat", "gebeurtenis-plan"]
    assert found["gebeurtenis-debat"]["STATUS"] == "CONFIRMED"
    assert found["gebeurtenis-plan"]["STATUS"] == "TENTATIVE"


def test_each_subject_has_its_own_calendar(client):
    theme = make_theme(slug="sturing")
    letter = make_letter("Brief", key="brief", date=date(2026, 1, 5), date_precision="dag")
    desk = make_measure("Een loket", number=7, theme=theme, deadline=date(2027, 1, 1))
    report(desk, Status.PLANNED, on=date(2026, 1, 1), letter=letter)
    make_measure("Iets anders", number=8, theme=make_theme(), deadline=date(2028, 1, 1))
    motion = make_motion(
        "Motie", slug="30015-87", measures=[desk], date=date(2020, 12, 2), date_precision="dag"
    )

    own = [f"motie-{motion.pk}", "brief-brief", "streefdatum-m7"]
    assert list(events(client)) == [*own, "streefdatum-m8"]
    for page in ("/maatregelen/7/", "/hoofdlijnen/sturing/", "/moties/30015-87/"):
        assert list(events(client, f"{page}agenda.ics")) == own
    assert list(events(client, "/maatregelen/8/agenda.ics")) == ["streefdatum-m8"]


def test_a_calendar_holds_what_is_to_come_before_what_is_over(monkeypatch):
    monkeypatch.setattr(agenda, "MOST", 3)
    days = [date(2020, 1, 1), date(2021, 1, 1), date(2027, 1, 1), date(2028, 1, 1)]
    for day in days:
        make_measure(deadline=day)

    found = agenda.entries(subjects.everything(), date(2026, 6, 1))

    assert [entry.day for entry in found] == days[1:]


def test_every_calendar_of_the_real_records_is_valid(client):
    load(SHIPPED)
    reconstructions.finish()
    records = [subjects.everything(), *subjects.themes()]
    for public in (Measure, Motion, Party):
        records += [subjects.of(record) for record in public.objects.public()]

    number = [len(read_agenda(client.get(s.agenda_url).content)) for s in records]

    assert number[0] > 40
    assert 0 in number


SIGNS = st.text(st.characters(codec="utf-8"), max_size=200)


@settings(max_examples=60, deadline=None)
@given(title=SIGNS, text=SIGNS)
def test_whatever_somebody_typed_a_calendar_can_be_read_back(title, text):
    entry = agenda.Entry(
        "naam",
        date(2026, 1, 1),
        title,
        text,
        "/tijdlijn/#x",
        datetime(2026, 1, 1, tzinfo=UTC),
        0,
        "Brief",
    )

    (event,) = read_agenda(agenda.write("Agenda", "/", [entry]))

    assert event["DTSTART"].dt == date(2026, 1, 1)
