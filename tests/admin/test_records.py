"""The screens of what stands around the measures."""

from datetime import date

import pytest
from django.urls import reverse

from measures.models import Motion
from parties.publication import Publication
from tests.admin.forms import delete, said, typed
from tests.factories import make_letter, make_motion, make_party, make_source

pytestmark = pytest.mark.django_db


def test_a_motion_is_found_by_its_number_as_printed_and_by_its_proposer(beheer):
    motion = make_motion(
        "Over bodem",
        dossier="30015",
        paper_number="87",
        slug="30015-87",
        proposers=[("Laçin", "PvdA")],
    )
    make_motion("Over water")

    for question in ("30015-87", "30 015, nr. 87", "lacin"):
        page = beheer.get(reverse("admin:measures_motion_changelist"), {"q": question})
        assert list(page.context["cl"].result_list) == [motion]


def test_a_proposer_under_a_motion_makes_older_forms_stale(beheer, ans):
    motion = make_motion(proposers=[("Jansen", "")])
    url = reverse("admin:measures_motion_change", args=[motion.pk])
    first, second = ans.get(url), beheer.get(url)

    ans.post(url, typed(first, **{"proposers-0-parliamentary_group": "D66"}))
    refused = beheer.post(url, typed(second, title="Andere titel"))

    assert "Iemand anders" in refused.text
    assert Motion.objects.get().title != "Andere titel"


def test_withdrawing_takes_a_record_off_the_website_and_publishing_puts_it_back(beheer):
    party = make_party()
    url = reverse("admin:parties_party_changelist")

    for action, state in [
        ("withdraw", Publication.WITHDRAWN),
        ("make_public", Publication.PUBLIC),
    ]:
        beheer.post(url, {"action": action, "_selected_action": [party.pk]})
        party.refresh_from_db()
        assert party.publication == state


def test_what_was_never_public_cannot_be_withdrawn(beheer):
    party = make_party(publication=Publication.CONCEPT)

    answer = beheer.post(
        reverse("admin:parties_party_changelist"),
        {"action": "withdraw", "_selected_action": [party.pk]},
    )

    assert "Niet ingetrokken" in said(answer)
    assert "nog nooit openbaar" in said(answer)


def test_a_letter_in_use_is_kept_and_the_screen_says_by_what(beheer):
    letter = make_letter(publication=Publication.CONCEPT)
    make_motion("Over bodem", fulfilled_by=letter)

    answer = delete(beheer, letter)

    assert "Over bodem" in said(answer)


def test_a_new_record_says_that_it_was_added(beheer):
    page = beheer.get(reverse("admin:measures_source_add"))

    answer = beheer.post(
        reverse("admin:measures_source_add"), typed(page, key="S99", title="Een nieuwe bron")
    )

    assert "toegevoegd" in said(answer)


def test_a_public_record_links_to_the_website_and_a_concept_does_not(beheer):
    public, concept = make_source(), make_source(publication=Publication.CONCEPT)

    for source, number in [(public, 1), (concept, 0)]:
        page = beheer.get(reverse("admin:measures_source_change", args=[source.pk]))
        assert page.text.count("Bekijk op de website") == number


@pytest.mark.parametrize("make", [make_letter, make_motion])
def test_a_list_shows_a_date_as_precisely_as_it_is_known(beheer, make):
    record = make(date=date(2022, 4, 30), date_precision="maand")

    page = beheer.get(reverse(f"admin:measures_{record._meta.model_name}_changelist"))

    assert "april 2022" in page.text


def test_logging_in_with_a_wrong_password_says_so_in_dutch(client, staff):
    page = client.post(reverse("admin:login"), {"username": "jansen", "password": "mis"})

    assert "Inloggen" in page.text
    assert "gebruikersnaam" in page.text
    assert page.status_code == 200


def test_the_history_of_a_record_says_who_changed_what(beheer):
    source = make_source("Oude naam")
    url = reverse("admin:measures_source_change", args=[source.pk])
    beheer.post(url, typed(beheer.get(url), title="Nieuwe naam"))

    page = beheer.get(reverse("admin:measures_source_history", args=[source.pk]))

    assert "Titel: Oude naam → Nieuwe naam" in page.text
    assert "Jo Jansen" in page.text
