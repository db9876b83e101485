"""The first page: how it stands, in ten seconds."""

import re
from datetime import date
from html import unescape

import pytest

from measures.models import Statement, Status
from tests.factories import (
    CONCEPT,
    make_effect,
    make_measure,
    make_party,
    make_source,
    make_theme,
    report,
)

pytestmark = pytest.mark.django_db


def total(text="circa 40", **values):
    values = {"publication": "openbaar", "certainty": "vermeld"} | values
    statement = Statement.objects.create(key="totaal", topic="totaal", text=text, **values)
    statement.sources.add(make_source("Plan van aanpak"))


def test_one_sentence_says_how_it_stands(client):
    total()
    report(make_measure(), Status.IMPLEMENTED, on=date(2023, 1, 1))
    make_measure()

    page = client.get("/").text

    assert (
        "De Taskforce stelde circa 40 maatregelen op. Van 2 daarvan kennen wij de inhoud uit "
        "openbare bronnen: 1 is geïmplementeerd en van 1 is de stand onbekend." in page
    )
    assert "Plan van aanpak" in page


def test_an_empty_site_says_so(client):
    page = client.get("/").text

    assert "Hier staat nog geen maatregel." in page
    assert "Er is op deze dag nog niets gemeld." in page


def test_the_figures_of_the_themes_add_up(client):
    first, second = make_theme("Sturing"), make_theme("Samenwerking")
    for theme, status in [
        (first, Status.IMPLEMENTED),
        (first, Status.PLANNED),
        (second, Status.PLANNED),
    ]:
        report(make_measure(theme=theme), status, on=date(2023, 1, 1))

    lines = client.get("/").context["lines"]

    assert [line.total for line in lines] == [2, 1]
    assert sum(line.counts[Status.PLANNED] for line in lines) == 2
    assert dict(client.get("/").context["counts"])[Status.PLANNED] == 2


def test_what_is_not_finished_is_listed_with_its_lead(client):
    lead = make_party("Inspectie", abbreviation="ILT")
    report(make_measure("Open werk", lead=lead), Status.PLANNED, on=date(2023, 1, 1))
    report(make_measure("Klaar werk"), Status.IMPLEMENTED, on=date(2023, 1, 1))
    report(make_measure("Vervallen werk"), Status.DROPPED, on=date(2023, 1, 1))

    context = client.get("/").context

    assert [measure.title for measure in context["remaining"]] == ["Open werk"]
    assert context["number_remaining"] == 1


def test_what_is_left_out_of_the_open_work_is_one_link_away(client):
    for _ in range(13):
        make_measure()
    report(make_measure(), Status.IMPLEMENTED, on=date(2023, 1, 1))

    page = client.get("/?peildatum=2024-01-01").text
    link = re.search(r'href="([^"]+)">Bekijk alle 13 maatregelen die nog niet klaar zijn', page)

    found = client.get(unescape(link[1])).context
    assert found["page_obj"].paginator.count == 13
    assert found["reference"].asked == date(2024, 1, 1)


def test_the_latest_reports_come_first(client):
    report(make_measure("Oud"), Status.PLANNED, on=date(2022, 1, 1))
    report(make_measure("Nieuw"), Status.PLANNED, on=date(2024, 1, 1))

    page = client.get("/")
    latest = page.context["latest"]

    assert [update.measure.title for update in latest] == ["Nieuw", "Oud"]


def test_a_report_stands_with_its_source_and_with_where_the_work_went(client):
    old, new = make_measure("Oud"), make_measure("Nieuw", number=70)
    source = make_source("Verzamelbrief")
    hidden = make_source("Verborgen bron", publication=CONCEPT)
    update = report(
        old,
        Status.MERGED,
        on=date(2024, 1, 1),
        merged_into=new,
        certainty="afgeleid",
        sources=[source, hidden],
    )

    news = client.get("/").text.partition('id="nieuws"')[2].partition("</section>")[0]

    assert f'href="/maatregelen/{old.number}/#stand-{update.pk}"' in news
    assert "Opgegaan in M70" in news
    assert "Onze lezing" in news
    assert "Verzamelbrief" in news
    assert "Verborgen bron" not in news


def test_the_next_deadlines_are_of_open_measures_only(client, time_machine):
    time_machine.move_to(date(2024, 6, 1))
    for title, day in [("Later", date(2024, 12, 31)), ("Eerst", date(2024, 7, 1))]:
        make_measure(title, deadline=day, deadline_precision="dag")
    for n in range(20):
        make_measure(f"Nog later {n}", deadline=date(2025, 1, 1 + n), deadline_precision="dag")
    make_measure("Het laatst gemaakt", deadline=date(2024, 6, 1), deadline_precision="dag")
    make_measure("Voorbij", deadline=date(2024, 1, 1), deadline_precision="dag")
    done = make_measure("Klaar", deadline=date(2024, 8, 1), deadline_precision="dag")
    report(done, Status.IMPLEMENTED, on=date(2024, 5, 1))

    context = client.get("/").context

    assert [measure.title for measure in context["deadlines"]] == [
        "Het laatst gemaakt",
        "Eerst",
        "Later",
        "Nog later 0",
        "Nog later 1",
    ]
    assert [measure.number for measure in context["remaining"]] == list(range(1, 13))


def test_what_people_notice_stands_apart(client):
    make_effect("Meer vertrouwen")
    make_effect("Geheim effect", publication=CONCEPT)

    page = client.get("/").text

    assert "Meer vertrouwen" in page
    assert "Geheim effect" not in page


def test_everything_follows_the_reference_date(client):
    measure = make_measure("Loket")
    report(measure, Status.IN_DEVELOPMENT, on=date(2023, 1, 1))
    report(measure, Status.IMPLEMENTED, on=date(2024, 1, 1), explanation="Het loket is open.")

    then = client.get("/?peildatum=2023-06-30")

    assert "1 wordt uitgewerkt" in then.text
    assert "Het loket is open." not in then.text
    assert [measure.title for measure in then.context["remaining"]] == ["Loket"]
    assert f"/maatregelen/{measure.number}/?peildatum=2023-06-30" in then.text


@pytest.mark.parametrize("query", ["", "?peildatum=2024-06-30"])
@pytest.mark.parametrize("number", [3, 50])
def test_the_overview_takes_a_fixed_number_of_queries_however_many_measures(
    client, django_assert_max_num_queries, number, query
):
    total()
    lead = make_party()
    for n in range(number):
        measure = make_measure(lead=lead, deadline=date(2027, 1, 1), deadline_precision="dag")
        report(measure, [Status.PLANNED, Status.IMPLEMENTED][n % 2], on=date(2023, 1, 1))
    merged = report(measure, Status.MERGED, on=date(2024, 1, 1), merged_into=make_measure())
    merged.sources.add(make_source())
    make_effect().sources.add(make_source())

    # On a past day one more: what today says instead.
    with django_assert_max_num_queries(14 if query else 13):
        client.get(f"/{query}")
