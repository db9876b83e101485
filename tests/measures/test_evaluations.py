"""The page of evaluations: which measure answers which finding, and what is missing."""

from datetime import date

import pytest

from measures.coverage import coverage
from measures.models import Status
from parties.certainty import Certainty
from tests.factories import (
    CONCEPT,
    make_evaluation,
    make_finding,
    make_measure,
    make_source,
    report,
)

pytestmark = pytest.mark.django_db


def test_a_report_shows_author_date_sources_and_remark(client):
    evaluation = make_evaluation(
        "Beleidsevaluatie",
        author="Bureau",
        date=date(2020, 9, 18),
        date_precision="dag",
        remark="Beide rapporten.",
        certainty=Certainty.STATED,
    )
    evaluation.sources.set([make_source("Brief met rapporten")])

    page = client.get("/evaluaties/").text

    for words in ["Bureau", "18 september 2020", "Brief met rapporten", "Beide rapporten."]:
        assert words in page


def test_the_matrix_says_whether_a_link_is_in_the_source_or_our_reading(client):
    measure = make_measure("Loket")
    make_finding("begrip", measures=[measure])
    stated = make_finding("vertrouwen", measures=[measure])
    stated.measure_links.update(certainty=Certainty.STATED)

    page = client.get("/evaluaties/").text
    matrix = page[page.index("<table") : page.index("</table>")]

    assert matrix.index("Begrip") < matrix.index("Onze lezing")
    assert matrix.index("Vertrouwen") < matrix.index("In de bron")
    assert '<th scope="row">' in matrix
    assert f'{measure.code}<span class="rhc-visually-hidden"> Loket</span>' in matrix


def test_every_row_of_the_matrix_has_a_place_for_every_measure():
    first, second = make_measure(), make_measure()
    make_finding("begrip", measures=[second])
    make_finding("vertrouwen", measures=[first, second])

    found = coverage(date(2024, 1, 1))

    assert found.measures == [first, second]
    assert [[bool(cell) for cell in row.cells] for row in found.rows] == [
        [False, True],
        [True, True],
    ]


def test_gaps_are_told_in_words(client):
    make_finding("milieuschade")
    make_finding("begrip", measures=[make_measure("Loket")])
    make_measure("Overleg")

    page = client.get("/evaluaties/").text
    gaps = page[page.index("Wat ontbreekt er?") : page.index("Per verbeterpunt")]

    assert "Verbeterpunten zonder bekende maatregel" in gaps
    assert "milieuschade" in gaps
    assert "Maatregelen zonder verbeterpunt" in gaps
    assert "Overleg" in gaps
    assert "Loket" not in gaps
    assert "Geen bekende maatregel geeft antwoord op dit verbeterpunt." in page


def test_a_page_without_gaps_says_so(client):
    make_finding("begrip", measures=[make_measure()])

    page = client.get("/evaluaties/").text

    assert "Bij elk verbeterpunt hoort ten minste één maatregel." in page
    assert "Elke bekende maatregel hoort bij ten minste één verbeterpunt." in page


def test_a_link_to_what_is_not_public_leaves_a_gap(client):
    make_finding("begrip", measures=[make_measure("Nog niet", publication=CONCEPT)])
    make_finding("Geheim punt", measures=[make_measure("Loket")], publication=CONCEPT)

    page = client.get("/evaluaties/").text

    assert "Nog niet" not in page
    assert "Geheim punt" not in page
    assert "Verbeterpunten zonder bekende maatregel" in page
    assert "Maatregelen zonder verbeterpunt" in page


def test_a_finding_names_its_reports_or_says_that_the_source_does_not(client):
    make_finding("begrip")
    make_finding("vertrouwen").evaluations.set([make_evaluation("Beleidsevaluatie", key="E1")])

    page = client.get("/evaluaties/").text

    assert "In welk rapport dit staat, zegt de bron niet." in page
    assert '<a href="#e1">Beleidsevaluatie</a>' in page


def test_measures_have_the_status_of_the_reference_date(client):
    measure = make_measure("Loket")
    make_finding("begrip", measures=[measure])
    report(measure, Status.IMPLEMENTED, on=date(2023, 11, 1))

    assert "Geïmplementeerd" in client.get("/evaluaties/").text
    assert "Geïmplementeerd" not in client.get("/evaluaties/?peildatum=2023-01-01").text


def test_an_empty_page_says_that_it_is(client):
    page = client.get("/evaluaties/").text

    assert "Er staan nog geen rapporten op deze website." in page
    assert "Er staan nog geen verbeterpunten op deze website." in page


@pytest.mark.parametrize("number", [1, 15])
def test_the_page_takes_eight_queries(client, django_assert_num_queries, number):
    for _ in range(number):
        evaluation = make_evaluation()
        evaluation.sources.set([make_source()])
        finding = make_finding(measures=[make_measure(), make_measure()])
        finding.evaluations.set([evaluation])
        finding.sources.set([make_source()])
        for link in finding.measure_links.all():
            link.sources.set([make_source()])

    with django_assert_num_queries(8):
        client.get("/evaluaties/")
