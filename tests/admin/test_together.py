"""Two people at once, and one person twice: nothing is overwritten, lost or made double."""

from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.models import InternalNote, Involvement, Measure, ProgressUpdate, Status
from parties.models import Party
from parties.publication import Publication
from tests.admin.forms import delete, said, typed
from tests.factories import CONCEPT, make_measure, make_motion, make_party, report

pytestmark = pytest.mark.django_db


def url(record, name="change"):
    return reverse(f"admin:{record._meta.label_lower.replace('.', '_')}_{name}", args=[record.pk])


@pytest.fixture
def measure(db):
    return make_measure("Een loket")


@pytest.fixture
def concept(measure):
    return report(measure, Status.PLANNED, on=date(2024, 1, 1), publication=CONCEPT)


# One person twice.


def test_a_form_sent_twice_is_no_quarrel_with_somebody_else(beheer, measure):
    data = typed(beheer.get(url(measure)), title="Een ander loket")

    beheer.post(url(measure), data)
    again = beheer.post(url(measure), data)

    assert "was al opgeslagen" in said(again)
    assert LogEntry.objects.count() == 1


def test_a_row_sent_twice_is_added_once(beheer, measure):
    data = typed(beheer.get(url(measure))) | {
        "internal_notes-TOTAL_FORMS": "1",
        "internal_notes-0-text": "Bellen.",
        "internal_notes-0-measure": str(measure.pk),
    }

    beheer.post(url(measure), data)
    again = beheer.post(url(measure), data)

    assert InternalNote.objects.count() == 1
    assert "U heeft dit intussen zelf gewijzigd" in again.text


def test_a_concept_sent_twice_is_no_quarrel_with_somebody_else(beheer, concept):
    for button in ("_concept", "_publish"):
        data = typed(beheer.get(url(concept)), explanation=f"Af {button}.", **{button: "1"})
        beheer.post(url(concept), data)

        again = beheer.post(url(concept), data)

        assert "was al opgeslagen" in said(again), button
    assert ProgressUpdate.objects.count() == 1


@pytest.mark.parametrize("button", ["_concept", "_publish"])
def test_what_was_changed_after_going_back_to_a_form_is_not_lost(beheer, measure, button):
    url_of_new = reverse("admin:measures_measure_update", args=[measure.pk])
    page = beheer.get(url_of_new)
    values = {"status": Status.PLANNED, button: "1"}
    beheer.post(url_of_new, typed(page, explanation="Met een fuot.", **values))

    kept = beheer.post(url_of_new, typed(page, explanation="Zonder fout.", **values))
    assert measure.updates.get().explanation == "Met een fuot."
    assert "Zonder fout." in kept.text
    assert "Met een fuot." in kept.text

    beheer.post(kept.context["form_action"], typed(kept, **{button: "1"}))
    texts = [update.explanation for update in measure.updates.latest_first()]
    assert texts == (
        ["Zonder fout."] if button == "_concept" else ["Zonder fout.", "Met een fuot."]
    )


# Two people.


def test_a_deletion_asked_for_before_somebody_saved_is_asked_again(beheer, ans, concept):
    page = beheer.get(url(concept, "delete"))
    data = {"post": "yes", "opened_version": str(page.context["object"].version)}
    ans.post(url(concept), typed(ans.get(url(concept)), explanation="Van Ans.", _concept="1"))

    refused = beheer.post(url(concept, "delete"), data, follow=True)

    assert ProgressUpdate.objects.get().explanation == "Van Ans."
    assert "Ans de Vries" in refused.text
    assert "Er is niets verwijderd." in refused.text

    data["opened_version"] = str(refused.context["object"].version)
    beheer.post(url(concept, "delete"), data)
    assert not ProgressUpdate.objects.exists()


def test_a_deletion_without_a_version_is_asked_again(beheer):
    party = make_party(publication=CONCEPT)

    beheer.post(url(party, "delete"), {"post": "yes"})

    assert Party.objects.exists()


def test_the_page_that_asks_carries_the_version(beheer):
    party = make_party(publication=CONCEPT)

    page = beheer.get(url(party, "delete"))

    assert f'name="opened_version" value="{party.version}"' in page.text
    assert not beheer.get(url(make_party(), "delete")).context


def test_what_was_typed_in_a_concept_that_is_gone_becomes_a_new_one(beheer, ans, measure, concept):
    data = typed(beheer.get(url(concept)), explanation="Van mij.", _concept="1")
    delete(ans, concept)

    kept = beheer.post(url(concept), data)

    assert "Van mij." in kept.text
    assert "intussen verwijderd" in kept.text
    assert "Ans de Vries" in kept.text
    target = kept.context["form_action"]
    assert target == reverse("admin:measures_measure_update", args=[measure.pk])

    beheer.post(target, typed(kept, _concept="1"))
    assert ProgressUpdate.objects.get().explanation == "Van mij."


