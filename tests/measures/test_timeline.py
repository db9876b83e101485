"""The timeline: what happened, in order, and as exactly as we know it."""

from datetime import date

import pytest

from measures.models import TimelineEvent
from measures.periods import Precision
from parties.publication import Publication
from tests.factories import CONCEPT, make_letter, make_source

pytestmark = pytest.mark.django_db


def make_event(text, day=None, precision=Precision.DAY, **values):
    values = {
        "key": f"g-{text.lower().replace(' ', '-')}",
        "publication": Publication.PUBLIC,
    } | values
    return TimelineEvent.objects.create(
        text=text, date=day, date_precision=precision if day else Precision.UNKNOWN, **values
    )


def test_events_stand_in_order_under_their_year(client):
    make_event("Later", date(2020, 5, 12))
    make_event("Eerder", date(2018, 12, 11))

    page = client.get("/tijdlijn/").text

    marks = ['id="jaar-2018"', "Eerder", 'id="jaar-2020"', "Later"]
    assert sorted(marks, key=page.index) == marks


def test_a_date_is_as_exact_as_it_is_known(client):
    make_event("Evaluatie", date(2018, 10, 1), Precision.SEASON)
    make_event("Einde", date(2024, 12, 1), Precision.MONTH)
    make_event("Brief", date(2022, 4, 4))
    make_event("Ooit")

    page = client.get("/tijdlijn/").text

    assert "Najaar 2018" in page
    assert "December 2024" in page
    assert '<time datetime="2022-04-04">4 april 2022</time>' in page
    assert page.count("<time datetime=") == 2, "only an exact date and the day of the page"
    assert "Zonder datum" in page


def test_what_is_planned_is_marked_as_planned(client):
    make_event(
        "Protocol", date(2025, 12, 1), Precision.MONTH, is_planned=True, date_text="eind 2025"
    )
    make_event("Brief", date(2022, 4, 4))

    page = client.get("/tijdlijn/").text

    assert page.count('class="site-label">Gepland') == 1
    assert "Eind 2025" in page


def test_an_event_shows_paper_letter_sources_and_remark(client):
    letter = make_letter(
        dossier="30015", paper_number="104", date=date(2022, 4, 4), date_precision="dag"
    )
    event = make_event(
        "Brief", date(2022, 4, 4), letter=letter, certainty="vermeld", remark="Let op."
    )
    event.sources.set([make_source("Nieuwsbericht")])
    make_event("Besluit", date(2006, 6, 14), paper="Stb. 2006, 308")
    make_event("Overleg", date(2020, 5, 12), paper="30015-77")
    make_event("Debat", date(2020, 12, 2), paper="30015-87; -88; -97")

    page = client.get("/tijdlijn/").text

    for words in [
        "Kamerstukken II 2021/22, 30 015, nr. 104",
        "Nieuwsbericht",
        "Let op.",
        "Stb. 2006, 308",
        "Kamerstukken II, 30 015, nr. 77",
        "30015-87; -88; -97",
    ]:
        assert words in page


def test_an_event_has_an_address_of_its_own(client):
    event = make_event("Brief", date(2022, 4, 4), key="brief-2022")

    assert event.get_absolute_url() == "/tijdlijn/#brief-2022"
    assert 'id="brief-2022"' in client.get("/tijdlijn/").text


def test_what_came_after_the_reference_date_is_left_out_and_counted(client):
    make_event("Toen al", date(2024, 11, 19))
    make_event("Nog niet", date(2025, 4, 29))
    make_event("Gepland stuk", date(2025, 12, 1), Precision.MONTH, is_planned=True)

    page = client.get("/tijdlijn/?peildatum=2024-12-31").text

    assert "Toen al" in page
    assert "Nog niet" not in page
    assert "Gepland stuk" not in page
    assert "Dat zijn 2 gebeurtenissen." in page


@pytest.mark.parametrize(("day", "shown"), [("2024-12-30", False), ("2024-12-31", True)])
def test_a_month_that_was_not_over_does_not_count_as_happened(client, day, shown):
    make_event("Einde programma", date(2024, 12, 1), Precision.MONTH)

    page = client.get(f"/tijdlijn/?peildatum={day}").text

    assert ("Einde programma" in page) is shown


def test_a_day_before_everything_says_that_there_is_nothing(client):
    make_event("Brief", date(2022, 4, 4))

    page = client.get("/tijdlijn/?peildatum=1999-01-01").text

    assert "Er zijn geen gebeurtenissen tot en met de peildatum." in page
    assert "Dat is 1 gebeurtenis." in page


def test_events_and_letters_that_are_not_public_stay_away(client):
    make_event("Nog niet", date(2022, 4, 4), publication=CONCEPT)
    make_event("Brief", date(2022, 4, 4), letter=make_letter("Geheime brief", publication=CONCEPT))

    page = client.get("/tijdlijn/").text

    assert "Nog niet" not in page
    assert "Geheime brief" not in page


@pytest.mark.parametrize("number", [1, 30])
def test_the_timeline_takes_three_queries(client, django_assert_num_queries, number):
    for n in range(number):
        event = make_event(f"Brief {n}", date(2022, 4, 4), letter=make_letter())
        event.sources.set([make_source()])

    with django_assert_num_queries(3):
        client.get("/tijdlijn/")
