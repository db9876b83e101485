"""The list and the form of measures."""

from datetime import date

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.models import InternalNote, Involvement, Measure, Status
from parties.publication import Publication
from tests.admin.forms import delete, said, typed
from tests.factories import CONCEPT, make_measure, make_party, make_source, report

pytestmark = pytest.mark.django_db

LIST = "admin:measures_measure_changelist"


def change(measure):
    return reverse("admin:measures_measure_change", args=[measure.pk])


def shown(page):
    return [measure.code for measure in page.context["cl"].result_list]


def test_the_list_asks_as_much_of_the_database_for_40_measures_as_for_3(beheer):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert beheer.get(reverse(LIST)).status_code == 200
        return len(found)

    def add(number):
        for _ in range(number):
            measure = make_measure(lead=make_party())
            report(measure, Status.PLANNED, on=date(2024, 1, 1))

    add(3)
    few = queries()
    add(37)
    assert queries() == few


@time_machine.travel("2024-06-01 12:00+02:00")
def test_the_list_shows_how_each_measure_stands(beheer):
    measure = make_measure(
        "Een loket",
        lead=make_party("Inspectie", abbreviation="ILT"),
        deadline=date(2024, 5, 1),
        deadline_precision="dag",
    )
    report(measure, Status.IN_DEVELOPMENT, on=date(2024, 4, 30), reporting_date_precision="maand")

    text = beheer.get(reverse(LIST)).text

    for words in (measure.code, "Een loket", "In uitwerking", "ILT", "1 mei 2024"):
        assert words in text
    assert "Te laat" in text
    assert "april 2024" in text
    assert "30 april 2024" not in text
    assert reverse("admin:measures_measure_update", args=[measure.pk]) in text


def test_the_list_names_the_measure_that_another_went_into(beheer):
    measure, other = make_measure(), make_measure()
    report(measure, Status.MERGED, on=date(2024, 1, 1), merged_into=other)

    assert f"Opgegaan in {other.code}" in beheer.get(reverse(LIST)).text


def test_the_form_of_a_measure_shows_how_it_stands(beheer):
    measure = make_measure()
    report(measure, Status.PLANNED, on=date(2024, 1, 1), explanation="Het plan ligt er.")

    assert "Het plan ligt er." in beheer.get(change(measure)).text


def test_a_measure_is_found_by_its_number_and_by_its_words(beheer):
    for number in (7, 70):
        make_measure(f"Titel met {number} erin", number=number)
    make_measure("Een loket voor 7 vragen", number=3)

    for question in ("M7", "m7", "7"):
        assert shown(beheer.get(reverse(LIST), {"q": question})) == ["M7"]
    assert shown(beheer.get(reverse(LIST), {"q": "loket"})) == ["M3"]


@time_machine.travel("2024-06-01 12:00+02:00")
def test_the_list_finds_what_was_not_reported_on_for_long(beheer):
    quiet, recent, done, never = (make_measure() for _ in range(4))
    report(quiet, Status.PLANNED, on=date(2023, 1, 1))
    report(recent, Status.PLANNED, on=date(2024, 5, 1))
    report(done, Status.IMPLEMENTED, on=date(2023, 1, 1))

    assert shown(beheer.get(reverse(LIST), {"bijgewerkt": "lang-niet"})) == [
        quiet.code,
        never.code,
    ]


def test_the_list_is_filtered_by_lead_and_by_deadline(beheer):
    party = make_party()
    led = make_measure(lead=party)
    dated = make_measure(deadline=date(2020, 1, 1), deadline_precision="dag")

    assert shown(beheer.get(reverse(LIST), {"trekker": str(party.pk)})) == [led.code]
    assert shown(beheer.get(reverse(LIST), {"trekker": "onbekend"})) == [dated.code]
    assert shown(beheer.get(reverse(LIST), {"streefdatum": "te-laat"})) == [dated.code]
    assert len(shown(beheer.get(reverse(LIST), {"streefdatum": "onzin", "trekker": "x"}))) == 2


def test_a_save_says_what_changed_and_the_log_keeps_the_same_words(beheer):
    measure = make_measure()
    party = make_party("Inspectie Leefomgeving en Transport", abbreviation="ILT")
    page = beheer.get(change(measure))

    answer = beheer.post(
        change(measure),
        typed(page, lead=str(party.pk), added_on="2024-03-01", taskforce_number="12"),
    )

    words = (
        "nummer van de Taskforce: leeg → 12; trekker: onbekend → ILT; "
        "toegevoegd op: leeg → 1 maart 2024"
    )
    assert f"{measure.code}</a>: {words}." in said(answer)
    assert LogEntry.objects.get().get_change_message() == words


def test_a_save_without_a_change_saves_nothing(beheer):
    measure = make_measure(sources=[make_source()])
    page = beheer.get(change(measure))
    version = measure.version

    answer = beheer.post(change(measure), typed(page))

    measure.refresh_from_db()
    assert measure.version == version
    assert "niets gewijzigd" in said(answer)
    assert not LogEntry.objects.exists()


