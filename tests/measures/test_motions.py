"""The pages of motions and commitments: what Parliament asked and was promised."""

from datetime import date

import pytest

from measures.models import Motion, Status
from measures.models.parliament import printed_number
from parties.certainty import Certainty
from tests.factories import (
    CONCEPT,
    make_commitment,
    make_letter,
    make_measure,
    make_motion,
    make_source,
    report,
)

pytestmark = pytest.mark.django_db
Link = Motion.ClosingLetterLink


def make_printed_motion(title="Motie van het lid Moorlag", number="87", **values):
    return make_motion(
        title,
        slug=f"30015-{number}",
        dossier="30015",
        paper_number=number,
        **{"date": date(2020, 12, 2), "date_precision": "dag"} | values,
    )


def test_the_page_says_first_that_the_sources_do_not_name_the_two_motions(client):
    make_motion("Motie een", closing_letter_link=Link.CANDIDATE)

    page = client.get("/moties/").text

    assert page.index("De bronnen zeggen niet welke twee") < page.index("Motie een")
    assert "kandidaten</strong>" in page


def test_candidates_come_before_the_motions_that_are_unlikely(client):
    make_motion("Verworpen motie", closing_letter_link=Link.EXCLUDED, date=date(2021, 1, 1))
    make_motion("Passende motie", closing_letter_link=Link.WEAK, date=date(2020, 1, 1))

    page = client.get("/moties/").text

    assert page.index("Passende motie") < page.index("Andere moties")
    assert page.index("Andere moties") < page.index("Verworpen motie")


def test_a_motion_that_the_letter_names_is_not_called_a_candidate(client):
    make_motion("Genoemde motie", closing_letter_link=Link.STATED)

    page = client.get("/moties/").text

    assert "Moties die de brief behandelt" in page
    assert 'site-label">Kandidaat' not in page


@pytest.mark.parametrize(
    "question",
    ["30015-87", "kst-30015-87", "30 015, nr. 87", "moorlag", "MOORLAG", "waarborgen"],
)
def test_a_motion_is_found_as_people_type_it(client, question):
    make_printed_motion(request="Meer waarborgen.", proposers=[("Moorlag", "PvdA")])
    make_printed_motion("Andere motie", "88")

    page = client.get("/moties/", {"q": question}).text

    assert "Motie van het lid Moorlag" in page
    assert "Andere motie<" not in page


def test_a_name_is_found_without_its_accents(client):
    make_motion("Motie over voorzorg", proposers=[("Laçin", "SP"), ("Kröger", "GroenLinks")])

    assert "Motie over voorzorg" in client.get("/moties/", {"q": "kroger"}).text
    assert "Motie over voorzorg" in client.get("/moties/", {"q": "Lacin"}).text


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("kst-36410-XII-14", "36410-xii-14"),
        ("Kamerstukken II 2020/21, 30 015, nr. 87", "30015-87"),
        ("30015", "30015"),
        ("2022D21051", "2022d21051"),
    ],
)
def test_a_printed_number_is_read_from_a_citation(typed, number):
    assert printed_number(typed) == number


def test_a_search_without_result_says_what_to_try(client):
    make_printed_motion()

    page = client.get("/moties/", {"q": "bestaat niet"}).text

    assert "Wij vonden niets voor ‘bestaat niet’" in page
    assert "Motie van het lid Moorlag" not in page


def test_a_search_that_no_database_can_read_is_answered(client):
    assert client.get("/moties/", {"q": "\x00<script>"}).status_code == 200


def test_a_member_reaches_her_motion_in_two_clicks(client):
    motion = make_printed_motion(proposers=[("Moorlag", "PvdA")])

    assert 'href="/moties/"' in client.get("/moties/").text
    assert f'href="{motion.get_absolute_url()}"' in client.get("/moties/?q=Moorlag").text
    assert motion.get_absolute_url() == "/moties/30015-87/"


def test_a_motion_shows_the_ministry_and_the_chamber_apart(client):
    motion = make_printed_motion(ministry_position="afgedaan", chamber_decision="deels-voldaan")

    for address in ["/moties/", motion.get_absolute_url()]:
        page = client.get(address).text
        assert "<dt>Volgens het ministerie</dt><dd>Afgedaan" in page
        assert "<dt>Volgens de Tweede Kamer</dt><dd>Deels voldaan" in page


def test_what_the_ministry_says_does_not_change_what_the_chamber_says(client):
    motion = make_printed_motion(ministry_position="afgedaan")

    page = client.get(motion.get_absolute_url()).text

    assert "<dt>Volgens de Tweede Kamer</dt><dd>Onbekend" in page


