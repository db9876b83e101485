"""Writing, offering and approving on the screens, by two people."""

from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from measures.models import ProgressUpdate, Status
from measures.rules import State
from tests.admin.forms import said, typed
from tests.factories import CONCEPT, make_measure, make_moment, make_theme, report, shift

pytestmark = pytest.mark.django_db

DAY = date(2024, 1, 1)
TEXT = "Het loket is open."


@pytest.fixture
def measure():
    return make_measure("Een loket")


@pytest.fixture
def offered(measure, writer):
    update = report(
        measure, Status.PLANNED, on=DAY, publication=CONCEPT, author=writer, explanation=TEXT
    )
    update.submit(writer)
    return update


def at(report, screen="review"):
    return reverse(f"admin:measures_{report._meta.model_name}_{screen}", args=[report.pk])


def decide(client, report, button, **values):
    return client.post(at(report), typed(client.get(at(report)), **values, **{button: "1"}))


def test_a_writer_offers_a_text_and_cannot_publish_it(browser_of, writer, measure):
    client = browser_of(writer)
    address = reverse("admin:measures_measure_update", args=[measure.pk])
    page = client.get(address)
    assert "_publish" not in page.text

    answer = client.post(address, typed(page, status="gepland", explanation=TEXT, _submit="1"))

    assert measure.updates.get().state == State.SUBMITTED
    assert "ter goedkeuring aangeboden" in said(answer)


def test_a_button_that_is_not_there_publishes_nothing_either(browser_of, writer, measure):
    client = browser_of(writer)
    address = reverse("admin:measures_measure_update", args=[measure.pk])
    data = typed(client.get(address), status="gepland", explanation=TEXT)

    for button in ("_publish", "_hold"):
        moment = make_moment(on=DAY)
        kept = client.post(address, data | {button: "1", "moment": str(moment.pk)})
        assert "Bied het eerst ter goedkeuring aan" in kept.text
        assert TEXT in kept.text
    assert not measure.updates.exists()


def test_who_approves_sees_what_it_becomes_and_what_it_was(browser_of, approver, offered, measure):
    report(measure, Status.UNKNOWN, on=date(2023, 1, 1), explanation="Nog niets bekend.")

    page = browser_of(approver).get(at(offered))

    for text in (TEXT, "Nog niets bekend.", "Wil Schrijver", "Akkoord en openbaar maken"):
        assert text in page.text
    assert "Tekst wijzigen" not in page.text


def test_one_press_approves_and_publishes(browser_of, approver, offered, measure):
    answer = decide(browser_of(approver), offered, "_approve_publish", comment="Mooi.")

    measure.refresh_from_db()
    assert measure.status == Status.PLANNED
    assert "goedgekeurd en gepubliceerd" in said(answer)
    assert LogEntry.objects.latest("pk").get_change_message().endswith("gepubliceerd: Mooi.")


def test_pressing_twice_is_no_mistake(browser_of, approver, offered):
    client = browser_of(approver)
    data = typed(client.get(at(offered)), _approve="1")
    client.post(at(offered), data)

    again = client.post(at(offered), data)

    assert "al gedaan" in said(again)
    assert offered.steps.filter(kind="akkoord").count() == 1


def test_a_text_that_changed_while_somebody_read_it_is_not_approved(
    browser_of, approver, writer, offered
):
    client = browser_of(approver)
    data = typed(client.get(at(offered)), _approve_publish="1", comment="Goed zo.")
    offered.explanation = "Het loket is dicht."
    offered.write(writer)
    offered.submit(writer)

    page = client.post(at(offered), data)

    offered.refresh_from_db()
    assert offered.state == State.SUBMITTED
    for text in ("intussen gewijzigd", "Het loket is dicht.", "Goed zo."):
        assert text in page.text
    client.post(at(offered), typed(page, _approve_publish="1"))
    offered.refresh_from_db()
    assert offered.is_public


def test_sending_back_asks_why_and_the_writer_reads_it(browser_of, approver, writer, offered):
    refused = decide(browser_of(approver), offered, "_send_back")
    assert "Zeg wat er anders moet" in refused.text

    decide(browser_of(approver), offered, "_send_back", comment="Noem het adres.")

    page = browser_of(writer).get(at(offered, "change"))
    assert "Noem het adres." in page.text
    assert page.context["form"]["explanation"].value() == TEXT


def test_an_approved_text_waits_for_a_letter(browser_of, approver, offered):
    moment = make_moment(on=date(2024, 12, 31))

    decide(browser_of(approver), offered, "_approve_hold", moment=str(moment.pk))

    offered.refresh_from_db()
    assert (offered.state, offered.held_for) == (State.HELD, moment)


