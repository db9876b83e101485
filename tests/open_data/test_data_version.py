"""The data version rises with every change of what the public reads, whoever writes."""

import threading
from datetime import date

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_pre_migrate_signal
from django.db import connection, connections, transaction

from measures import data_version, triggers
from measures.loading import SHIPPED, load
from measures.models import DataVersion, InternalNote, Measure, Status, Theme
from measures.search import triggers as search_triggers
from parties.models import Party
from tests.factories import (
    CONCEPT,
    make_evidence,
    make_letter,
    make_measure,
    make_moment,
    make_motion,
    make_party,
    make_source,
    make_theme,
    report,
    shift,
)

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer at a time"
)


@pytest.fixture
def for_real(transactional_db):
    """Transactions that really end; after it the tables are emptied, which our triggers refuse."""
    yield
    triggers.remove(connection)


def version() -> str:
    return data_version.current().key


def test_every_table_is_listed_or_left_out_with_a_reason():
    """A new model makes this fail: say whether a public page reads it."""
    everything = {
        f"{model._meta.app_label}.{model.__name__}"
        for app in ("measures", "parties")
        for model in apps.get_app_config(app).get_models()
    }

    listed, left_out = set(data_version.PUBLIC), set(data_version.NOT_PUBLIC)

    assert listed | left_out == everything
    assert not listed & left_out
    assert all(data_version.NOT_PUBLIC.values())


def test_the_many_to_many_tables_of_a_listed_model_are_listed_with_it():
    tables = dict(data_version.tables())

    assert "measures_progressupdate_sources" in tables
    assert "measures_motion_measures" in tables
    assert "measures_finding_evaluations" in tables


@pytest.mark.django_db
def test_the_database_holds_the_triggers_of_every_listed_table():
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {name for (name,) in cursor.fetchall()}

    assert data_version.names(connection.vendor) <= found


@pytest.mark.django_db
def test_a_trigger_that_went_comes_back_after_a_migrate():
    name = {
        "sqlite": "data_version_measures_theme_insert",
        "postgresql": "data_version_measures_theme_row ON measures_theme",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}")
    before = version()
    make_theme()
    assert version() == before

    call_command("migrate", verbosity=0)

    make_theme()
    assert version() != before


def change_title(measure):
    measure.title = "Een andere titel"
    measure.save()


def change_in_bulk(measure):
    Measure.objects.filter(pk=measure.pk).update(title="Een andere titel")


def change_with_sql(measure):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE measures_measure SET title = 'Een andere titel'")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL alters a table in place")
@pytest.mark.django_db
def test_a_migration_that_rebuilds_a_table_finds_no_triggers_that_read_it():
    """With them there, SQLite refuses to rename the new table to the old one's name."""
    emit_pre_migrate_signal(verbosity=0, interactive=False, db="default")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        assert cursor.fetchall() == []

    call_command("migrate", verbosity=0)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'")
        (number,) = cursor.fetchone()
    others = len(triggers.TRIGGERS) + len(data_version.names("sqlite"))
    assert number == others + len(search_triggers.names_on_sqlite())


@pytest.mark.django_db
def test_a_migrate_raises_it():
    """New code may tell the same data in another way; what was kept before is then old."""
    before = version()

    call_command("migrate", verbosity=0)

    assert version() != before


NEW_THEME = (
    "INTO measures_theme (version, certainty, remark, key, title, slug, description, position) "
    "VALUES (0, 'onbekend', '', 'N', 'Nieuw', 'nieuw', '', 9)"
)


def add_with_sql(start="INSERT", end=""):
    with connection.cursor() as cursor:
        cursor.execute(f"{start} {NEW_THEME} {end}")


