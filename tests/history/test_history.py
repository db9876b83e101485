"""What changed in a record: field by field, by whom, for ever, and for staff alone."""

from datetime import date

import pytest
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures import moments
from measures.history import WITHOUT
from measures.models import InternalNote, Involvement, Measure, ProgressUpdate, Status
from parties import history
from parties.models import Party
from parties.publication import Publication
from tests.admin.forms import delete, said, typed
from tests.desk.people import colleague
from tests.factories import (
    CONCEPT,
    make_letter,
    make_measure,
    make_moment,
    make_party,
    make_source,
    report,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(client):
    person = colleague("beheerder", "beheerder", first_name="Bea", last_name="Heer")
    client.force_login(person)
    return person


def at(record, screen="change", *args):
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}_{screen}"
    return reverse(name, args=[record.pk, *args])


def changes(record):
    return [
        (event.what, event.who, {c.label: (c.before, c.after) for c in event.changes})
        for event in history.events(history.entries_of(record))
    ]


def test_every_model_that_staff_can_change_has_a_history():
    ours = [
        *apps.get_app_config("measures").get_models(),
        *apps.get_app_config("parties").get_models(),
        get_user_model(),
        Group,
    ]
    assert {m for m in ours if not auditlog.contains(m)} == {
        m for m in ours if m.__name__ in WITHOUT
    }


def test_a_form_leaves_who_what_and_both_values(client, keeper):
    measure, party = make_measure("Een loket"), make_party("Inspectie", abbreviation="ILT")

    client.post(
        at(measure),
        typed(
            client.get(at(measure)), title="Een balie", lead=str(party.pk), added_on="2022-04-04"
        ),
    )

    assert changes(measure)[0] == (
        "Gewijzigd",
        "Bea Heer",
        {
            "titel": ("Een loket", "Een balie"),
            "trekker": ("leeg", str(party)),
            "toegevoegd op": ("leeg", "4 april 2022"),
        },
    )
    page = client.get(at(measure, "history"))
    for text in ("Bea Heer", "Een loket", "Een balie", "4 april 2022"):
        assert text in page.text


def test_sources_are_named_as_they_come_and_go(client, keeper):
    measure, source = make_measure(), make_source("De evaluatie")
    measure.sources.add(source)
    measure.sources.remove(source)

    told = [list(found.values()) for _, _, found in changes(measure)[:2]]
    assert told == [[(str(source), "")], [("", str(source))]]


def test_what_is_derived_and_counted_is_no_change():
    measure = make_measure()
    before = len(changes(measure))

    report(measure, Status.PLANNED, on=date(2024, 1, 1))
    measure.save()

    assert len(changes(measure)) == before


def test_what_one_statement_publishes_for_many_is_there_for_each(keeper):
    moment = make_moment(on=date(2024, 1, 1), letter=make_letter())
    updates = [
        report(make_measure(), Status.PLANNED, on=date(2024, 1, 1), publication=CONCEPT)
        for _ in range(3)
    ]
    for update in updates:
        update.hold(moment)
    made = moments.freeze(moment, by=keeper, reason_for=lambda row: "Zo laten.")
    moments.render_files(made)
    with history.acting(keeper):
        moments.release(moment)

    for update in updates:
        what, who, found = changes(update)[0]
        assert (what, who) == ("Gewijzigd", "Bea Heer")
        assert found["publicatie"] == ("Concept", "Openbaar")


def test_nobody_acts_after_a_request(keeper):
    with history.acting(keeper):
        make_party("Van Bea")
    make_party("Van niemand")

    assert [changes(party)[0][1] for party in Party.objects.order_by("pk")] == [
        "Bea Heer",
        "het systeem",
    ]


def test_a_looked_at_and_rolled_back_change_leaves_nothing():
    measure = make_measure()
    before = LogEntry.objects.count()

    with transaction.atomic():
        measure.title = "Toch niet"
        measure.save()
        transaction.set_rollback(True)

    assert LogEntry.objects.count() == before


@pytest.mark.parametrize("how", ["update", "delete"])
def test_the_history_is_changed_by_nobody(how):
    make_measure()
    entries = LogEntry.objects.all()

    with pytest.raises(IntegrityError), transaction.atomic():
        entries.update(object_repr="Iets anders") if how == "update" else entries._raw_delete(
            entries.db
        )


def test_no_password_is_in_it():
    person = colleague("nieuw", password="een heel geheim woord")
    person.set_password("een ander geheim woord")
    person.save()

    assert not LogEntry.objects.filter(changes__has_key="password").exists()


