"""/bijlage/ and its files: the annex as a page, and what a browser gets to keep."""

import html
import re
from datetime import date

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures import annex
from measures.annex import files
from measures.models import AnnexFile, Status
from tests.factories import make_measure, make_motion, make_source, make_theme, report

from .reading import FORMATS
from .test_leaks import HIDDEN, MARKER

pytestmark = pytest.mark.django_db

DAY = date(2024, 12, 31)
ON_THE_DAY = {"peildatum": "2024-12-31"}


@pytest.fixture
def measure():
    measure = make_measure("Toezicht op ketens", number=1, theme=make_theme("Toezicht"))
    report(measure, Status.PLANNED, on=date(2024, 1, 1), explanation="Afgesproken.")
    report(measure, Status.IMPLEMENTED, on=date(2025, 6, 1), explanation="Klaar.")
    return measure


def address(format: str, day: str = "2024-12-31") -> str:
    return reverse("annex-file", args=[f"bijlage-kwalibo-{day}.{format}"])


def page(client, **query) -> str:
    response = client.get(reverse("annex"), query)
    assert response.status_code == 200
    return response.content.decode()


# The page.


def test_the_page_says_what_the_files_say(client):
    call_command("load_kwalibo", verbosity=0)
    content = annex.build(DAY)

    shown = html.unescape(re.sub(r"<[^>]*>", "", page(client, **ON_THE_DAY)))
    shown = re.sub(r"\s+", " ", shown)

    for section in content.sections:
        for row in section.rows:
            assert row.title.text in shown
            for line in row.progress:
                assert re.sub(r"\s+", " ", line.text) in shown
    for note in content.notes:
        assert note.text.split(",")[0] in shown


def test_the_page_is_as_of_the_day_that_was_asked_for(client, measure):
    then, now = page(client, **ON_THE_DAY), page(client)

    assert "Afgesproken." in then
    assert "Klaar." not in then
    assert "Klaar." in now


def test_every_table_has_a_caption_and_headers(client, measure):
    make_motion()
    tables = re.findall(r"<table.*?</table>", page(client), re.DOTALL)

    assert len(tables) >= 4
    for table in tables:
        assert "<caption" in table
        assert 'scope="col"' in table


def test_every_note_in_the_text_leads_to_its_source(client):
    call_command("load_kwalibo", verbosity=0)
    shown = page(client)

    links = set(re.findall(r'href="#(bron-\d+)"', shown))

    assert links
    assert links == set(re.findall(r'id="(bron-\d+)"', shown))


def test_the_page_offers_six_files_of_the_same_day(client, measure):
    shown = page(client, **ON_THE_DAY)

    for format in FORMATS:
        assert f'href="{address(format)}"' in shown
        assert f"({annex.FORMATS[format].label}" in shown


def test_the_page_tells_the_size_of_a_file_that_was_made_and_makes_none(client, measure):
    page(client, **ON_THE_DAY)
    assert not AnnexFile.objects.exists()

    client.get(address("csv"))

    assert re.search(r"\(CSV, [\d,]+\s(bytes|KB)\)", page(client, **ON_THE_DAY))


def test_text_on_the_page_cannot_become_markup(client):
    report(make_measure("<script>a</script>"), Status.PLANNED, on=DAY, explanation="<b>b</b>")

    shown = page(client)

    assert "<script>a" not in shown
    assert "<b>b" not in shown


@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__)
def test_what_is_not_public_is_not_on_the_page(client, hide):
    measure = make_measure("Toezicht op ketens", theme=make_theme("Toezicht"))
    report(measure, Status.PLANNED, on=date(2024, 1, 1))
    hide(measure)

    assert MARKER not in page(client, **ON_THE_DAY)


def test_the_number_of_queries_does_not_depend_on_the_number_of_measures(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            page(client)
        return len(counted)

    def more(number):
        for _ in range(number):
            report(make_measure(sources=[make_source()]), Status.PLANNED, on=DAY)

    more(3)
    few = queries()
    more(47)

    assert queries() == few


def test_an_empty_database_has_a_page(client):
    assert "Wat de statussen betekenen" in page(client)


# The files.


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_comes_with_its_name_its_type_and_the_bytes_of_the_annex(client, measure, format):
    response = client.get(address(format))

    assert response.status_code == 200
    assert response.content == annex.render(annex.build(DAY), format)
    assert response["Content-Type"] == annex.FORMATS[format].media_type
    assert response["Content-Disposition"] == (
        f'attachment; filename="bijlage-kwalibo-2024-12-31.{format}"'
    )


def test_a_file_that_many_fetch_is_rendered_once(client, measure, monkeypatch):
    rendered = []

    def render(content, format):
        rendered.append(format)
        return annex.render(content, format)

    monkeypatch.setattr(files, "render", render)

    for _ in range(5):
        assert client.get(address("pdf")).status_code == 200
    client.head(address("pdf"))

    assert rendered == ["pdf"]


def test_who_has_the_file_already_gets_no_second_copy(client, measure):
    first = client.get(address("csv"))

    again = client.get(address("csv"), headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]


def test_news_reaches_who_has_an_earlier_file(client, measure):
    first = client.get(address("csv"))
    report(measure, Status.IN_DEVELOPMENT, on=DAY, explanation="Er is begonnen.")

    again = client.get(address("csv"), headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 200
    assert "Er is begonnen." in again.content.decode()
    assert again["ETag"] != first["ETag"]


def test_two_formats_and_two_days_have_tags_of_their_own(client, measure):
    names = [("csv", "2024-12-31"), ("csv", "2024-12-30"), ("xlsx", "2024-12-31")]

    tags = {(client.get(address(*name))["ETag"], name[0]) for name in names}

    assert len(tags) == 3


@pytest.mark.parametrize(
    "name",
    [
        "bijlage-kwalibo-2024-12-31.doc",
        "bijlage-kwalibo-2024-12-31",
        "bijlage-kwalibo-2024-12-31.pdf.exe",
        "bijlage-kwalibo-morgen.pdf",
        "bijlage.pdf",
        "..pdf",
        "bijlage-kwalibo-2024-12-31.pdf\n",
    ],
    ids=ascii,
)
def test_a_file_that_does_not_exist_is_a_dutch_404(client, measure, name):
    response = client.get(reverse("annex-file", args=[name]))

    assert response.status_code == 404
    assert 'lang="nl"' in response.content.decode()


def test_a_day_that_does_not_exist_is_said_to(client, measure):
    response = client.get(address("pdf", "2024-02-30"))

    assert response.status_code == 400
    assert "2024-02-30" in response.content.decode()
    assert "bestaat niet" in response.content.decode()


@time_machine.travel("2025-03-01 12:00:00+01:00")
def test_a_day_in_the_future_has_no_annex(client, measure):
    response = client.get(address("pdf", "2025-03-02"))

    assert response.status_code == 400
    assert "toekomst" in response.content.decode()
    assert not AnnexFile.objects.exists()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_can_be_sent_to_the_annex(client, method):
    for where in (reverse("annex"), address("csv")):
        assert getattr(client, method)(where).status_code == 405


def test_on_a_phone_where_a_row_is_a_card_each_cell_still_names_its_column(client, measure):
    shown = page(client)

    for column in ("Maatregel", "Trekker", "Stand van zaken", "Status"):
        assert f'<td data-label="{column}"' in shown
    assert "<td>" not in shown
