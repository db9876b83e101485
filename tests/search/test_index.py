"""The index says what is public now, whoever wrote it and in whatever way."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from measures import moments, search
from measures.models import (
    GlossaryTerm,
    Letter,
    Measure,
    Motion,
    ProgressUpdate,
    Proposer,
    SearchChange,
    SearchDocument,
    SearchWord,
    Status,
)
from measures.search import triggers
from parties.models import Party
from parties.publication import Publication
from tests.factories import (
    CONCEPT,
    PUBLIC,
    make_commitment,
    make_letter,
    make_measure,
    make_moment,
    make_motion,
    make_party,
    report,
)

pytestmark = pytest.mark.django_db


def found(text):
    answer = search.find(text)
    return {result.record for result in answer.results(answer.hits)}


def texts_of_the_index():
    columns = ("title_words", "body_words", "now_words")
    return " ".join(" ".join(row) for row in SearchDocument.objects.values_list(*columns))


def test_a_record_that_is_saved_is_found_under_its_new_words_alone():
    measure = make_measure("Loket")
    assert found("loket") == {measure}

    measure.title = "Balie"
    measure.save()

    assert found("balie") == {measure}
    assert found("loket") == set()


WRITES = {
    "update of a query set": lambda m: Measure.objects.filter(pk=m.pk).update(title="Balie"),
    "bulk_update": lambda m: Measure.objects.bulk_update(
        [Measure(pk=m.pk, title="Balie")], ["title"]
    ),
    "SQL by hand": lambda m: connection.cursor().execute(
        "UPDATE measures_measure SET title = 'Balie' WHERE id = %s", [m.pk]
    ),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_no_way_of_writing_passes_the_index_by(write):
    measure = make_measure("Loket")
    assert found("loket") == {measure}

    write(measure)

    assert found("balie") == {measure}
    assert found("loket") == set()


def test_what_is_made_in_bulk_is_found():
    measure = make_measure("Loket")
    made = ProgressUpdate.objects.bulk_create(
        ProgressUpdate(
            measure=measure,
            status=Status.PLANNED,
            reporting_date=date(2024, 1, day),
            explanation=f"Steekproef {day}.",
            publication=PUBLIC,
            published_at=timezone.now(),
        )
        for day in (1, 2)
    )

    assert found("steekproef") == {*made, measure}


def test_what_is_deleted_is_gone():
    term = GlossaryTerm.objects.create(
        term="Balie", slug="balie", definition="Loket.", publication=PUBLIC
    )
    assert found("balie") == {term}

    GlossaryTerm.objects.filter(pk=term.pk).delete()

    assert not SearchDocument.objects.filter(kind="begrip").exists()
    assert found("balie") == set()


def test_what_is_rolled_back_was_never_there():
    measure = make_measure("Loket")
    assert found("loket") == {measure}

    with transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(title="Balie")
        assert found("balie") == {measure}
        transaction.set_rollback(True)

    assert found("balie") == set()
    assert found("loket") == {measure}
    assert not SearchChange.objects.exists()


def test_a_withdrawal_takes_the_text_out_of_the_index_at_once():
    update = report(
        make_measure("Loket"), Status.PLANNED, on=date(2024, 1, 1), explanation="Zwartemarker."
    )
    assert update in found("zwartemarker")

    update.withdraw("Fout.")

    # Before anybody searched.
    assert "zwartemarker" not in texts_of_the_index()
    assert found("zwartemarker") == set()
    assert found("loket") == {update.measure}


HIDDEN = {
    "a motion": lambda: make_motion("Zwartemarker"),
    "a commitment": lambda: make_commitment("Zwartemarker"),
    "a letter": lambda: make_letter("Zwartemarker"),
    "a party": lambda: make_party("Zwartemarker"),
    "a term": lambda: GlossaryTerm.objects.create(
        term="Zwartemarker", slug="z", definition="Zo.", publication=PUBLIC
    ),
}


@pytest.mark.parametrize("make", HIDDEN.values(), ids=HIDDEN)
def test_what_stops_being_public_is_out_of_the_index_at_once(make):
    record = make()
    assert found("zwartemarker") == {record}

    type(record).objects.filter(pk=record.pk).update(publication=Publication.WITHDRAWN)

    assert not texts_of_the_index()
    assert found("zwartemarker") == set()


def test_an_index_that_is_behind_shows_nothing_that_is_not_public(client):
    """Even when somebody put it there by hand: results are read through public()."""
    hidden = make_motion("Zwartemarker", publication=CONCEPT)
    search.refresh()
    SearchDocument.objects.create(
        kind="motie", object_id=hidden.pk, key="zwartemarker", title_words="zwartemarker"
    )

    answer = search.find("zwartemarker")

    assert not answer.hits
    assert answer.counts["motie"] == 0
    assert client.get("/zoeken/?q=zwartemarker").text.lower().count("zwartemarker") <= 4


def test_what_is_held_for_a_letter_is_found_from_its_release_on(admin_user):
    measure = make_measure("Loket")
    letter = make_letter("Brief in het najaar", publication=CONCEPT)
    moment = make_moment(on=date(2024, 6, 1), letter=letter)
    update = report(
        measure,
        Status.IMPLEMENTED,
        on=date(2024, 5, 1),
        explanation="Geopend.",
        publication=CONCEPT,
    )
    update.hold(moment)

    # A rehearsal makes it public in a transaction that is rolled back.
    moments.content_of(moment)
    assert found("geopend") == set()
    made = moments.freeze(moment, by=admin_user, reason_for=lambda row: "Gezien.")
    moments.render_files(made)
    assert found("geopend") == set()
    assert "geopend" not in texts_of_the_index()

    moments.release(moment)

    assert found("geopend") == {update, measure}
    assert found("najaar") == {letter}


def test_a_proposer_belongs_to_the_words_of_the_motion():
    motion = make_motion("Motie over granuliet", proposers=[("Moorlag", "PvdA")])
    assert found("moorlag") == {motion}

    Proposer.objects.filter(motion=motion).update(name="Dik-Faber")

    assert found("moorlag") == set()
    assert found("faber") == {motion}


def test_a_proposer_that_goes_to_another_motion_leaves_the_first():
    one = make_motion("Motie over granuliet", proposers=[("Moorlag", "PvdA")])
    other = make_motion("Motie over water")
    assert found("moorlag") == {one}

    Proposer.objects.update(motion=other)

    assert found("moorlag") == {other}


def test_a_search_indexes_a_bounded_lot_and_says_when_there_is_more(monkeypatch):
    monkeypatch.setattr(search.indexing, "AT_ONCE", 3)
    for n in range(5):
        make_measure(f"Loket {n}")

    first, second = search.find("loket"), search.find("loket")

    assert (len(first.hits), first.is_complete) == (3, False)
    assert (len(second.hits), second.is_complete) == (5, True)


def test_when_nothing_changed_a_search_writes_nothing(django_assert_num_queries):
    make_measure("Loket")
    assert not SearchDocument.objects.exists()
    search.refresh()

    with django_assert_num_queries(1):
        assert search.refresh()


@pytest.mark.parametrize("times", [1, 2])
def test_rebuilding_gives_the_same_index_however_often(times):
    measure = make_measure("Loket")
    report(measure, Status.PLANNED, on=date(2024, 1, 1), explanation="Proef.")
    make_motion("Motie", proposers=[("Moorlag", "PvdA")])
    search.refresh()
    columns = ("kind", "object_id", "key", "day", "until", "title_words", "body_words", "now_words")

    def contents():
        return sorted(map(str, SearchDocument.objects.values_list(*columns)))

    before = contents()
    SearchDocument.objects.filter(kind="motie").update(title_words="fout")
    SearchDocument.objects.create(kind="partij", object_id=999, title_words="verdwenen")
    SearchWord.objects.create(stem="verdwen", word="verdwenen")

    for _ in range(times):
        call_command("rebuild_search", verbosity=0)

    assert contents() == before
    assert not SearchWord.objects.filter(word="verdwenen").exists()
    assert not SearchChange.objects.exists()


def test_an_update_knows_until_when_it_was_the_latest():
    measure = make_measure("Loket")
    report(measure, Status.PLANNED, on=date(2023, 1, 1))
    report(measure, Status.IN_DEVELOPMENT, on=date(2024, 1, 1))
    last = report(measure, Status.IMPLEMENTED, on=date(2025, 1, 1))
    search.refresh()

    def spans():
        return list(
            SearchDocument.objects.filter(kind="stand")
            .order_by("day")
            .values_list("day__year", "until__year")
        )

    assert spans() == [(2023, 2024), (2024, 2025), (2025, None)]
    last.withdraw("Fout.")
    search.refresh()
    assert spans() == [(2023, 2024), (2024, None)]


def test_every_table_with_searched_texts_is_watched():
    models = [Measure, ProgressUpdate, Motion, Letter, Party, GlossaryTerm, Proposer]

    assert {model._meta.db_table for model in models} <= {w.table for w in triggers.WATCHED}


def test_the_database_holds_the_triggers():
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {name for (name,) in cursor.fetchall()}

    for watched in triggers.WATCHED:
        assert any(name.startswith(watched.name) for name in there), watched.name


def test_staff_do_not_wait_for_a_version_of_the_record():
    """A write notes itself in a row of its own, so two writers never meet there."""
    measure = make_measure("Loket")
    search.refresh()

    for _ in range(3):
        Measure.objects.filter(pk=measure.pk).update(version=F("version") + 1)

    assert SearchChange.objects.count() == 3