def test_nobody_is_offered_a_button_that_is_refused(browser_of, writer, reader, offered):
    for person in (writer, reader):
        client = browser_of(person)
        page = client.get(at(offered))
        assert page.context["decisions"] == []
        data = typed(page)
        for name in ("_approve", "_approve_publish", "_send_back", "_publish"):
            client.post(at(offered), data | {name: "1", "comment": "Zo."})
        offered.refresh_from_db()
        assert offered.state == State.SUBMITTED


def test_outside_the_field_of_work_there_is_no_form(browser_of, writer, measure):
    writer.assignment.themes.add(make_theme())
    client = browser_of(writer)

    for name in ("update", "deadline"):
        address = reverse(f"admin:measures_measure_{name}", args=[measure.pk])
        assert client.get(address).status_code == 403
    page = client.get(reverse("admin:measures_measure_change", args=[measure.pk]))
    assert "_save" not in page.text


def test_several_are_approved_from_the_list_and_the_own_ones_are_named(
    browser_of, approver, offered
):
    approver.groups.add(*offered.author.groups.all())
    own = report(make_measure(), Status.PLANNED, on=DAY, publication=CONCEPT, author=approver)
    own.submit(approver)

    answer = browser_of(approver).post(
        reverse("admin:measures_progressupdate_changelist"),
        {"action": "approve_several", "_selected_action": [offered.pk, own.pk]},
    )

    offered.refresh_from_db()
    own.refresh_from_db()
    assert (offered.is_public, own.state) == (True, State.SUBMITTED)
    assert "U schreef deze tekst zelf" in said(answer)


def test_a_deadline_goes_the_same_way(browser_of, writer, approver, measure):
    client = browser_of(writer)
    address = reverse("admin:measures_measure_deadline", args=[measure.pk])
    values = {"deadline": "2025-12-31", "precision": "dag", "_submit": "1"}
    client.post(address, typed(client.get(address), **values))
    change = measure.deadline_changes.get()
    assert change.state == State.SUBMITTED

    assert "31 december 2025" in browser_of(approver).get(at(change)).text
    decide(browser_of(approver), change, "_approve_publish")

    measure.refresh_from_db()
    assert measure.deadline == date(2025, 12, 31)


def test_what_was_typed_for_a_deadline_is_never_lost(browser_of, writer, approver, measure):
    first = shift(measure, date(2025, 1, 1), on=DAY, publication=CONCEPT, author=writer)
    client, address = browser_of(writer), at(first, "change")
    new = reverse("admin:measures_measure_deadline", args=[measure.pk])
    data = typed(client.get(address), reason="Mijn reden.", _concept="1")

    # A colleague saved.
    first.reason = "Hun reden."
    first.write()
    kept = client.post(address, data)
    assert "Hun reden." in kept.text
    assert "Mijn reden." in kept.text

    # It was published.
    first.refresh_from_db()
    first.submit(writer)
    first.approve(approver)
    first.publish(approver)
    kept = client.post(address, data)
    assert "intussen gepubliceerd" in kept.text
    assert "Mijn reden." in kept.text
    assert kept.context["form_action"] == new

    # It is gone.
    second = shift(measure, date(2026, 1, 1), on=DAY, publication=CONCEPT, author=writer)
    data = typed(client.get(at(second, "change")), reason="Nog een reden.", _concept="1")
    second.delete()
    kept = client.post(at(second, "change"), data)
    assert "intussen verwijderd" in kept.text
    assert "Nog een reden." in kept.text
    client.post(new, typed(kept, _concept="1"))
    assert measure.deadline_changes.filter(reason="Nog een reden.").count() == 1


def test_a_published_text_is_corrected_by_a_new_one_and_both_are_read(
    browser_of, writer, approver, measure, client
):
    wrong = report(measure, Status.PLANNED, on=DAY, explanation="Het loket is dicht.")
    editor = browser_of(writer)
    address = reverse("admin:measures_measure_update", args=[measure.pk])
    assert f"{address}?verbetert={wrong.pk}" in editor.get(at(wrong, "change")).text
    page = editor.get(f"{address}?verbetert={wrong.pk}")
    assert page.context["form"]["explanation"].value() == "Het loket is dicht."

    editor.post(address, typed(page, explanation=TEXT, _submit="1"))
    right = ProgressUpdate.objects.get(corrects=wrong)
    assert "Later verbeterd" not in client.get(measure.get_absolute_url()).text
    decide(browser_of(approver), right, "_approve_publish")

    public = client.get(measure.get_absolute_url()).text
    for text in (TEXT, "Het loket is dicht.", "Later verbeterd", "Dit verbetert"):
        assert text in public
