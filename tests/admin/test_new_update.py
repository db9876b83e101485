"""Recording how a measure stands: one short form."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from measures.models import ProgressUpdate, Status
from parties.publication import Publication
from tests.admin.forms import said, typed
from tests.factories import make_measure, make_source, report

pytestmark = pytest.mark.django_db

TEXT = "Het loket is open."


@pytest.fixture
def measure():
    measure = make_measure("Een loket voor vragen")
    report(measure, Status.IN_DEVELOPMENT, on=date(2023, 1, 5), explanation="Er is een plan.")
    return measure


def address(measure):
    return reverse("admin:measures_measure_update", args=[measure.pk])


def send(beheer, measure, button, **values):
    page = beheer.get(address(measure))
    return beheer.post(address(measure), typed(page, **values, **{button: "1"}))


@time_machine.travel("2024-03-01 12:00+01:00")
def test_the_form_starts_from_how_the_measure_stands_and_from_today(beheer, measure):
    page = beheer.get(address(measure))

    assert page.context["form"]["status"].value() == Status.IN_DEVELOPMENT
    assert page.context["form"]["reporting_date"].value() == date(2024, 3, 1)
    assert "Er is een plan." in page.text
    assert "5 januari 2023" in page.text


def test_publishing_makes_it_the_status_of_the_measure(beheer, measure, staff):
    answer = send(beheer, measure, "_publish", status=Status.IMPLEMENTED, explanation=TEXT)

    measure.refresh_from_db()
    update = measure.updates.latest("pk")
    assert answer.status_code == 302
    assert measure.status == Status.IMPLEMENTED
    assert (update.author, update.publication) == (staff, Publication.PUBLIC)
    assert measure.code in said(answer)


def test_a_concept_changes_nothing_in_public(beheer, measure):
    send(beheer, measure, "_concept", status=Status.IMPLEMENTED, explanation="")

    measure.refresh_from_db()
    assert measure.status == Status.IN_DEVELOPMENT
    assert measure.updates.filter(publication=Publication.CONCEPT).count() == 1


def test_sources_go_with_the_update(beheer, measure):
    source = make_source()

    send(
        beheer,
        measure,
        "_publish",
        status=Status.IMPLEMENTED,
        explanation=TEXT,
        sources=[str(source.pk)],
    )

    assert list(measure.updates.latest("pk").sources.all()) == [source]


def test_a_preview_shows_how_it_will_read_and_saves_nothing(beheer, measure):
    hidden = make_source("Nog geheim", publication=Publication.CONCEPT)

    page = send(
        beheer,
        measure,
        "_preview",
        status=Status.IMPLEMENTED,
        explanation=TEXT,
        sources=[str(hidden.pk)],
    )

    assert page.context["preview"]["update"].explanation == TEXT
    assert "Nog geheim" in page.text
    assert page.context["preview"]["hidden_sources"] == [hidden]
    assert page.context["preview"]["sources"] == []
    assert measure.updates.count() == 1


def test_after_a_preview_the_same_form_publishes(beheer, measure):
    page = send(beheer, measure, "_preview", status=Status.IMPLEMENTED, explanation=TEXT)

    beheer.post(address(measure), typed(page, _publish="1"))

    measure.refresh_from_db()
    assert measure.status == Status.IMPLEMENTED


def test_a_form_sent_twice_makes_one_update(beheer, measure):
    page = beheer.get(address(measure))
    data = typed(page, status=Status.IMPLEMENTED, explanation=TEXT, _publish="1")

    beheer.post(address(measure), data)
    again = beheer.post(address(measure), data)

    assert measure.updates.count() == 2
    assert "was al opgeslagen" in said(again)


def test_what_is_missing_is_said_beside_its_field_and_no_text_is_lost(beheer, measure):
    page = send(
        beheer,
        measure,
        "_publish",
        status=Status.MERGED,
        reporting_date="2099-01-01",
        explanation=TEXT,
    )

    errors = page.context["form"].errors
    assert errors["merged_into"] == ["Kies de maatregel waarin deze is opgegaan."]
    assert "toekomst" in errors["reporting_date"][0]
    assert TEXT in page.text
    assert measure.updates.count() == 1


def test_text_and_date_are_needed_to_publish_only(beheer, measure):
    page = send(beheer, measure, "_publish", reporting_date="", explanation="")

    assert set(page.context["form"].errors) == {"reporting_date", "explanation"}


def test_another_measure_is_named_only_with_merged_into(beheer, measure):
    other = make_measure()

    page = send(
        beheer,
        measure,
        "_publish",
        status=Status.IMPLEMENTED,
        explanation=TEXT,
        merged_into=str(other.pk),
    )

    assert "Maak dit veld leeg" in page.context["form"].errors["merged_into"][0]


def test_after_the_end_of_a_measure_the_day_is_refused_beside_its_field(beheer, measure):
    report(measure, Status.DROPPED, on=date(2023, 6, 1))

    page = send(
        beheer, measure, "_publish", status=Status.IMPLEMENTED, explanation=TEXT, merged_into=None
    )

    assert "geëindigd op 1 juni 2023" in page.context["form"].errors["reporting_date"][0]


def test_a_form_opened_before_another_publication_is_shown_again(beheer, measure):
    page = beheer.get(address(measure))
    report(measure, Status.IMPLEMENTED, on=date(2024, 1, 1), explanation="Het is klaar.")
    data = typed(page, explanation=TEXT, _publish="1")

    refused = beheer.post(address(measure), data)
    measure.refresh_from_db()

    assert measure.status == Status.IMPLEMENTED
    assert "Intussen" in refused.text
    assert "Het is klaar." in refused.text
    assert TEXT in refused.text

    beheer.post(address(measure), typed(refused, _publish="1"))
    measure.refresh_from_db()
    assert measure.status == Status.IN_DEVELOPMENT


def test_nobody_gets_at_it_without_logging_in(client, measure):
    assert client.get(address(measure)).status_code == 302
    assert client.post(address(measure), {"_publish": "1"}).status_code == 302
    assert ProgressUpdate.objects.count() == 1
