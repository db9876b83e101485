"""What may still be done to a progress update: all to a concept, little after that."""

from datetime import date

import pytest
from django.urls import reverse

from measures.models import ProgressUpdate, Status
from parties.publication import Publication
from tests.admin.forms import delete, said, typed
from tests.factories import CONCEPT, make_measure, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure():
    return make_measure()


def change(update):
    return reverse("admin:measures_progressupdate_change", args=[update.pk])


def withdraw(update):
    return reverse("admin:measures_progressupdate_withdraw", args=[update.pk])


def test_a_concept_can_be_finished_and_published(beheer, measure):
    update = report(measure, Status.PLANNED, on=date(2023, 1, 1), publication=CONCEPT)
    page = beheer.get(change(update))

    answer = beheer.post(change(update), typed(page, explanation="Nu af.", _publish="1"))

    update.refresh_from_db()
    measure.refresh_from_db()
    assert (update.publication, update.explanation) == (Publication.PUBLIC, "Nu af.")
    assert measure.status == Status.PLANNED
    assert "gepubliceerd" in said(answer)


def test_a_concept_saved_by_somebody_else_is_not_overwritten_unseen(beheer, measure):
    update = report(measure, Status.PLANNED, on=date(2023, 1, 1), publication=CONCEPT)
    page = beheer.get(change(update))
    update.explanation = "Van een ander."
    update.save()

    refused = beheer.post(change(update), typed(page, explanation="Van mij.", _concept="1"))

    update.refresh_from_db()
    assert update.explanation == "Van een ander."
    assert "Iemand anders heeft dit intussen gewijzigd" in refused.text
    assert "Van een ander." in refused.text
    assert "Van mij." in refused.text

    beheer.post(change(update), typed(refused, _concept="1"))
    update.refresh_from_db()
    assert update.explanation == "Van mij."


def test_what_is_published_is_read_only(beheer, measure):
    update = report(measure, Status.PLANNED, on=date(2023, 1, 1))
    before = update.explanation

    beheer.post(change(update), {"explanation": "Herschreven", "_publish": "1"})

    update.refresh_from_db()
    assert update.explanation == before
    assert "niet meer herschreven" in beheer.get(change(update)).text


def test_withdrawing_needs_a_reason_and_derives_the_status_anew(beheer, measure):
    report(measure, Status.PLANNED, on=date(2023, 1, 1))
    update = report(measure, Status.IMPLEMENTED, on=date(2023, 2, 1))

    refused = beheer.post(withdraw(update), {"reason": "  "})
    measure.refresh_from_db()
    assert "Zeg waarom" in refused.text
    assert measure.status == Status.IMPLEMENTED

    answer = beheer.post(withdraw(update), {"reason": "Verkeerde maatregel."})
    measure.refresh_from_db()
    update.refresh_from_db()
    assert measure.status == Status.PLANNED
    assert update.withdrawal_reason == "Verkeerde maatregel."
    assert "gepland" in said(answer)


def test_looking_at_an_address_changes_nothing(beheer, measure):
    update = report(measure, Status.PLANNED, on=date(2023, 1, 1))

    assert beheer.get(withdraw(update)).status_code == 405
    update.refresh_from_db()
    assert update.publication == Publication.PUBLIC


def test_what_was_published_is_not_deleted_and_a_concept_is(beheer, measure):
    published = report(measure, Status.PLANNED, on=date(2023, 1, 1))
    concept = report(measure, Status.PLANNED, on=date(2023, 2, 1), publication=CONCEPT)

    for update in (published, concept):
        answer = delete(beheer, update)
        if update is published:
            assert "openbaar geweest" in said(answer)

    assert list(ProgressUpdate.objects.all()) == [published]
    history = beheer.get(reverse("admin:measures_measure_record", args=[measure.pk])).text
    assert f"Concept verwijderd: {concept}: {concept.explanation}" in history


def test_several_concepts_are_published_and_those_that_cannot_are_named(beheer, measure):
    good = report(measure, Status.PLANNED, on=date(2023, 1, 1), publication=CONCEPT)
    empty = report(
        measure, Status.PLANNED, on=date(2023, 2, 1), publication=CONCEPT, explanation=""
    )

    answer = beheer.post(
        reverse("admin:measures_progressupdate_changelist"),
        {"action": "publish_several", "_selected_action": [good.pk, empty.pk]},
    )

    good.refresh_from_db()
    empty.refresh_from_db()
    assert (good.publication, empty.publication) == (Publication.PUBLIC, Publication.CONCEPT)
    assert "Gepubliceerd: " in said(answer)
    assert "Vul een peildatum en een tekst in" in said(answer)
