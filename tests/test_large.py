"""Many measures: no page grows with them, and what is left out is one click away."""

import pytest

from measures import demo
from measures.models import Theme
from parties.models import Party
from tests.factories import make_finding, make_measure, make_party, make_theme

pytestmark = pytest.mark.django_db


def test_a_party_that_leads_many_shows_the_first_and_links_to_all(client):
    party = make_party("Inspectie", slug="inspectie")
    for _ in range(51):
        make_measure(lead=party)

    page = client.get("/partijen/inspectie/").text

    assert page.count('class="site-nowrap">M') == 50
    assert 'href="/maatregelen/?partij=inspectie&amp;rol=trekker"' in page
    assert "Bekijk alle 51 maatregelen die deze partij trekt" in page
    assert "51 maatregelen" in client.get("/maatregelen/?partij=inspectie&rol=trekker").text


def test_a_party_that_leads_few_shows_them_all(client):
    party = make_party("Inspectie", slug="inspectie")
    for _ in range(50):
        make_measure(lead=party)

    assert "Bekijk alle" not in client.get("/partijen/inspectie/").text


def test_a_main_line_counts_all_and_shows_the_first(client):
    theme = make_theme("Toezicht", slug="toezicht")
    for _ in range(101):
        make_measure(theme=theme)

    page = client.get("/hoofdlijnen/toezicht/").text

    assert "horen 101 maatregelen" in page
    assert page.count('<th scope="row"><a href="/maatregelen/') == 100
    assert 'href="/maatregelen/?hoofdlijn=toezicht"' in page


def test_a_matrix_that_is_too_wide_becomes_lists(client):
    make_finding("Te weinig toezicht", measures=[make_measure() for _ in range(51)])

    page = client.get("/evaluaties/").text

    assert "te veel voor één tabel" in page
    assert "site-table--matrix" not in page
    assert "Dit zijn de eerste 50 van 51 maatregelen bij dit verbeterpunt." in page


PAGES = [
    *("/", "/maatregelen/", "/maatregelen/?pagina=20", "/partijen/", "/hoofdlijnen/"),
    *("/evaluaties/", "/tijdlijn/", "/moties/", "/kamerbrieven/", "/verantwoording/"),
]


def test_no_page_grows_with_the_number_of_measures(client, django_assert_max_num_queries):
    demo.generate(measures=2000, updates=1, seed=1)
    pages = [
        *PAGES,
        Theme.objects.first().get_absolute_url(),
        Party.objects.first().get_absolute_url(),
    ]
    for address in pages:
        with django_assert_max_num_queries(25):
            response = client.get(address)
        assert response.status_code == 200, address
        assert len(response.content) < 150_000, f"{address}: {len(response.content)} bytes"