def test_what_was_typed_in_a_concept_that_was_published_becomes_a_new_one(
    beheer, ans, measure, concept
):
    data = typed(beheer.get(url(concept)), explanation="Van mij.", _publish="1")
    ans.post(url(concept), typed(ans.get(url(concept)), _publish="1"))

    kept = beheer.post(url(concept), data)

    assert "Van mij." in kept.text
    assert "intussen gepubliceerd" in kept.text
    assert measure.updates.get().explanation != "Van mij."

    beheer.post(kept.context["form_action"], typed(kept, _publish="1"))
    assert measure.updates.count() == 2
    assert measure.updates.latest_first().first().explanation == "Van mij."


def test_a_row_that_somebody_else_removed_can_be_let_go_and_the_rest_saved(beheer, ans, measure):
    for name in ("Weg", "Blijft"):
        Involvement.objects.create(measure=measure, party=make_party(name))
    mine = typed(
        beheer.get(url(measure)),
        title="Van mij",
        **{"involvements-0-role": "voert-uit", "involvements-1-role": "geraadpleegd"},
    )
    ans.post(url(measure), typed(ans.get(url(measure)), **{"involvements-0-DELETE": "on"}))

    refused = beheer.post(url(measure), mine)
    assert "Iemand anders heeft dit intussen gewijzigd" in refused.text
    assert "betrokkene die intussen is verwijderd: partij: Weg" in refused.text
    rows = next(iter(refused.context["inline_admin_formsets"]))
    assert [str(row.original) for row in rows if row.original] == ["Blijft"]

    beheer.post(url(measure), typed(refused))
    measure.refresh_from_db()
    assert measure.title == "Van mij"
    assert [(row.name, row.role) for row in measure.involvements.all()] == [
        ("Blijft", "geraadpleegd")
    ]


def test_rows_that_somebody_else_put_in_another_order_keep_their_names(beheer, ans):
    motion = make_motion(proposers=[("Eerst", ""), ("Later", "")])
    mine = typed(beheer.get(url(motion)), **{"proposers-0-parliamentary_group": "D66"})
    ans.post(url(motion), typed(ans.get(url(motion)), **{"proposers-0-position": "9"}))

    refused = beheer.post(url(motion), mine)

    rows = next(iter(refused.context["inline_admin_formsets"]))
    shown = [(row.original.name, row.form["name"].value()) for row in rows if row.original]
    assert shown == [("Eerst", "Eerst"), ("Later", "Later")]


def test_a_row_that_somebody_else_added_stays(beheer, ans, measure):
    mine = typed(beheer.get(url(measure)), title="Van mij")
    party = make_party()
    ans.post(
        url(measure),
        typed(ans.get(url(measure)))
        | {
            "involvements-TOTAL_FORMS": "1",
            "involvements-0-party": str(party.pk),
            "involvements-0-role": "betrokken",
            "involvements-0-certainty": "onbekend",
            "involvements-0-measure": str(measure.pk),
        },
    )

    refused = beheer.post(url(measure), mine)
    beheer.post(url(measure), typed(refused))

    measure.refresh_from_db()
    assert measure.title == "Van mij"
    assert measure.involvements.get().party == party


def test_a_save_and_a_deletion_hold_the_row_while_they_compare(beheer, measure):
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite has one writer at a time.")
    party = make_party(publication=CONCEPT)

    for address, data, table in [
        (url(measure), typed(beheer.get(url(measure))), "measures_measure"),
        (url(party, "delete"), {"post": "yes"}, "parties_party"),
    ]:
        with CaptureQueriesContext(connection) as found:
            beheer.post(address, data)
        assert any(table in query["sql"] and "FOR UPDATE" in query["sql"] for query in found), (
            address
        )


# Somebody who may only look.


@pytest.fixture
def reader(db):
    user = get_user_model().objects.create_user("lezer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client = Client()
    client.force_login(user)
    return client


def test_internal_notes_are_for_those_who_may_read_them(reader, measure, staff):
    InternalNote.objects.create(measure=measure, text="Alleen voor ons.", author=staff)
    pages = [url(measure), url(measure, "record")]
    assert ["Alleen voor ons." in reader.get(page).text for page in pages] == [True, True]

    get_user_model().objects.get(username="lezer").user_permissions.remove(
        Permission.objects.get(codename="view_internalnote")
    )

    assert ["Alleen voor ons." in reader.get(page).text for page in pages] == [False, False]


def test_a_reader_sees_all_and_is_offered_nothing_that_is_refused(reader, measure, concept):
    public = report(measure, Status.PLANNED, on=date(2023, 1, 1))
    update = reverse("admin:measures_measure_update", args=[measure.pk])
    pages = {
        page: reader.get(page)
        for page in (
            reverse("admin:measures_measure_changelist"),
            url(measure),
            url(measure, "record"),
            url(public),
            url(concept),
        )
    }

    for address, page in pages.items():
        assert page.status_code == 200, address
        assert update not in page.text, address
        assert "Intrekken" not in page.text, address
    assert "Dit is een concept" in pages[url(concept)].text
    assert reader.get(update).status_code == 403
    assert reader.post(url(concept), {"_publish": "1"}).status_code == 403
    concept.refresh_from_db()
    assert concept.publication == Publication.CONCEPT
    assert Measure.objects.get().title == "Een loket"
