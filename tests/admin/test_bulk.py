"""One progress update for several measures: all or nothing."""

from datetime import date

import pytest
from django.urls import reverse

from measures.admin import bulk
from measures.models import ProgressUpdate, Status
from parties.publication import Publication
from tests.admin.forms import said, typed
from tests.factories import CONCEPT, make_measure, make_source, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def measures():
    return [make_measure() for _ in range(3)]


@pytest.fixture
def opened(beheer, measures):
    """The form as the action in the list opens it."""
    return beheer.post(
        reverse("admin:measures_measure_changelist"),
        {"action": "update_several", "_selected_action": [measure.pk for measure in measures]},
        follow=True,
    )


def send(beheer, page, button, **values):
    values = {
        "status": Status.IMPLEMENTED,
        "reporting_date": "2024-02-01",
        "explanation": "Dit is klaar.",
    } | values
    return beheer.post(
        reverse("admin:measures_measure_bulk"), typed(page, **values, **{button: "1"})
    )


def statuses(measures):
    for measure in measures:
        measure.refresh_from_db()
    return [measure.status for measure in measures]


def test_one_form_publishes_for_every_chosen_measure(beheer, measures, opened, staff):
    source = make_source()
    chosen = [str(measures[0].pk), str(measures[2].pk)]

    send(beheer, opened, "_publish", maatregel=chosen, sources=[str(source.pk)])

    assert statuses(measures) == [Status.IMPLEMENTED, Status.UNKNOWN, Status.IMPLEMENTED]
    for update in ProgressUpdate.objects.all():
        assert update.author == staff
        assert list(update.sources.all()) == [source]


def test_a_preview_shows_old_and_new_and_saves_nothing(beheer, measures, opened):
    page = send(beheer, opened, "_preview")

    assert [row["update"].status for row in page.context["rows"]] == [Status.IMPLEMENTED] * 3
    assert not ProgressUpdate.objects.exists()


def test_concepts_can_be_saved_for_all(beheer, measures, opened):
    send(beheer, opened, "_concept")

    assert ProgressUpdate.objects.filter(publication=Publication.CONCEPT).count() == 3
    assert statuses(measures) == [Status.UNKNOWN] * 3


def test_when_one_measure_fails_none_is_saved_and_the_one_is_named(beheer, measures):
    report(measures[1], Status.DROPPED, on=date(2023, 1, 1))
    query = {"maatregel": [measure.pk for measure in measures]}
    page = beheer.get(reverse("admin:measures_measure_bulk"), query)

    refused = send(beheer, page, "_publish")

    assert ProgressUpdate.objects.count() == 1
    assert [bool(row["problem"]) for row in refused.context["rows"]] == [False, True, False]
    assert "geëindigd op 1 januari 2023" in refused.text
    assert "Dit is klaar." in refused.text


def test_a_form_sent_twice_saves_once(beheer, measures, opened):
    send(beheer, opened, "_publish")

    again = send(beheer, opened, "_publish")

    assert ProgressUpdate.objects.count() == 3
    assert "al opgeslagen" in said(again)


@pytest.mark.parametrize("button", ["_concept", "_publish"])
def test_what_was_changed_after_going_back_to_the_form_is_not_lost(beheer, opened, button):
    send(beheer, opened, button)

    kept = send(beheer, opened, button, explanation="Zonder fout.")
    assert ProgressUpdate.objects.count() == 3
    assert "al opgeslagen, met een andere inhoud" in kept.text
    assert "Zonder fout." in kept.text

    send(beheer, kept, button, explanation="Zonder fout.")
    assert ProgressUpdate.objects.filter(explanation="Zonder fout.").count() == 3


def test_a_publication_in_between_is_shown_before_it_is_overtaken(beheer, measures, opened):
    report(measures[0], Status.PLANNED, on=date(2024, 1, 1))

    refused = send(beheer, opened, "_publish")

    assert ProgressUpdate.objects.count() == 1
    assert "Intussen" in refused.text
    send(beheer, refused, "_publish")
    assert statuses(measures) == [Status.IMPLEMENTED] * 3


def test_a_form_without_a_measure_or_a_status_says_so(beheer, opened):
    page = send(beheer, opened, "_publish", maatregel=None, status="")

    assert page.context["form"].errors["maatregel"] == ["Kies minstens één maatregel."]
    assert "status" in page.context["form"].errors


def test_without_chosen_measures_the_list_says_to_choose(beheer, db):
    answer = beheer.get(reverse("admin:measures_measure_bulk"), {"maatregel": ["x"]})

    assert answer.status_code == 302
    assert "Kies eerst maatregelen" in said(answer)


def test_a_preview_names_what_will_not_be_on_the_website_yet(beheer):
    hidden = make_measure(publication=CONCEPT)
    source = make_source("Nog geheim", publication=CONCEPT)
    page = beheer.get(reverse("admin:measures_measure_bulk"), {"maatregel": [hidden.pk]})

    preview = send(beheer, page, "_preview", sources=[str(source.pk)])

    assert f"{hidden.code} is nog niet openbaar" in preview.text
    assert "Nog geheim" in preview.text
    assert preview.context["sources"] == []


def test_more_measures_than_anybody_can_look_over_are_refused(beheer, measures, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    keys = [measure.pk for measure in measures]
    changelist = reverse("admin:measures_measure_changelist")

    for answer in (
        beheer.get(reverse("admin:measures_measure_bulk"), {"maatregel": keys}),
        beheer.post(changelist, {"action": "update_several", "_selected_action": keys}),
    ):
        assert answer["Location"] == changelist
        assert "hoogstens" in said(answer)
