"""What the public reads of a letter: as it was told then, next to now."""

import hashlib
import html
import json
from datetime import date

import pytest
from django.core.management import call_command

from measures import annex, moments, snapshot
from measures.models import ReportingMoment, Snapshot, Status
from tests.factories import CONCEPT, make_letter, make_measure, make_moment, report
from tests.moments.test_steps import frozen, held, public, tamper

pytestmark = pytest.mark.django_db
DAY = date(2024, 12, 31)
LETTER = "/kamerbrieven/de-brief/"


@pytest.fixture
def measure():
    measure = make_measure("Het loket", number=3)
    report(measure, Status.PLANNED, on=date(2024, 3, 1), explanation="Het plan is er.")
    return measure


@pytest.fixture
def moment(measure):
    letter = make_letter("Brief over het stelsel", date=DAY, date_precision="dag", dossier="30015")
    return public(make_moment("De brief", on=DAY, slug="de-brief", letter=letter))


def text_of(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return html.unescape(" ".join(response.text.split()))


def test_a_letter_shows_then_next_to_now(client, moment, measure):
    report(measure, Status.IMPLEMENTED, on=date(2025, 6, 1))
    make_measure("Een nieuwe maatregel")

    page = text_of(client, LETTER)

    assert "De status daarvan is nu anders." in page
    assert page.index("Gepland") < page.index("Geïmplementeerd")
    assert "Stond nog niet in deze brief" in page
    assert "Een nieuwe maatregel" in page
    assert moment.snapshot.sha256 in page


def test_a_letter_says_what_it_said_whatever_is_edited(client, moment, measure):
    measure.title = "Een andere titel"
    measure.save()

    assert "Het loket" in text_of(client, LETTER)
    assert "Het plan is er." in text_of(client, f"{LETTER}maatregelen/3/")
    assert "Een andere titel" not in text_of(client, f"{LETTER}maatregelen/3/")


def test_the_number_of_the_paper_may_come_later(client, moment):
    assert "Het nummer van het Kamerstuk is onbekend." in text_of(client, LETTER)
    moment.letter.paper_number = "131"
    moment.letter.save()

    page = text_of(client, LETTER)

    assert "Kamerstukken II 2024/25, 30 015, nr. 131." in page
    assert "Het nummer is na het vaststellen bekend geworden" in page


@pytest.mark.parametrize("format", [*annex.FORMATS, "json"])
def test_a_file_is_what_was_frozen(client, moment, format, monkeypatch):
    monkeypatch.setattr(annex, "render", None)  # No request renders a document.

    response = client.get(f"{LETTER}bijlage.{format}")

    assert response.status_code == 200
    assert not response.cookies
    digest = hashlib.sha256(response.content).hexdigest()
    assert response.headers["ETag"] == f'"{digest}"'
    if format == "json":
        assert digest == moment.snapshot.sha256
        assert json.loads(response.content)["schema"] == "kwalibo-bijlage"
    again = client.get(f"{LETTER}bijlage.{format}", headers={"If-None-Match": f'"{digest}"'})
    assert again.status_code == 304


def test_another_format_is_said_not_to_be_there(client, moment):
    assert "De bijlage is er als: odt, docx" in text_of(client, f"{LETTER}bijlage.doc", 404)


ADDRESSES = [LETTER, f"{LETTER}bijlage.pdf", f"{LETTER}bijlage.json", f"{LETTER}maatregelen/3/"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("state", ["voorbereiding", "vastgesteld", "ingetrokken"])
def test_before_it_is_public_nobody_finds_it(client, measure, address, state):
    moment = make_moment(
        "Geheim", on=DAY, slug="de-brief", letter=make_letter("Geheime brief", publication=CONCEPT)
    )
    held(moment, measure, Status.IMPLEMENTED, on=DAY, explanation="Geheim.")
    if state != "voorbereiding":
        frozen(moment)
    if state == "ingetrokken":
        moments.withdraw(moment, "Gaat niet door.")

    assert client.get(address).status_code == 404
    for page in ["/kamerbrieven/", "/maatregelen/3/", "/", "/bijlage/", "/maatregelen.json"]:
        assert "eheim" not in client.get(page).text


def test_the_list_of_letters_keeps_to_the_day(client, moment):
    make_letter("Een latere brief", date=date(2025, 9, 1), date_precision="dag")

    assert "Een latere brief" in text_of(client, "/kamerbrieven/")
    on_the_day = text_of(client, "/kamerbrieven/?peildatum=2025-01-01")
    assert "Een latere brief" not in on_the_day
    assert 'href="/kamerbrieven/de-brief/"' in on_the_day


def test_a_measure_points_to_the_letters_that_name_it(client, moment):
    other = make_measure("Later bedacht")
    assert f'href="{LETTER}maatregelen/3/"' in text_of(client, "/maatregelen/3/")
    assert "eerdere brieven" not in text_of(client, other.get_absolute_url())


def test_a_measure_that_the_letter_does_not_name_is_not_there(client, moment):
    other = make_measure()
    assert client.get(f"{LETTER}maatregelen/{other.number}/").status_code == 404


def test_a_corrupt_snapshot_is_said_and_not_shown(client, moment):
    tamper("UPDATE measures_snapshot SET document = REPLACE(document, 'Het plan', 'Een plan')")
    client.raise_request_exception = False

    response = client.get(LETTER)

    assert response.status_code == 500
    page = html.unescape(response.text)
    assert "Dit overzicht is beschadigd" in page
    assert "Een plan" not in page


def test_a_letter_takes_as_many_queries_with_many_measures(
    client, django_assert_num_queries, measure
):
    first = public(make_moment(on=DAY, slug="weinig"))
    for number in range(20):
        report(make_measure(), Status.PLANNED, on=date(2024, 1, 1 + number))
    second = public(make_moment(on=DAY, slug="veel"))
    for moment in (first, second):
        with django_assert_num_queries(3):
            client.get(moment.get_absolute_url())


def test_the_letters_of_the_data_set_are_reconstructions_and_say_so(client):
    call_command("load_kwalibo", verbosity=0)

    assert [moment.slug for moment in ReportingMoment.objects.public()] == [
        "slotbrief-2025",
        "verzamelbrief-2023-12-29",
        "verzamelbrief-2023-07-06",
        "verzamelbrief-2023-01-19",
        "brief-2022-04-04",
    ]
    page = text_of(client, "/kamerbrieven/brief-2022-04-04/")
    assert "Dit is een reconstructie" in page
    assert "Kamerstukken II 2021/22, 30 015, nr. 104" in page
    for made in Snapshot.objects.all():
        content = snapshot.read(made)
        assert content.moment.is_reconstruction
        assert content.introduction[0].text.startswith("Dit is een reconstructie bij de brief")
        assert content.introduction[1].text  # What is not known of this letter.
    # Before 2023 no source says how far a measure was.
    first = snapshot.read(ReportingMoment.objects.get(slug="brief-2022-04-04").snapshot)
    assert {row.status for s in first.sections for row in s.rows} == {Status.UNKNOWN}

    call_command("load_kwalibo", verbosity=0)
    assert Snapshot.objects.count() == 5
