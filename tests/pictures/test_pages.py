"""Each picture: a page, a file, its figures, and an address for other sites."""

import base64
import csv
import hashlib
import io
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measures import chart_files
from measures.models import Status
from measures.pictures import PICTURES
from tests.factories import (
    CONCEPT,
    make_finding,
    make_letter,
    make_measure,
    make_moment,
    make_theme,
    report,
    shift,
)
from tests.moments.test_steps import public

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"
NAMES = [*PICTURES, "maatregel-7"]


@pytest.fixture
def measure():
    """M7 with everything that a picture can show."""
    make_theme("Publieke sturing")
    measure = make_measure("Protocol", number=7, deadline=date(2025, 12, 31))
    report(measure, Status.PLANNED, on=date(2024, 1, 1))
    shift(measure, date(2026, 12, 31), on=date(2024, 3, 1))
    make_finding("nalevingstekort", measures=[measure])
    letter = make_letter("Voortgangsbrief", date=date(2024, 6, 30), date_precision="dag")
    public(make_moment(on=date(2024, 6, 30), letter=letter))
    return measure


def rows_of(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_stands_with_its_sentence_figures_and_files(client, measure, name):
    page = client.get(f"/beelden/{name}/")

    picture = page.context["picture"]
    assert f"<h1>{picture.title}</h1>" in page.text
    assert picture.sentence in page.text
    assert f'id="{name}-titel">{picture.title}</title>' in page.text
    assert f'id="{name}-uitleg">' in page.text
    assert f"{picture.title}: de cijfers</caption>" in page.text
    for address in (f"/beelden/{name}.csv", f"/beelden/{name}.svg"):
        assert f'href="{address}"' in page.text
        assert client.get(address).status_code == 200
    assert f"/beelden/{name}/insluiten/" in page.text
    assert "style=" not in page.text


@pytest.mark.parametrize("name", NAMES)
def test_the_file_stands_by_itself(client, measure, name):
    response = client.get(f"/beelden/{name}.svg")

    root = ElementTree.fromstring(response.content)
    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert root.find(f"{SVG}title").text
    assert "Stand op" in root.find(f"{SVG}desc").text
    assert root.attrib["role"] == "img"
    style = root.find(f"{SVG}style").text
    assert "prefers-color-scheme:dark" in style.replace(" ", "")
    # No name of ours is left that only a browser with our style sheet could fill in.
    assert "var(" not in response.text
    assert "<script" not in response.text
    assert re.findall(r'(?:href|src)="', response.text) == []
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in response["Content-Security-Policy"]


def test_the_colours_of_the_file_are_those_of_the_site():
    light, dark = chart_files.palettes()

    tokens = Path("static/css/tokens.css").read_text()
    assert light["statuses"][0][0] == "onbekend"
    for palette in (light, dark):
        for _, bar, on_bar in palette["statuses"]:
            assert f": {bar};" in tokens
            assert f": {on_bar};" in tokens
    assert light["background"] != dark["background"]


@pytest.mark.parametrize("name", NAMES)
def test_only_the_bare_page_may_be_framed_by_others(client, measure, name):
    bare = client.get(f"/beelden/{name}/insluiten/")
    page = client.get(f"/beelden/{name}/")

    assert "frame-ancestors *" in bare["Content-Security-Policy"]
    assert "X-Frame-Options" not in bare
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    # Nothing else is let go of.
    assert bare["Content-Security-Policy"].replace("*", "'none'") == re.sub(
        "'nonce-[^']*'", "", page["Content-Security-Policy"]
    )
    assert "<form" not in bare.text
    assert "<nav" not in bare.text
    assert not bare.cookies


def test_the_figures_of_the_file_are_those_of_the_day(client, measure):
    report(measure, Status.IMPLEMENTED, on=date(2025, 1, 1))

    then = rows_of(client.get("/beelden/status-per-hoofdlijn.csv?peildatum=2024-06-30"))
    now = rows_of(client.get("/beelden/status-per-hoofdlijn.csv"))

    assert then[0] == ["Hoofdlijn", *(status.label for status in Status), "Samen"]
    assert then[1] == ["Publieke sturing", "0", "1", "0", "0", "0", "0", "0", "1"]
    assert now[1] == ["Publieke sturing", "0", "0", "0", "0", "1", "0", "0", "1"]


def test_status_over_time_has_a_row_per_change(client, measure):
    rows = rows_of(client.get("/beelden/status-door-de-tijd.csv"))

    assert [row[0] for row in rows[1:]] == ["Begin", "01-01-2024"]
    assert rows[1][1] == rows[2][2] == "1"


def test_the_line_of_a_measure_tells_all_that_happened_in_order(client, measure):
    rows = rows_of(client.get("/beelden/maatregel-7.csv"))

    assert [row[:3] for row in rows[1:]] == [
        ["onbekend", "Eerste streefdatum", "31 december 2025"],
        ["1 januari 2024", "Stand van zaken", "Gepland"],
        ["1 maart 2024", "Streefdatum verschoven", "31 december 2026"],
        ["30 juni 2024", "Kamerbrief", "Voortgangsbrief"],
    ]


def test_no_cell_becomes_a_formula(client):
    make_finding("=HYPERLINK(1)", measures=[make_measure("+SOM(A1)")])

    rows = rows_of(client.get("/beelden/verbeterpunten-en-maatregelen.csv"))

    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@pytest.mark.parametrize("name", PICTURES)
def test_an_empty_site_has_pictures_that_say_so(client, name):
    page = client.get(f"/beelden/{name}/")

    assert page.status_code == 200
    assert re.search(r"nog geen|geen streefdatum", page.text)
    assert client.get(f"/beelden/{name}.svg").status_code == 200


def test_a_picture_keeps_the_day_in_its_links(client, measure):
    page = client.get("/beelden/streefdata/?peildatum=2024-06-30&bekend_op=2026-11-01")

    query = "?peildatum=2024-06-30&amp;bekend_op=2026-11-01"
    for address in (".svg", ".csv", "/insluiten/"):
        assert f"/beelden/streefdata{address}{query}" in page.text
    assert f'href="/beelden/{query}"' in page.text


def test_what_is_not_public_is_in_no_picture(client, measure):
    hidden = make_measure("Zwartemarker", number=8, publication=CONCEPT)
    report(hidden, Status.IMPLEMENTED, on=date(2024, 1, 1))
    make_finding("nog een punt", measures=[hidden])
    make_finding("Zwartemarker", measures=[measure], publication=CONCEPT)
    report(measure, Status.IMPLEMENTED, on=date(2025, 1, 1), publication=CONCEPT)

    for name in NAMES:
        for address in (f"{name}/", f"{name}.svg", f"{name}.csv", f"{name}/insluiten/"):
            text = client.get(f"/beelden/{address}").text
            assert "Zwartemarker" not in text
            assert "Geïmplementeerd: 1" not in text
    assert client.get("/beelden/maatregel-8/").status_code == 404
    assert client.get("/beelden/maatregel-8.csv").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "bestaat-niet/",
        "bestaat-niet.svg",
        "maatregel-0/",
        "maatregel-07/",
        "maatregel-99999999999999999999/",
        "maatregel-9.csv",
        "streefdata.png",
        "maatregel-9/insluiten/",
    ],
)
def test_a_picture_that_does_not_exist_is_not_found(client, measure, address):
    assert client.get(f"/beelden/{address}").status_code == 404


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.from_regex(r"[a-z0-9-]{1,30}", fullmatch=True), st.text(max_size=12))
def test_whatever_is_asked_for_never_breaks(client, name, day):
    for address in (f"/beelden/{name}/", f"/beelden/{name}.svg", "/beelden/streefdata.csv"):
        assert client.get(address, {"peildatum": day, "bekend_op": day}).status_code < 500


# A list that grows makes no more queries. The theme picture counts, the measure reads its own.
QUERIES = {
    "status-per-hoofdlijn": 2,
    "status-door-de-tijd": 1,
    "streefdata": 1,
    "verbeterpunten-en-maatregelen": 2,
}


@pytest.mark.parametrize("number", [2, 40])
@pytest.mark.parametrize("name", QUERIES)
def test_a_picture_takes_a_fixed_number_of_queries(client, django_assert_num_queries, name, number):
    for n in range(number):
        measure = make_measure(deadline=date(2026, 1, 1 + n % 28))
        report(measure, Status.PLANNED, on=date(2024, 1, 1 + n % 28))
        make_finding(measures=[measure])

    # The first to ask after a change counts; see measures/once.py.
    client.get(f"/beelden/{name}.svg")
    with django_assert_num_queries(QUERIES[name]):
        client.get(f"/beelden/{name}.svg")
