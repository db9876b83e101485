"""/vergelijken/ and its files."""

import json
import re
from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from measures import moments
from measures.models import Snapshot, Status
from measures.periods import Precision
from tests.factories import make_letter, make_measure, make_moment, make_party, report, shift

pytestmark = pytest.mark.django_db

TODAY = "2026-11-24"
FILES = ["odt", "docx", "pdf", "xlsx", "ods", "csv", "json"]
IN_2025 = {"van": "2024-12-31", "tot": "2025-12-31"}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def measure():
    measure = make_measure(
        "Toezicht op ketens", number=7, deadline=date(2025, 6, 1), lead=make_party("Inspectie")
    )
    report(measure, Status.PLANNED, on=date(2024, 3, 1), explanation="Het werk loopt bijna.")
    report(measure, Status.IMPLEMENTED, on=date(2025, 3, 1), explanation="Het werk loopt goed.")
    shift(measure, date(2025, 9, 1), on=date(2025, 4, 1), reason="De proef duurde langer.")
    return measure


def letter_of(day: date):
    """A public reporting moment that tells of `day`."""
    letter = make_letter("Voortgang", date=date(2024, 4, 4), date_precision=Precision.DAY)
    moment = make_moment("Brief van april", on=day, letter=letter, slug="brief-april")
    moments.render_files(moments.freeze(moment, by=None))
    return moments.release(moment)


def text_of(page) -> str:
    """The page as somebody reads it, without the words for who listens."""
    text = re.sub(r'<span class="rhc-visually-hidden">.*?</span>', "", page.text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_without_a_question_the_page_explains_itself(client):
    page = client.get("/vergelijken/")

    assert page.status_code == 200
    assert "Welke momenten wilt u vergelijken?" in page.text
    assert "/vergelijken/?van=2026-01-01" in page.text


def test_it_tells_from_what_to_what_and_why(client, measure):
    page = client.get("/vergelijken/", IN_2025)
    text = text_of(page)

    assert page.status_code == 200
    assert "Tussen 31 december 2024 en 31 december 2025 is 1 maatregel geïmplementeerd" in text
    assert re.search(r"Gepland\s+→\s+Geïmplementeerd", text)
    assert re.search(r"1 juni 2025\s+→\s+1 september 2025", text)
    assert "Reden: De proef duurde langer." in text
    assert re.search(r"<del>.*bijna.*</del><ins>.*goed.*</ins>", page.text)
    assert '<span class="rhc-visually-hidden"> toegevoegd: </span>goed' in page.text


def test_the_sum_of_both_moments_is_shown(client, measure):
    with time_machine.travel("2025-02-01"):
        make_measure("Al even bekend")
    report(make_measure("Weg"), Status.DROPPED, on=date(2025, 5, 1))

    text = text_of(client.get("/vergelijken/", IN_2025))

    found = re.search(r"(\d+) maatregelen op 31 december 2024 \+ (\d+) nieuw = (\d+) maat", text)
    assert found
    assert int(found[1]) + int(found[2]) == int(found[3])


def test_nothing_changed_is_one_plain_sentence(client, measure):
    text = text_of(client.get("/vergelijken/", {"van": "2025-12-31"}))

    assert (
        "Sinds 31 december 2025 is niets veranderd: van de maatregel zijn de status, de "
        "streefdatum en de tekst gelijk gebleven." in text
    )
    assert "Toon de maatregel die niet veranderde" in text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("van=gisteren", "Wij kennen geen brief of datum ‘gisteren’."),
        ("van=2024-02-30", "De datum ‘2024-02-30’ bestaat niet."),
        ("van=2027-01-01", "1 januari 2027 ligt in de toekomst."),
        (
            "van=2025-01-01&tot=2024-01-01",
            "Dit moment (1 januari 2025) ligt na het tweede (1 januari 2024)",
        ),
        ("tot=2025-01-01", "Kies hier het eerste moment."),
        ("van=2024-01-01&van=2025-01-01", "Kies een brief of een datum, niet allebei."),
        ("van=<script>alert(1)</script>", "&lt;script&gt;"),
    ],
)
def test_a_question_that_cannot_be_answered_gets_a_dutch_sentence_and_keeps_the_form(
    client, query, message
):
    page = client.get(f"/vergelijken/?{query}")

    assert page.status_code == 400
    assert message in page.text
    assert "<script>" not in page.text
    assert '<button class="utrecht-button' in page.text


def test_what_was_typed_stays_in_the_form(client):
    page = client.get("/vergelijken/?van=2025-01-01&tot=2024-01-01").text

    assert 'value="2025-01-01"' in page
    assert 'value="2024-01-01"' in page