def test_a_row_under_a_record_that_goes_is_remembered():
    measure, party = make_measure(), make_party("Inspectie")
    row = Involvement.objects.create(measure=measure, party=party)
    row.delete()

    (entry,) = history.deleted(Involvement)
    (event,) = history.events([entry])
    assert ("partij", str(party), "leeg") in [(c.label, c.before, c.after) for c in event.changes]


# Putting back.


def test_a_value_is_put_back_as_a_new_change(client, keeper):
    measure = make_measure("Een loket")
    client.post(at(measure), typed(client.get(at(measure)), title="Een fuot"))
    entry = history.entries_of(measure).first()
    ask = at(measure, "put_back", entry.pk)
    page = client.get(ask)
    assert "Een loket" in page.text
    assert Measure.objects.get().title == "Een fuot"

    answer = client.post(ask, {"opened_version": str(page.context["object"].version)})

    assert Measure.objects.get().title == "Een loket"
    assert "Teruggezet naar vóór" in said(answer)
    assert changes(measure)[0][2] == {"titel": ("Een fuot", "Een loket")}
    assert len(changes(measure)) == 3


def test_putting_back_looks_first_whether_somebody_saved(client, keeper):
    measure = make_measure("Een loket")
    client.post(at(measure), typed(client.get(at(measure)), title="Een fuot"))
    ask = at(measure, "put_back", history.entries_of(measure).first().pk)
    version = client.get(ask).context["object"].version
    measure.refresh_from_db()
    measure.title = "Van een collega"
    measure.save()

    page = client.post(ask, {"opened_version": str(version)})

    assert "intussen gewijzigd" in page.text
    assert Measure.objects.get().title == "Van een collega"


def test_what_no_longer_fits_is_said(client, keeper):
    measure, party = make_measure(), make_party(publication=CONCEPT)
    measure.lead = party
    measure.save()
    measure.lead = None
    measure.save()
    Party.objects.filter(pk=party.pk).delete()
    ask = at(measure, "put_back", history.entries_of(measure).first().pk)

    page = client.post(ask, {"opened_version": str(client.get(ask).context["object"].version)})

    assert "verwees naar iets dat er niet meer is" in page.text


def test_what_the_public_read_is_not_put_back(client, keeper):
    update = report(make_measure(), Status.PLANNED, on=date(2024, 1, 1), publication=CONCEPT)
    update.explanation = "Anders."
    update.save()
    entry = history.entries_of(update).first()

    page = client.get(at(update, "history"))

    assert "Terugzetten naar" not in page.text
    assert "wordt niet herschreven" in page.text
    assert client.post(at(update, "put_back", entry.pk)).status_code == 403


def test_a_publication_is_never_put_back():
    party = make_party(publication=CONCEPT)
    party.publication = Publication.PUBLIC
    party.save()

    assert history.restorable(history.entries_of(party).first()) == []


def test_what_was_deleted_is_made_again_as_a_concept(client, keeper):
    party = make_party("Bodemclub", publication=CONCEPT, website="https://club.example")
    delete(client, party)
    page = client.get(reverse("admin:parties_party_deleted"))
    assert "Bodemclub" in page.text
    assert "Bea Heer" in page.text
    entry = history.deleted(Party).get()

    client.post(reverse("admin:parties_party_make_again", args=[entry.pk]))

    again = Party.objects.get(name="Bodemclub")
    assert (again.website, again.publication) == ("https://club.example", CONCEPT)


def test_a_reader_reads_it_and_puts_nothing_back(client):
    client.force_login(colleague("lezer", "lezer"))
    source = make_source("Oud")
    source.title = "Nieuw"
    source.save()
    entry = history.entries_of(source).first()

    page = client.get(at(source, "history"))

    assert "Oud" in page.text
    assert "Terugzetten naar" not in page.text
    assert client.post(at(source, "put_back", entry.pk)).status_code == 403


def test_a_long_history_takes_no_more_queries(client, keeper):
    measure = make_measure()

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(at(measure, "history")).status_code == 200
        return len(found)

    def change(times):
        for _ in range(times):
            measure.lead = make_party()
            measure.title += "!"
            measure.save()

    change(2)
    few = queries()
    change(60)
    assert queries() <= few + 1


def test_nothing_of_it_is_public(client):
    measure = make_measure("Nieuwe naam")
    measure.title = "GEHEIME oude naam"
    measure.publication = Publication.PUBLIC
    measure.save()
    measure.title = "Nieuwe naam"
    measure.save()
    InternalNote.objects.create(measure=measure, text="GEHEIME notitie")
    ProgressUpdate.objects.create(
        measure=measure, status=Status.PLANNED, explanation="GEHEIM concept"
    )

    for address in ("/", measure.get_absolute_url(), "/maatregelen/", "/maatregelen.json"):
        assert "GEHEIM" not in client.get(address).text
