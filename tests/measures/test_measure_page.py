"""The page of one measure: all that is known of it, and where from."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from measures.models import Contribution, Involvement, Provenance, Status
from tests.factories import (
    CONCEPT,
    make_commitment,
    make_effect,
    make_evidence,
    make_finding,
    make_measure,
    make_motion,
    make_party,
    make_source,
    report,
)

pytestmark = pytest.mark.django_db


def page_of(client, measure, query=""):
    return client.get(f"/maatregelen/{measure.number}/{query}").text


def test_it_shows_what_is_known_with_its_source(client):
    lead = make_party("Inspectie Leefomgeving en Transport")
    measure = make_measure(
        "Loket voor vragen",
        description="Vragen gaan naar één ingang.",
        done_when="Het loket beantwoordt vragen.",
        lead=lead,
        deadline=date(2025, 12, 31),
        deadline_precision="jaar",
        deadline_text="eind 2025",
        basis="voorgenomen actie",
        sources=[make_source("Nieuwsbericht van Bodem+")],
    )
    fact = measure.provenances.create(field=Provenance.Field.LEAD, certainty="afgeleid")
    fact.sources.add(make_source("Jaarverslag van de ILT"))
    measure.involvements.create(group="schemabeheerders", role=Involvement.Role.CONSULTED)
    make_finding("complexiteit van het stelsel", measures=[measure])
    make_motion("Motie van het lid Moorlag", measures=[measure])
    make_commitment("Rapporteren", measures=[measure])
    make_effect("Meer toezicht", measures=[measure])

    page = page_of(client, measure)

    for text in [
        "Loket voor vragen",
        "Vragen gaan naar één ingang.",
        "Het loket beantwoordt vragen.",
        "Inspectie Leefomgeving en Transport",
        "Eind 2025",
        "Voorgenomen actie",
        "Nieuwsbericht van Bodem+",
        "Jaarverslag van de ILT",
        "Onze lezing",
        "Schemabeheerders",
        "(geraadpleegd)",
        "Complexiteit van het stelsel",
        "Motie van het lid Moorlag",
        "Rapporteren",
        "Meer toezicht",
    ]:
        assert text in page


def test_what_is_not_known_is_said_to_be_unknown(client):
    page = page_of(client, make_measure())

    assert "Wij kennen geen bron die zegt hoe ver deze maatregel is." in page
    assert "Onbekend. Geen bron zegt waaraan iemand dat kan zien." in page
    assert page.count("Onbekend") >= 6


def test_every_report_has_an_address_of_its_own(client):
    measure = make_measure()
    first = report(measure, Status.PLANNED, on=date(2022, 4, 4), explanation="Het plan is er.")
    second = report(measure, Status.IMPLEMENTED, on=date(2023, 11, 1), explanation="Het werkt.")

    page = page_of(client, measure)

    assert f'id="stand-{first.pk}"' in page
    assert page.index(f'id="stand-{second.pk}"') < page.index(f'id="stand-{first.pk}"')


def test_a_deadline_that_has_passed_says_what_is_known_of_after_it(client):
    measure = make_measure(deadline=date(2023, 1, 1), deadline_precision="dag")

    page = page_of(client, measure)

    assert "Te laat" in page
    assert "De streefdatum is voorbij. Wij kennen geen stand van zaken van daarna." in page
    report(measure, Status.PLANNED, on=date(2023, 6, 1))
    later = page_of(client, measure)
    assert "De streefdatum is voorbij. Geen bron zegt dat de maatregel klaar is." in later
    report(measure, Status.IMPLEMENTED, on=date(2023, 12, 1))
    assert "Te laat" not in page_of(client, measure)


def test_a_merged_measure_and_its_successor_point_to_each_other(client):
    old, new = make_measure("Oude maatregel"), make_measure("Nieuwe maatregel")
    report(old, Status.MERGED, on=date(2024, 1, 1), merged_into=new)

    assert f"Opgegaan in {new.code}" in page_of(client, old)
    assert f'href="/maatregelen/{new.number}/"' in page_of(client, old)
    assert "Hierin zijn opgegaan" in page_of(client, new)
    assert "Hierin zijn opgegaan" not in page_of(client, new, "?peildatum=2023-12-31")


def test_on_an_earlier_day_it_reads_as_it_was(client):
    measure = make_measure(deadline=date(2023, 6, 1), deadline_precision="dag")
    report(measure, Status.PLANNED, on=date(2023, 1, 1), explanation="Het plan is er.")
    report(measure, Status.IMPLEMENTED, on=date(2024, 1, 1), explanation="Het werkt.")

    then = page_of(client, measure, "?peildatum=2023-05-15")

    assert "Het plan is er." in then
    assert "Het werkt." not in then
    assert "Nadert" in then
    assert "stand op 15 mei 2023: gepland" in then
    assert f"/maatregelen/{measure.number}/?peildatum=2023-05-15" in then
    before = page_of(client, measure, "?peildatum=2022-12-31")
    assert "Er is op deze dag nog geen stand van zaken." in before


def test_a_motion_or_promise_of_a_later_day_was_not_there_yet(client):
    measure = make_measure()
    for make in (make_motion, make_commitment):
        for title, day in [("Eerder gevraagd", date(2022, 1, 1)), ("Later", date(2024, 1, 1))]:
            make(title, measures=[measure], date=day, date_precision="dag")

    then = page_of(client, measure, "?peildatum=2023-05-15")

    assert then.count("Eerder gevraagd") == 2
    assert "Later" not in then
    assert page_of(client, measure).count("Later") == 2


@pytest.mark.parametrize("spelling", ["M7", "m7", "007", "M07"])
def test_the_number_as_people_say_it_leads_to_the_address(client, spelling):
    make_measure(number=7)

    response = client.get(f"/maatregelen/{spelling}/?peildatum=2024-01-01")

    assert response.status_code == 301
    assert response.headers["Location"] == "/maatregelen/7/?peildatum=2024-01-01"


@pytest.mark.parametrize("address", ["8", "M8", "9", "0", "999999999", "loket", "1;drop", "7/x"])
def test_a_number_that_is_not_there_is_not_found(client, address):
    make_measure(number=7)
    make_measure(number=8, publication=CONCEPT)
    make_measure(number=9, publication="ingetrokken", published_at=timezone.now())

    assert client.get(f"/maatregelen/{address}/", follow=True).status_code == 404


def test_it_says_how_to_cite_it(client):
    measure = make_measure("Loket", number=7)
    report(measure, Status.IMPLEMENTED, on=date(2023, 1, 1))

    page = page_of(client, measure, "?peildatum=2024-01-01")

    assert "Maatregel M7, ‘Loket’, stand op 1 januari 2024: geïmplementeerd." in page
    assert "http://testserver/maatregelen/7/?peildatum=2024-01-01" in page


def test_one_leads_to_the_next(client):
    for number in (3, 5, 9):
        make_measure(f"Nummer {number}", number=number)
    make_measure("Verborgen", number=4, publication=CONCEPT)

    page = client.get("/maatregelen/5/").text

    assert "Vorige: M3 Nummer 3" in page
    assert "Volgende: M9 Nummer 9" in page
    assert "Verborgen" not in page


def test_what_people_typed_stays_text(client):
    measure = make_measure("<script>alert(1)</script>", description="a & b")
    report(measure, Status.PLANNED, on=date(2023, 1, 1), explanation="<b>vet</b>\nregel")

    page = page_of(client, measure)

    assert "<script>alert" not in page
    assert "<b>vet</b>" not in page
    assert "a &amp; b" in page


@pytest.mark.parametrize("number", [1, 15])
@pytest.mark.parametrize("query", ["", "?peildatum=2024-06-30"])
def test_it_takes_the_same_queries_whatever_hangs_under_it(
    client, django_assert_max_num_queries, number, query
):
    measure = make_measure(lead=make_party(), sources=[make_source()])
    for n in range(number):
        report(measure, Status.PLANNED, on=date(2023, 1, 1 + n), sources=[make_source()])
        measure.involvements.create(party=make_party()).sources.add(make_source())
        make_finding(measures=[measure])
        make_motion(measures=[measure])
        make_effect(measures=[measure]).sources.add(make_source())

    # Who reads first after a change finds what few measures have, for who reads then.
    page_of(client, measure, query)

    with django_assert_max_num_queries(19):
        page_of(client, measure, query)


def contribute(measure, text):
    who = get_user_model().objects.create(username="partij")
    Contribution.objects.create(
        measure=measure,
        party=make_party(),
        author=who,
        kind=Contribution.Kind.PROPOSES,
        reporting_date=date(2023, 1, 1),
        explanation=text,
        shown_at=timezone.now(),
        shown_by=who,
    )


# What few measures have: a text that stands on the page with it.
RARE = {
    "Motie over loketten": lambda measure, _: make_motion(
        "Motie over loketten", measures=[measure]
    ),
    "Toezegging over loketten": lambda measure, _: make_commitment(
        "Toezegging over loketten", measures=[measure]
    ),
    "Minder wachttijd": lambda measure, _: make_effect("Minder wachttijd", measures=[measure]),
    "Verslag van de proef": lambda _, update: make_evidence(
        update, "Verslag van de proef", visibility="openbaar"
    ),
    "Later verbeterd": lambda measure, update: report(
        measure, Status.PLANNED, on=date(2023, 1, 1), corrects=update
    ),
    "Hierin zijn opgegaan": lambda measure, _: report(
        make_measure("Ook aan de balie"),
        Status.MERGED,
        on=date(2023, 1, 1),
        merged_into=measure,
    ),
    "Wij doen het al": lambda measure, _: contribute(measure, "Wij doen het al"),
}


@pytest.mark.parametrize("text", RARE)
@pytest.mark.parametrize("most_rows", [100, 0])
def test_what_few_measures_have_stands_there_as_soon_as_it_is_public(
    client, monkeypatch, text, most_rows
):
    monkeypatch.setattr("measures.measure_page.MOST_ROWS", most_rows)
    measure = make_measure("Loket voor vragen")
    update = report(measure, Status.PLANNED, on=date(2023, 1, 1))
    assert text not in page_of(client, measure)

    RARE[text](measure, update)

    assert text in page_of(client, measure)


def test_evidence_stands_there_as_soon_as_it_is_opened(client):
    measure = make_measure("Loket voor vragen")
    update = report(measure, Status.PLANNED, on=date(2023, 1, 1))
    page_of(client, measure)
    evidence = make_evidence(update, "Verslag van de proef", visibility="intern")
    assert "Verslag van de proef" not in page_of(client, measure)

    evidence.visibility = "openbaar"
    evidence.save()

    assert "Verslag van de proef" in page_of(client, measure)


def test_of_several_statements_each_shows_its_own_sources(client):
    measure = make_measure("Loket voor vragen", sources=[make_source("Brief over de maatregel")])
    report(measure, Status.PLANNED, on=date(2023, 1, 1), sources=[make_source("Verslag van mei")])
    make_effect("Minder wachttijd", measures=[measure]).sources.add(
        make_source("Onderzoek onder aanvragers"), make_source("Geheim", publication=CONCEPT)
    )

    page = page_of(client, measure)

    for text in ["Brief over de maatregel", "Verslag van mei", "Onderzoek onder aanvragers"]:
        assert page.count(f">{text}<") == 1, text
    assert "Geheim" not in page