def test_empty_fields_of_the_form_do_not_stay_in_the_address(client):
    page = client.get("/vergelijken/?van=&van=2024-12-31&tot=&tot=")

    assert page.status_code == 302
    assert page.headers["Location"] == "/vergelijken/?van=2024-12-31"


def test_a_letter_is_compared_as_it_was_frozen(client, measure):
    letter_of(date(2024, 12, 31))
    measure.updates.filter(status=Status.PLANNED).first().withdraw("Het was anders.")

    text = text_of(client.get("/vergelijken/?van=brief-april"))

    assert "Sinds de brief van 4 april 2024 is 1 maatregel geïmplementeerd" in text
    assert re.search(r"Gepland\s+→\s+Geïmplementeerd", text)


def test_a_letter_that_is_not_public_is_not_known(client, measure):
    make_moment("Geheim", on=date(2025, 1, 1), slug="geheim")

    page = client.get("/vergelijken/?van=geheim")

    assert page.status_code == 400
    assert "Wij kennen geen brief of datum ‘geheim’." in page.text
    assert "Geheim" not in page.text


def test_a_damaged_letter_is_told_and_not_compared(client, measure, monkeypatch):
    letter_of(date(2024, 12, 31))
    monkeypatch.setattr("measures.snapshot.sha256_of", lambda document: "0" * 64)

    page = client.get("/vergelijken/?van=brief-april")

    assert page.status_code == 500
    assert "is beschadigd" in page.text
    assert Snapshot.objects.count() == 1


def test_the_number_of_queries_does_not_grow(client):
    def queries_with(number: int) -> int:
        for _ in range(number):
            measure = make_measure(deadline=date(2025, 6, 1))
            report(measure, Status.PLANNED, on=date(2024, 3, 1))
            report(measure, Status.IMPLEMENTED, on=date(2025, 3, 1))
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/vergelijken/", IN_2025).status_code == 200
        return len(queries)

    assert queries_with(3) == queries_with(30)


@pytest.mark.parametrize("format", FILES)
def test_every_format_gives_the_comparison_and_the_same_bytes_twice(client, measure, format):
    first = client.get(f"/vergelijken.{format}", IN_2025)
    again = client.get(f"/vergelijken.{format}", IN_2025)

    assert first.status_code == 200
    assert first.content == again.content
    if format != "json":
        name = f"vergelijking-kwalibo-2024-12-31-2025-12-31.{format}"
        assert name in first.headers["Content-Disposition"]


def test_a_document_is_made_once(client, measure, monkeypatch):
    first = client.get("/vergelijken.csv", IN_2025)
    monkeypatch.setattr("measures.documents.render", None)

    assert client.get("/vergelijken.csv", IN_2025).content == first.content


def test_the_json_says_all_that_the_page_says(client, measure):
    found = client.get("/vergelijken.json", IN_2025).json()

    assert (found["schema"], found["versie"]) == ("kwalibo-vergelijking", 1)
    assert found["som"]["van"] + found["som"]["nieuw"] == found["som"]["tot"]
    assert sum(found["som"]["per_soort"].values()) == len(found["maatregelen"])
    (told,) = found["maatregelen"]
    assert told["soorten"] == ["status", "streefdatum", "tekst"]
    assert told["van"]["status"] == "gepland"
    assert told["tot"]["streefdatum"] == "2025-09-01"
    assert told["reden_streefdatum"] == "De proef duurde langer."
    assert "".join(p["tekst"] for p in told["verschil"] if p["soort"] != "vervallen") == (
        "Het werk loopt goed."
    )


def test_words_that_changed_can_be_told_apart_without_colour(client, measure):
    text = client.get("/vergelijken.csv", IN_2025).content.decode("utf-8-sig")

    assert "Het werk loopt [vervallen: bijna] [nieuw: goed]." in text


def test_no_text_becomes_a_formula(client, measure):
    report(measure, Status.IMPLEMENTED, on=date(2025, 8, 1), explanation="=1+1")

    sheet = client.get("/vergelijken.xlsx", IN_2025).content
    table = client.get("/vergelijken.csv", IN_2025).content.decode("utf-8-sig")

    cells = [c for row in load_workbook(BytesIO(sheet))["Maatregelen"] for c in row]
    assert any(cell.value == "=1+1" for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
    assert ";=1+1" not in table


@pytest.mark.parametrize("format", FILES)
def test_a_file_of_nothing_is_refused_in_dutch(client, format):
    for query in ("", "van=gisteren"):
        answer = client.get(f"/vergelijken.{format}?{query}")

        assert answer.status_code == 400
        told = json.dumps(answer.json()) if format == "json" else answer.text
        assert "Van: " in told


def test_the_page_of_the_annex_leads_to_it(client):
    assert "/vergelijken/?van=2024-12-31" in client.get("/bijlage/?peildatum=2024-12-31").text