def test_a_stale_form_is_refused_with_both_values_and_saves_at_the_second_time(beheer, ans):
    measure = make_measure("Oude titel", description="Oude tekst")
    mine = beheer.get(change(measure))
    ans.post(change(measure), typed(ans.get(change(measure)), title="Titel van Ans"))

    refused = beheer.post(change(measure), typed(mine, title="Titel van Jo"))

    measure.refresh_from_db()
    assert measure.title == "Titel van Ans"
    assert "Iemand anders heeft dit intussen gewijzigd" in refused.text
    assert "Ans de Vries" in refused.text
    assert tuple(vars(refused.context["stale_changes"][0]).values()) == (
        "titel",
        "Titel van Ans",
        "Titel van Jo",
    )
    assert refused.context["adminform"].form["title"].value() == "Titel van Jo"

    beheer.post(change(measure), typed(refused))
    measure.refresh_from_db()
    assert measure.title == "Titel van Jo"


def test_a_row_under_a_measure_makes_older_forms_stale(beheer):
    measure = make_measure()
    party = make_party()
    Involvement.objects.create(measure=measure, party=party)
    first = beheer.get(change(measure))
    second = beheer.get(change(measure))
    row = "involvements-0-"

    beheer.post(change(measure), typed(first, **{f"{row}role": "medetrekker"}))
    refused = beheer.post(change(measure), typed(second, **{f"{row}role": "geraadpleegd"}))

    assert measure.involvements.get().role == "medetrekker"
    assert "Medetrekker → Geraadpleegd" in refused.text


def test_a_form_sent_without_its_version_is_stale(beheer):
    measure = make_measure("Oude titel")
    page = beheer.get(change(measure))

    beheer.post(change(measure), typed(page, title="Nieuw", opened_version=None))

    measure.refresh_from_db()
    assert measure.title == "Oude titel"


def test_an_internal_note_knows_its_author_and_never_says_it_is_public(beheer, staff):
    measure = make_measure()
    page = beheer.get(change(measure))
    data = typed(page) | {
        "internal_notes-TOTAL_FORMS": "1",
        "internal_notes-0-text": "Alleen voor ons.",
        "internal_notes-0-measure": str(measure.pk),
    }

    beheer.post(change(measure), data)

    assert InternalNote.objects.get().author == staff
    assert "alleen intern" in page.text


def test_a_model_rule_is_said_beside_its_field(beheer):
    measure = make_measure(lead=None)
    hidden = make_party(publication=CONCEPT)
    page = beheer.get(change(measure))

    refused = beheer.post(change(measure), typed(page, lead=str(hidden.pk)))

    assert "nog niet openbaar" in refused.context["adminform"].form.errors["lead"][0]


def test_measures_are_made_public_and_those_that_cannot_are_named(beheer):
    good = make_measure(publication=CONCEPT)
    bad = make_measure(publication=CONCEPT, lead=make_party(publication=CONCEPT))

    answer = beheer.post(
        reverse(LIST), {"action": "make_public", "_selected_action": [good.pk, bad.pk]}
    )

    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.publication, bad.publication) == (Publication.PUBLIC, Publication.CONCEPT)
    assert f"Openbaar gemaakt: {good}" in said(answer)
    assert f"Niet openbaar gemaakt: ‘{bad}’: trekker: Deze trekker is nog niet" in said(answer)


def test_what_was_public_or_is_in_use_is_not_deleted(beheer):
    public = make_measure()
    used = make_measure(publication=CONCEPT)
    report(used, Status.PLANNED, on=date(2024, 1, 1), publication=CONCEPT)
    free = make_measure(publication=CONCEPT)

    answers = {measure: said(delete(beheer, measure)) for measure in (public, used, free)}

    assert set(Measure.objects.all()) == {public, used}
    assert "openbaar geweest" in answers[public]
    assert "nog in gebruik" in answers[used]
    assert "stand van zaken" in answers[used].lower()


def test_the_history_tells_everything_newest_first(beheer, staff):
    measure = make_measure()
    update = report(
        measure,
        Status.PLANNED,
        on=date(2024, 1, 1),
        explanation="Het plan ligt er.",
        sources=[make_source(key="B12")],
    )
    update.withdraw("Te vroeg.")
    InternalNote.objects.create(measure=measure, text="Bellen met de ILT.", author=staff)
    beheer.post(change(measure), typed(beheer.get(change(measure)), title="Andere titel"))

    page = beheer.get(reverse("admin:measures_measure_record", args=[measure.pk]))

    kinds = [happening.kind for happening in page.context["happenings"]]
    assert kinds == ["change", "note", "update"]
    for words in ("Het plan ligt er.", "Te vroeg.", "B12", "Bellen met de ILT.", "Andere titel"):
        assert words in page.text
    assert "Jo Jansen" in page.text


def test_the_history_asks_as_much_for_20_updates_as_for_2(beheer):
    measure = make_measure()

    def queries():
        address = reverse("admin:measures_measure_record", args=[measure.pk])
        with CaptureQueriesContext(connection) as found:
            assert beheer.get(address).status_code == 200
        return len(found)

    for month in (1, 2):
        report(measure, Status.PLANNED, on=date(2023, month, 1))
    few = queries()
    for day in range(2, 20):
        report(measure, Status.PLANNED, on=date(2023, 3, day))
    assert queries() == few
