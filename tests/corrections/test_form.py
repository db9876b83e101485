"""'Klopt dit niet?': anybody may say what is wrong; machines are refused, people lose nothing."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kwalibo.corrections.forms import LONGEST, CorrectionForm
from measures.models import CorrectionProposal, Status
from parties.publication import Publication
from tests.factories import (
    CONCEPT,
    make_letter,
    make_measure,
    make_moment,
    make_motion,
    make_party,
    report,
)

pytestmark = pytest.mark.django_db

ADDRESS = "/klopt-dit-niet/"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def sealed() -> str:
    """The seal of a form that a person opened a minute ago."""
    with time_machine.travel(timezone.now() - timedelta(minutes=1)):
        return CorrectionForm().fresh_seal


def send(client, over="website", **values):
    data = {"wrong": "De datum klopt niet.", "seal": sealed()} | values
    return client.post(f"{ADDRESS}?over={over}", data)


def test_what_somebody_sends_reaches_the_desk_with_what_it_is_about(client):
    measure = make_measure("Loket")
    update = report(measure, Status.PLANNED, on=date(2024, 1, 1))

    answer = send(
        client,
        f"stand-{update.pk}&peildatum=2024-06-01",
        right="1 februari 2024.",
        url="zoek.voorbeeld.example/kst-1",
        email="lezer@voorbeeld.example",
    )

    found = CorrectionProposal.objects.get()
    assert (found.measure, found.about, found.seen_on) == (measure, update, date(2024, 6, 1))
    assert found.subject_title == (f"de stand van zaken van {measure.code} Loket op 1 januari 2024")
    assert (found.wrong, found.right) == ("De datum klopt niet.", "1 februari 2024.")
    assert found.url == "https://zoek.voorbeeld.example/kst-1"
    assert found.email == "lezer@voorbeeld.example"
    assert found.state == CorrectionProposal.State.NEW
    thanks = client.get(answer.url)
    assert found.reference in thanks.text
    assert "De datum" not in thanks.text


def test_the_form_sets_no_cookie_and_is_kept_by_no_cache(client):
    for response in (client.get(ADDRESS), send(client), send(client, wrong="")):
        assert not response.cookies
        assert "no-store" in response.headers["Cache-Control"]


def test_everything_that_a_reader_can_point_at_has_a_link_that_works(client):
    measure = make_measure()
    update = report(measure, Status.PLANNED, on=date(2024, 1, 1))
    motion, party = make_motion(slug="30015-87"), make_party(slug="een-partij")
    letter = make_letter(key="brief-2024")
    for page, over in [
        (measure.get_absolute_url(), f"maatregel-{measure.number}"),
        (update.get_absolute_url(), f"stand-{update.pk}"),
        (motion.get_absolute_url(), "motie-30015-87"),
        (party.get_absolute_url(), "partij-een-partij"),
        ("/kamerbrieven/", f"brief-{letter.key}"),
        ("/verantwoording/", "bronnen"),
    ]:
        assert f'href="/klopt-dit-niet/?over={over}"' in client.get(page).text, page
        assert client.get(f"{ADDRESS}?over={over}").status_code == 200, over


def test_the_link_keeps_the_day_of_the_page(client):
    measure = make_measure()
    page = client.get(f"{measure.get_absolute_url()}?peildatum=2024-01-01").text

    assert f"?over=maatregel-{measure.number}&amp;peildatum=2024-01-01" in page
    form = client.get(f"{ADDRESS}?over=maatregel-{measure.number}&peildatum=2024-01-01").text
    assert "stand op 1 januari 2024" in form


@pytest.mark.parametrize(
    "over",
    ["maatregel-999", "maatregel-", "stand-x", "stand-99999999999999999999", "iets", "-", "%00"],
)
def test_what_is_not_there_is_said_and_the_form_is_about_the_website(client, over):
    response = client.get(f"{ADDRESS}?over={over}")

    assert response.status_code == 404
    assert "staat niet (meer) op deze website" in response.text
    assert 'action="?over=website"' in response.text


def test_nothing_that_is_not_public_can_be_pointed_at(client):
    measure = make_measure("Geheim", publication=CONCEPT)
    open_measure = make_measure()
    concept = report(open_measure, Status.PLANNED, on=date(2024, 1, 1), publication=CONCEPT)
    hidden = [
        f"maatregel-{measure.number}",
        f"stand-{report(measure, Status.PLANNED, on=date(2024, 1, 1)).pk}",
        f"stand-{concept.pk}",
        f"motie-{make_motion('Geheim', publication=CONCEPT).slug}",
        f"partij-{make_party('Geheim', publication=Publication.WITHDRAWN).slug}",
        f"brief-{make_letter('Geheim', publication=CONCEPT).key}",
    ]
    for over in hidden:
        response = client.get(f"{ADDRESS}?over={over}")
        assert response.status_code == 404, over
        assert "Geheim" not in response.text


def test_the_letter_of_a_moment_that_is_not_public_leads_to_the_list_of_letters(client):
    letter = make_letter()
    moment = make_moment(on=date(2024, 1, 1), letter=letter)

    page = client.get(f"{ADDRESS}?over=brief-{letter.key}").text

    assert f'href="/kamerbrieven/#{letter.key}"' in page
    assert moment.slug not in page


def test_a_text_about_what_was_withdrawn_meanwhile_is_not_lost(client):
    response = send(client, "stand-999", wrong="Mijn lange verhaal.")

    assert response.status_code == 404
    assert "Mijn lange verhaal." in response.text
    assert not CorrectionProposal.objects.exists()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"wrong": " "}, "Vul in wat er niet klopt."),
        ({"wrong": "a" * (LONGEST + 1)}, f"hoogstens {LONGEST} tekens. Nu zijn dat er 2001."),
        ({"right": "a" * (LONGEST + 1)}, f"hoogstens {LONGEST} tekens"),
        ({"wrong": "www.a.nl www.b.nl http://c.nl https://d.nl"}, "te veel webadressen"),
        ({"url": "javascript:alert(1)"}, "webadres"),
        ({"url": "ftp://voorbeeld.example/a"}, "begint met https:// of http://"),
        ({"email": "geen adres"}, "mailadres"),
        ({"extra": "koop hier"}, "Laat dit veld leeg"),
        ({"seal": ""}, "verstuur het opnieuw"),
    ],
)
def test_what_cannot_be_taken_is_said_in_dutch_and_everything_typed_stays(client, values, says):
    kept = {"right": "Mijn verbetering.", "email": "lezer@voorbeeld.example"} | values
    response = send(client, **kept)

    assert response.status_code == 400
    assert says in response.text
    for name in ("right", "email"):
        assert kept[name] in response.text
    assert not CorrectionProposal.objects.exists()


def test_three_links_are_fine(client):
    send(client, wrong="https://a.nl en https://b.nl", right="Zie www.c.nl")

    assert CorrectionProposal.objects.count() == 1


def test_pressing_twice_makes_one_proposal_with_one_reference(client):
    seal = sealed()

    first, second = send(client, seal=seal), send(client, seal=seal)

    assert first.url == second.url
    assert CorrectionProposal.objects.count() == 1


def test_who_sends_too_many_is_told_to_wait_and_keeps_the_text(client, settings):
    settings.OPEN_FORM_HOURLY = 2
    send(client)
    send(client)

    response = send(client, wrong="De derde.")

    assert response.status_code == 429
    assert "over een uur" in response.text
    assert "De derde." in response.text
    assert CorrectionProposal.objects.count() == 2


def test_a_reference_that_nobody_has_is_not_there(client):
    assert client.get(f"{ADDRESS}dank/V-AAAAAAAA/").status_code == 404


TEXT = st.text(max_size=60)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    over=st.one_of(
        TEXT, st.builds("{}-{}".format, st.sampled_from(["maatregel", "stand", "motie"]), TEXT)
    ),
    data=st.dictionaries(
        st.sampled_from(["wrong", "right", "url", "email", "extra", "seal"]),
        st.one_of(TEXT, st.lists(TEXT, max_size=2)),
    ),
    is_sealed=st.booleans(),
)
def test_whatever_is_sent_is_answered_and_never_breaks(client, over, data, is_sealed):
    cache.clear()
    if is_sealed:
        data = data | {"seal": sealed(), "wrong": "Dit klopt niet."}

    response = client.post(ADDRESS, data, query_params={"over": over})

    assert response.status_code in (302, 400, 404)
    assert client.get(ADDRESS, {"over": over}).status_code in (200, 404)
