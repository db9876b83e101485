"""The pages of parties: who does what in the system."""

from datetime import date

import pytest

from measures.models import Involvement, Status
from parties.certainty import Certainty
from parties.models import Party
from tests.factories import CONCEPT, make_measure, make_party, make_source, report

pytestmark = pytest.mark.django_db


def involve(party, measure, role=Involvement.Role.INVOLVED, **values):
    return Involvement.objects.create(party=party, measure=measure, role=role, **values)


def test_parties_stand_under_their_kind(client):
    make_party("Inspectie", kind=Party.Kind.SUPERVISOR)
    make_party("Branche", kind=Party.Kind.TRADE_ASSOCIATION)

    page = client.get("/partijen/").text

    assert page.index("Toezichthouders") < page.index("Inspectie")
    assert page.index("Brancheorganisaties") < page.index(">Branche<")
    assert "Ministeries" not in page


def test_every_kind_of_party_has_a_place_on_the_page(client):
    for kind in Party.Kind:
        make_party(f"Een {kind.value}", kind=kind)

    page = client.get("/partijen/").text

    assert all(f"Een {kind.value}" in page for kind in Party.Kind)


def test_the_list_counts_what_a_party_leads_and_has_a_part_in(client):
    party = make_party("Inspectie")
    for _ in range(3):
        make_measure(lead=party)
    measure = make_measure()
    involve(party, measure)
    involve(party, measure, Involvement.Role.CONSULTED)

    page = client.get("/partijen/").text

    assert "Trekt 3" in page
    assert "Betrokken bij 1<" in page, "two roles in one measure are one measure"


def test_measures_that_are_not_public_do_not_count(client):
    party = make_party("Inspectie")
    make_measure(lead=party, publication=CONCEPT)
    involve(party, make_measure(publication=CONCEPT))

    page = client.get("/partijen/").text

    assert "Trekt" not in page
    assert "Betrokken bij" not in page


@pytest.mark.parametrize(
    ("participation", "words"),
    [
        (Certainty.STATED, "Ja, een bron noemt deze partij."),
        (Certainty.INFERRED, "Waarschijnlijk wel. Geen bron zegt het met zoveel woorden."),
        (Certainty.UNKNOWN, "Onbekend. Geen bron zegt of deze partij meedeed."),
    ],
)
def test_whether_a_party_took_part_is_said_in_plain_words(client, participation, words):
    party = make_party("Inspectie", participation=participation)

    assert words in client.get(party.get_absolute_url()).text


def test_a_website_that_we_guessed_is_called_our_reading(client):
    stated = make_party(website="https://ilent.nl/", website_certainty=Certainty.STATED)
    guessed = make_party(website="https://www.rva.nl/", website_certainty=Certainty.INFERRED)

    assert "Onze lezing" not in client.get(stated.get_absolute_url()).text
    page = client.get(guessed.get_absolute_url()).text
    assert ">rva.nl</a>" in page
    assert "Onze lezing" in page


def test_a_party_page_shows_open_measures_first(client):
    party = make_party("Inspectie")
    report(make_measure("Klaar werk", lead=party), Status.IMPLEMENTED, on=date(2023, 11, 1))
    report(make_measure("Lopend werk", lead=party), Status.IN_DEVELOPMENT, on=date(2024, 1, 1))

    page = client.get(party.get_absolute_url()).text

    assert page.index("Lopend werk") < page.index("Klaar werk")


def test_a_party_page_shows_the_role_in_a_measure_and_where_that_stands(client):
    party = make_party("Inspectie")
    row = involve(party, make_measure("Risicobeelden"), Involvement.Role.CONSULTED)
    row.sources.set([make_source("Jaarverslag 2022")])

    page = client.get(party.get_absolute_url()).text

    assert "Rol: geraadpleegd" in page
    assert "Jaarverslag 2022" in page


def test_a_party_page_shows_the_status_as_of_the_reference_date(client):
    party = make_party("Inspectie")
    measure = make_measure("Loket", lead=party)
    involve(party, measure)
    report(measure, Status.IN_DEVELOPMENT, on=date(2023, 1, 1))
    report(measure, Status.IMPLEMENTED, on=date(2023, 11, 1))

    then = client.get(f"{party.get_absolute_url()}?peildatum=2023-06-01").text

    assert then.count("In uitwerking") == 2
    assert "Geïmplementeerd" not in then
    assert f'href="{measure.get_absolute_url()}?peildatum=2023-06-01"' in then
    assert client.get(party.get_absolute_url()).text.count("Geïmplementeerd") == 2


def test_a_party_that_is_not_public_is_not_found(client):
    party = make_party("Nog niet", publication=CONCEPT)

    assert client.get(party.get_absolute_url()).status_code == 404
    assert "Nog niet" not in client.get("/partijen/").text


@pytest.mark.parametrize("number", [1, 25])
def test_the_list_takes_two_queries_however_many_parties(client, django_assert_num_queries, number):
    for _ in range(number):
        party = make_party()
        involve(party, make_measure(lead=party))

    # The first to ask after a change counts; see measures/once.py.
    client.get("/partijen/")
    with django_assert_num_queries(2):
        client.get("/partijen/")


@pytest.mark.parametrize("number", [1, 25])
def test_a_party_takes_nine_queries_however_many_measures(
    client, django_assert_num_queries, number
):
    party = make_party()
    party.sources.set([make_source() for _ in range(number)])
    for _ in range(number):
        row = involve(party, make_measure(lead=party))
        row.sources.set([make_source()])

    # The first to ask after a change counts; see measures/once.py.
    client.get(party.get_absolute_url())
    with django_assert_num_queries(9):
        client.get(party.get_absolute_url())
