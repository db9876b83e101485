"""The first page: how it stands, in ten seconds."""

import re
from datetime import date
from html import unescape

import pytest

from measures.models import Measure, Statement, Status
from tests.factories import (
    CONCEPT,
    make_effect,
    make_finding,
    make_letter,
    make_measure,
    make_moment,
    make_party,
    make_source,
    make_theme,
    report,
    shift,
)
from tests.measures.test_timeline import make_event
from tests.moments.test_steps import public

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
        "Van de circa 40 maatregelen van de Taskforce kennen wij er 2 uit openbare bronnen: "
        "1 is geïmplementeerd en van 1 is de stand onbekend." in page
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
    assert [measure.title for measure in context["passed"]] == ["Voorbij"]
    assert [measure.number for measure in context["remaining"]] == list(range(1, 7))


def test_a_deadline_that_passed_is_told_with_the_way_to_all_of_them(client, time_machine):
    time_machine.move_to(date(2024, 6, 1))
    for title, day in [("Lang voorbij", date(2023, 1, 1)), ("Net voorbij", date(2024, 5, 1))]:
        make_measure(title, deadline=day, deadline_precision="dag")

    answer = client.get("/").text.partition("Wat komt er aan?")[2].partition("</li>\n    </ul>")[0]

    assert "Wij kennen geen streefdatum die nog moet komen." in answer
    assert "Net voorbij" in answer
    assert 'href="/maatregelen/?datum=te-laat"' in answer
    assert client.get("/maatregelen/?datum=te-laat").context["page_obj"].paginator.count == 2


def test_what_is_new_since_the_last_letter_is_counted(client):
    before, after, moved = (make_measure() for _ in range(3))
    report(before, Status.IMPLEMENTED, on=date(2024, 1, 1))
    letter = make_letter(date=date(2024, 6, 30), date_precision="dag")
    moment = public(make_moment(on=date(2024, 6, 30), letter=letter))
    report(after, Status.PLANNED, on=date(2024, 8, 1))
    report(after, Status.IMPLEMENTED, on=date(2024, 9, 1))
    shift(moved, date(2026, 1, 1), on=date(2024, 7, 1), is_original=True)
    shift(moved, date(2027, 1, 1), on=date(2024, 8, 1))

    page = client.get("/").text
    earlier = client.get("/?peildatum=2024-08-15").text

    assert "Sinds de brief van 30 juni 2024" in page
    assert (
        "Nieuws over 1 maatregel. Daarvan is er 1 geïmplementeerd. "
        "Van 1 maatregel is de streefdatum verschoven." in page
    )
    assert f'href="/vergelijken/?van={moment.slug}"' in page
    assert "Nieuws over 1 maatregel. Van 1 maatregel is de streefdatum verschoven." in earlier
    assert f'href="/vergelijken/?van={moment.slug}&amp;tot=2024-08-15"' in earlier


def test_without_a_letter_there_is_nothing_to_compare_with(client):
    make_moment(on=date(2024, 6, 30))

    page = client.get("/?peildatum=2024-07-01").text

    assert "Wij kennen op deze dag geen brief met een stand om mee te vergelijken." in page


def test_the_line_of_the_programme_has_the_milestones_of_the_record(client):
    make_event("Brief aan de Kamer", date(2022, 4, 4), milestone="Brief met circa 40 maatregelen")
    make_event("Debat", date(2022, 12, 8))
    make_event("Protocol voorzien", date(2025, 12, 31), milestone="Protocol", is_planned=True)
    make_event("Geheim", date(2023, 1, 1), milestone="Geheime mijlpaal", publication=CONCEPT)

    now, then = client.get("/"), client.get("/?peildatum=2023-06-30")

    short = [event.milestone for event in now.context["milestones"]]
    assert short == ["Brief met circa 40 maatregelen", "Protocol"]
    assert "(gepland)" in now.text.partition("site-line__planned")[2].partition("</li>")[0]
    assert [event.milestone for event in then.context["milestones"]] == short[:1]


def test_a_finding_leads_to_its_measures_their_result_and_what_people_notice(client):
    stated, ours = make_measure("Strenger toezicht"), make_measure("Meer overleg")
    report(stated, Status.IMPLEMENTED, on=date(2024, 1, 1))
    finding = make_finding("nalevingstekort", measures=[ours])
    finding.measure_links.create(measure=stated, certainty="vermeld")
    make_finding("milieuschade")
    make_effect("Meer controles", measures=[stated])
    make_effect("Meer vertrouwen")

    flow = client.get("/").context["flow"]
    page = client.get("/").text

    first, second = flow.chains
    assert [(a.measure.title, a.certainty) for a in first.answers] == [
        ("Strenger toezicht", "vermeld"),
        ("Meer overleg", "afgeleid"),
    ]
    assert [effect.title for effect in first.answers[0].effects] == ["Meer controles"]
    assert second.answers == []
    assert [effect.title for effect in flow.effects] == ["Meer vertrouwen"]
    assert "(de koppeling staat in de bron)" in page
    assert "(de koppeling is onze lezing)" in page
    assert "Wij kennen geen maatregel bij dit verbeterpunt." in page


def test_of_many_measures_a_finding_names_the_first_and_counts_the_others(client):
    make_finding(measures=[make_measure() for _ in range(9)])
    later = make_measure(added_on=date(2025, 1, 1))
    make_finding(measures=[later])

    now, then = client.get("/"), client.get("/?peildatum=2024-06-30")

    assert [chain.others for chain in now.context["flow"].chains] == [5, 0]
    assert "En nog 5 maatregelen" in now.text
    assert [chain.number for chain in then.context["flow"].chains] == [9, 0]


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
    make_effect(measures=[measure])
    for _ in range(3):
        make_finding(measures=Measure.objects.all())
    make_event("Brief", date(2022, 4, 4), milestone="Brief met circa 40 maatregelen")
    public(make_moment(on=date(2022, 12, 31)))

    # The first to ask after a change counts; see measures/once.py.
    client.get(f"/{query}")
    # On a past day one more: what today says instead.
    with django_assert_max_num_queries(24 if query else 23):
        client.get(f"/{query}")