CHANGES = {
    "a save": change_title,
    "a bulk update": change_in_bulk,
    "plain SQL": change_with_sql,
    "SQL that ignores conflicts": lambda measure: add_with_sql(end="ON CONFLICT DO NOTHING"),
    "a new row": lambda measure: make_party(),
    "many new rows": lambda measure: Theme.objects.bulk_create(
        [Theme(key="A", slug="a", title="A"), Theme(key="B", slug="b", title="B")]
    ),
    "a row that is deleted": lambda measure: Party.objects.get(slug="weg").delete(),
    "a source beside it": lambda measure: measure.sources.add(make_source(publication=CONCEPT)),
    "a published update": lambda measure: report(measure, Status.PLANNED, on=date(2024, 1, 1)),
    "a shifted deadline": lambda measure: shift(measure, date(2026, 1, 1), on=date(2025, 1, 1)),
    "a withdrawal": lambda measure: measure.updates.first().withdraw("Dit klopte niet."),
    "a link to a motion": lambda measure: make_motion(publication=CONCEPT).measures.add(measure),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", CHANGES)
def test_every_way_to_write_raises_it(name):
    make_party(slug="weg")
    measure = make_measure(deadline=date(2025, 6, 1))
    report(measure, Status.PLANNED, on=date(2023, 1, 1))
    before = version()

    CHANGES[name](measure)

    assert version() != before


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no OR REPLACE")
@pytest.mark.parametrize("way", ["REPLACE", "IGNORE", "ABORT", "FAIL"])
@pytest.mark.django_db
def test_how_a_statement_treats_conflicts_does_not_reach_the_version(way):
    """SQLite hands that on to what triggers do."""
    make_theme()
    before = data_version.current()

    add_with_sql(f"INSERT OR {way}")
    first = data_version.current()
    if way == "REPLACE":
        add_with_sql("INSERT OR REPLACE")

    assert before.number < first.number <= data_version.current().number
    assert DataVersion.objects.count() == 1


@pytest.mark.django_db
def test_what_only_colleagues_see_does_not_raise_it():
    """A desk that works on concepts all day leaves the public pages as they are."""
    measure = make_measure()
    public = report(measure, Status.PLANNED, on=date(2023, 1, 1))
    letter = make_letter()
    before = version()

    InternalNote.objects.create(measure=measure, text="Voor ons")
    party = make_party(publication=CONCEPT)
    party.role = "Nog niet openbaar"
    party.save()
    concept = report(
        measure,
        Status.IMPLEMENTED,
        on=date(2024, 1, 1),
        publication=CONCEPT,
        explanation="Nog niet",
    )
    concept.explanation = "Beter gezegd"
    concept.save()
    moment = make_moment(on=date(2024, 1, 1), letter=letter)
    concept.hold(moment)
    make_evidence(public, visibility="intern")

    assert version() == before


@pytest.mark.django_db
def test_what_becomes_public_raises_it_and_what_stops_being_public_too():
    party = make_party(publication=CONCEPT)
    before = version()

    party.publication = "openbaar"
    party.save()
    shown = version()
    party.publication = "ingetrokken"
    party.save()

    assert len({before, shown, version()}) == 3


@pytest.mark.usefixtures("for_real")
def test_a_rollback_raises_nothing():
    make_theme()
    before = data_version.current()

    with transaction.atomic():
        make_theme()
        inside = version()
        transaction.set_rollback(True)

    assert inside != before.key
    assert data_version.current() == before


@pytest.mark.usefixtures("for_real")
def test_a_savepoint_that_is_rolled_back_takes_nothing_from_the_rest():
    before = data_version.current()

    with transaction.atomic():
        with transaction.atomic():
            make_theme()
            transaction.set_rollback(True)
        make_theme()

    assert data_version.current().number > before.number


@pytest.mark.usefixtures("for_real")
def test_two_changes_in_one_transaction_have_two_keys_for_that_transaction():
    """What it keeps by a key in between stands for no other data."""
    with transaction.atomic():
        make_theme()
        first = version()
        make_theme()
        second = version()

    assert len({first, second}) == 2
    assert version() != first


@pytest.mark.usefixtures("for_real")
def test_a_number_that_was_used_before_does_not_stand_for_other_data():
    """As when a back-up is put back: the number goes on from there, the key is new."""
    make_theme()
    row = DataVersion.objects.get()
    make_theme(title="Voor de terugzetting")
    lost = data_version.current()
    row.save()

    make_theme(title="Na de terugzetting")

    assert data_version.current().number == lost.number
    assert data_version.current().key != lost.key


@pytest.mark.usefixtures("for_real")
def test_it_is_there_again_when_every_table_was_emptied():
    make_theme()
    triggers.remove(connection)
    call_command("flush", interactive=False, verbosity=0)
    DataVersion.objects.all().delete()
    assert version() == "0"

    make_theme()

    assert data_version.current().number > 0


@pytest.mark.usefixtures("for_real")
def test_the_loader_raises_it():
    before = version()
    load(SHIPPED)
    loaded = data_version.current()

    load(SHIPPED)

    assert loaded.key != before
    assert loaded.changed_at.tzinfo is not None


@pytest.mark.django_db
def test_asking_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        data_version.current()


@on_postgresql
@pytest.mark.usefixtures("for_real")
def test_it_rises_once_for_many_rows():
    before = data_version.current().number

    Theme.objects.bulk_create([Theme(key=f"T{n}", slug=f"t{n}", title=f"{n}") for n in range(50)])

    assert data_version.current().number == before + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM measures_dataturn")
        assert cursor.fetchone() == (0,)


@on_postgresql
@pytest.mark.usefixtures("for_real")
def test_a_long_transaction_keeps_nobody_waiting():
    """The row of the version is taken at the commit, not at the change."""
    make_theme(key="A")

    with transaction.atomic():
        make_theme(key="B")
        assert run_beside(lambda: make_theme(key="C"), seconds=5)

    assert Theme.objects.count() == 3


@on_postgresql
@pytest.mark.usefixtures("for_real")
def test_a_foreign_key_that_is_checked_at_the_commit_does_not_lock_two_transactions_out():
    """One holds a measure and waits for the version; the other must not hold the version and
    wait for the measure."""
    held, free = make_measure(), make_measure()
    measure_is_held, other_may_commit = threading.Event(), threading.Event()
    problems = []

    def hold_the_measure():
        try:
            with transaction.atomic():
                Measure.objects.select_for_update().get(pk=held.pk)
                measure_is_held.set()
                make_theme()
                assert other_may_commit.wait(5)
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(0.5)")
        except Exception as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    thread = threading.Thread(target=hold_the_measure)
    thread.start()
    assert measure_is_held.wait(5)
    with transaction.atomic():
        # A row that counts, then one whose foreign key asks for the measure that is held.
        for measure in (free, held):
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO measures_provenance "
                    "(certainty, remark, field, wording, measure_id) "
                    "VALUES ('onbekend', '', 'lead', '', %s)",
                    [measure.pk],
                )
        other_may_commit.set()
    thread.join(10)

    assert not problems


def run_beside(work, seconds: float) -> bool:
    """Do `work` on a connection of its own; whether it was done in time."""

    def run():
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(seconds)
    return not thread.is_alive()