def test_a_group_that_we_filled_in_is_called_our_reading(client):
    motion = make_printed_motion(proposers=[("Moorlag", "PvdA")])
    assert "Onze lezing" not in client.get("/moties/").text

    motion.proposers.update(certainty=Certainty.INFERRED)

    assert "Onze lezing" in client.get("/moties/").text
    assert "De fractie: onze lezing" in client.get(motion.get_absolute_url()).text


def test_a_motion_page_tells_all_that_is_known(client):
    measure = make_measure("Loket")
    report(measure, Status.IMPLEMENTED, on=date(2023, 11, 1))
    motion = make_printed_motion(
        request="Bouw waarborgen in.",
        vote="aangenomen",
        appreciation="oordeel-kamer",
        fulfilled_by=make_letter("Brief over resultaten"),
        measures=[measure],
        remark="Past bij het onderwerp.",
        certainty=Certainty.STATED,
    )
    motion.sources.set([make_source("Kamerstuk met de motie")])

    page = client.get(motion.get_absolute_url()).text

    assert "Kamerstukken II 2020/21, 30 015, nr. 87" in page
    assert "2 december 2020" in page
    assert "In onze woorden" in page
    for words in [
        "Bouw waarborgen in.",
        "Aangenomen",
        "Oordeel Kamer",
        "Brief over resultaten",
        "Loket",
        "Geïmplementeerd",
        "Past bij het onderwerp.",
        "Kamerstuk met de motie",
    ]:
        assert words in page
    assert "van http://testserver/moties/30015-87/?peildatum=" in page


def test_a_motion_without_number_or_date_says_unknown(client):
    motion = make_motion("Motie van het lid Haverkort", slug="motie-van-het-lid-haverkort")

    assert "Nummer en datum onbekend" in client.get("/moties/").text
    page = client.get(motion.get_absolute_url()).text
    assert "<dt>Vindplaats</dt><dd>Onbekend" in page
    assert "zonder datum" in page


def test_the_measures_of_a_motion_have_the_status_of_the_reference_date(client):
    measure = make_measure("Loket")
    report(measure, Status.IN_DEVELOPMENT, on=date(2023, 1, 1))
    report(measure, Status.IMPLEMENTED, on=date(2023, 11, 1))
    motion = make_printed_motion(measures=[measure])

    page = client.get(f"{motion.get_absolute_url()}?peildatum=2023-06-01").text

    assert "In uitwerking" in page
    assert "Geïmplementeerd" not in page


def test_a_motion_of_after_the_reference_date_is_left_out_and_counted(client):
    motion = make_printed_motion()

    page = client.get("/moties/?peildatum=2019-01-01").text

    assert "Motie van het lid Moorlag" not in page
    assert "1 motie is van na de peildatum" in page
    page = client.get(f"{motion.get_absolute_url()}?peildatum=2019-01-01").text
    assert "Deze motie is van na de peildatum" in page


def test_commitments_stand_under_their_own_address(client):
    commitment = make_commitment("Rapporteren", slug="rapporteren", text="De Kamer krijgt bericht.")

    page = client.get("/moties/").text

    assert 'id="rapporteren"' in page
    assert "De Kamer krijgt bericht." in page
    assert commitment.get_absolute_url() == "/moties/#rapporteren"


def test_a_motion_that_is_not_public_is_not_found(client):
    motion = make_motion("Nog niet", publication=CONCEPT)

    assert client.get(motion.get_absolute_url()).status_code == 404
    assert "Nog niet" not in client.get("/moties/").text


def fill(number):
    for _ in range(number):
        motion = make_motion(
            date=date(2020, 12, 2),
            date_precision="dag",
            fulfilled_by=make_letter(),
            measures=[make_measure()],
            proposers=[("Moorlag", "PvdA")],
        )
        motion.sources.set([make_source()])
        motion.proposers.get().sources.set([make_source()])
        commitment = make_commitment(fulfilled_by=make_letter(), measures=[make_measure()])
        commitment.sources.set([make_source()])


@pytest.mark.parametrize("number", [1, 15])
def test_the_motions_take_ten_queries_however_many(client, django_assert_num_queries, number):
    fill(number)

    with django_assert_num_queries(10):
        client.get("/moties/")


@pytest.mark.parametrize("number", [1, 15])
def test_searching_on_a_day_takes_thirteen_queries(client, django_assert_num_queries, number):
    fill(number)

    # How common a word is, is found out once.
    client.get("/moties/?q=e&peildatum=2024-12-31")

    with django_assert_num_queries(13):
        client.get("/moties/?q=e&peildatum=2024-12-31")


@pytest.mark.parametrize("number", [1, 15])
def test_a_motion_takes_six_queries(client, django_assert_num_queries, number):
    fill(number)
    address = Motion.objects.first().get_absolute_url()

    with django_assert_num_queries(6):
        client.get(address)
