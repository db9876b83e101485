"""The pages of the main lines: how far each subject is."""

from datetime import date

import pytest

from measures.models import Status
from tests.factories import CONCEPT, make_measure, make_party, make_source, make_theme, report

pytestmark = pytest.mark.django_db


def test_the_list_shows_every_main_line_in_its_order(client):
    make_theme("Tweede", position=2)
    make_theme("Eerste", position=1)

    page = client.get("/hoofdlijnen/").text

    assert page.index("Eerste") < page.index("Tweede")


def test_a_main_line_shows_its_measures_with_lead_and_status(client):
    theme = make_theme("Publieke sturing")
    party = make_party("Inspectie")
    report(make_measure("Loket", theme=theme, lead=party), Status.PLANNED, on=date(2023, 1, 1))
    make_measure("Elders", theme=make_theme("Andere"))

    page = client.get(theme.get_absolute_url()).text

    assert "Loket" in page
    assert "Inspectie" in page
    assert "Gepland" in page
    assert "Elders" not in page


def test_a_main_line_says_how_many_are_done_on_the_reference_date(client):
    theme = make_theme()
    report(make_measure(theme=theme), Status.IMPLEMENTED, on=date(2023, 11, 1))
    make_measure(theme=theme)

    now = client.get(theme.get_absolute_url()).text
    then = client.get(f"{theme.get_absolute_url()}?peildatum=2023-01-01").text

    assert "Daarvan is er 1 geïmplementeerd. Van 1 kennen wij de status niet." in now
    assert "Daarvan zijn er 0 geïmplementeerd. Van 2 kennen wij de status niet." in then


def test_a_place_and_a_lead_that_we_filled_in_are_called_our_reading(client):
    theme = make_theme()
    measure = make_measure(theme=theme, lead=make_party())
    row = measure.provenances.create(field="theme", certainty="afgeleid", remark="Kan ook anders.")
    measure.provenances.create(field="lead", certainty="afgeleid")
    row.sources.set([make_source("Jaarverslag")])

    page = client.get(theme.get_absolute_url()).text

    assert "Deze indeling: onze lezing" in page
    assert "Jaarverslag" in page
    assert "Kan ook anders." in page
    assert ">Onze lezing</span>" in page


def test_the_bar_is_as_wide_as_the_share_of_each_status(client):
    theme = make_theme("Sturing")
    report(make_measure(theme=theme), Status.IMPLEMENTED, on=date(2023, 11, 1))
    for _ in range(3):
        make_measure(theme=theme)

    for address in ["/hoofdlijnen/", theme.get_absolute_url()]:
        page = client.get(address).text
        assert 'aria-label="Sturing. Van 4: Geïmplementeerd: 1, Onbekend: 3."' in page
        assert 'class="site-status--onbekend" x="25.0%" width="75.0%"' in page
        assert 'class="site-status--geimplementeerd" x="0.0%" width="25.0%"' in page


def test_the_figures_of_the_bar_stand_in_a_table(client):
    theme = make_theme("Sturing")
    make_measure(theme=theme)

    page = client.get(theme.get_absolute_url()).text

    assert '<td class="site-table__number">1</td>' in page


def test_a_main_line_without_measures_does_not_claim_that_there_are_none(client):
    theme = make_theme("Randvoorwaarden")

    page = client.get(theme.get_absolute_url()).text

    assert "Dat wil niet zeggen dat die er niet is." in page


def test_a_main_line_says_where_it_comes_from(client):
    theme = make_theme(remark="Andere bronnen tellen er drie.", certainty="vermeld")
    theme.sources.set([make_source("Nieuwsbericht")])

    for address in ["/hoofdlijnen/", theme.get_absolute_url()]:
        page = client.get(address).text
        assert "Nieuwsbericht" in page
        assert "Andere bronnen tellen er drie." in page


def test_measures_that_are_not_public_do_not_count(client):
    theme = make_theme()
    make_measure("Nog niet", theme=theme, publication=CONCEPT)

    assert "Wij kennen geen maatregel" in client.get("/hoofdlijnen/").text
    assert "Nog niet" not in client.get(theme.get_absolute_url()).text


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_takes_three_queries(client, django_assert_num_queries, number):
    for _ in range(number):
        theme = make_theme()
        theme.sources.set([make_source()])
        make_measure(theme=theme)

    # The first to ask after a change counts; see measures/once.py.
    client.get("/hoofdlijnen/")
    with django_assert_num_queries(3):
        client.get("/hoofdlijnen/")


@pytest.mark.parametrize("number", [1, 20])
def test_a_main_line_takes_ten_queries(client, django_assert_num_queries, number):
    theme = make_theme()
    theme.sources.set([make_source()])
    for _ in range(number):
        measure = make_measure(theme=theme, lead=make_party(), sources=[make_source()])
        measure.provenances.create(field="theme").sources.set([make_source()])

    # The first to ask after a change counts; see measures/once.py.
    client.get(theme.get_absolute_url())
    with django_assert_num_queries(10):
        client.get(theme.get_absolute_url())
