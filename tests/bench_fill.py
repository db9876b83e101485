"""Fills an empty database with very many fictitious measures, in minutes.

The first thousand are made by the application itself, with its checks, triggers and search
index; the others are copies of those rows, made by the database with numbers, titles and ids of
their own. A copy is what the application would have written: `check()` looks.
"""

from contextlib import contextmanager

BASE = 1000
# The parts that parties have in a measure besides that of lead: role, and which party.
ROLES = [("betrokken", 5), ("voert-uit", 11)]


def fill(measures: int, updates: int) -> None:
    """Needs Django, and a database with all tables and no measures."""
    from django.core.management import call_command
    from django.db import connection

    base = min(measures, BASE)
    call_command("generate_demo", measures=base, updates=updates, seed=1, verbosity=0)
    involve_parties()
    if times := measures // base - 1:
        with _without_triggers(connection), connection.cursor() as cursor:
            for statement in _copies(connection.vendor, base, times):
                cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    check(measures, updates)


def check(measures: int, updates: int) -> None:
    """Whether all is there, and says what the application itself would make of it."""
    from measures import search
    from measures.models import Measure, ProgressUpdate, SearchDocument
    from measures.models.progress import derive_status

    assert Measure.objects.public().count() == measures
    assert ProgressUpdate.objects.public().count() == measures * updates
    assert SearchDocument.objects.filter(kind="stand").count() == measures * updates
    last = Measure.objects.order_by("-number").first()
    assert last is not None
    before = (last.status, last.reported_on, last.ended_on)
    derive_status([last.pk])
    last.refresh_from_db()
    assert (last.status, last.reported_on, last.ended_on) == before
    search.catch_up()


def involve_parties() -> None:
    """Give each measure a party with a part in it, and every other one a second."""
    from measures.models import Involvement, Measure
    from parties.models import Party

    parties = list(Party.objects.order_by("pk").values_list("pk", flat=True))
    new = Measure.objects.filter(involvements=None).values_list("pk", flat=True)
    Involvement.objects.bulk_create(
        Involvement(measure_id=pk, party_id=parties[(pk * step) % len(parties)], role=role)
        for pk in new
        for number, (role, step) in enumerate(ROLES)
        if pk % (number + 1) == 0
    )


@contextmanager
def _without_triggers(connection):
    """Rows that are copies of rows that passed them do not have to pass them again."""
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import transaction

    from measures.apps import install_triggers, remove_triggers

    if connection.vendor == "sqlite":
        remove_triggers(using=connection.alias)
        with transaction.atomic():
            yield
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO measures_searchindex (measures_searchindex) VALUES ('rebuild')"
                )
        install_triggers(using=connection.alias)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield
        models = apps.get_app_config("measures").get_models()
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


def _copies(vendor: str, base: int, times: int):
    """The statements that copy every row that belongs to a measure `times` times."""
    from measures.models import (
        DeadlineChange,
        Involvement,
        Measure,
        ProgressUpdate,
        SearchDocument,
    )

    number = f"(t.number + k.n * {base})"
    uuid = "lower(hex(randomblob(16)))" if vendor == "sqlite" else "gen_random_uuid()"
    of_measure = {"measure_id": f"t.measure_id + k.n * {base}"}
    # Ids of copies follow those of the whole of the first thousand.
    own = {
        model: (model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0)
        for model in (ProgressUpdate, DeadlineChange, Involvement, SearchDocument)
    }
    yield _copy(
        Measure,
        base,
        times,
        {
            "number": number,
            "title": f"substr(t.title, 1, length(t.title) - length(t.number || '')) || {number}",
        },
    )
    for model in (ProgressUpdate, DeadlineChange):
        yield _copy(model, own[model], times, of_measure | {"submission": uuid})
    yield _copy(Involvement, own[Involvement], times, of_measure)
    sources = Measure.sources.through
    last = sources.objects.order_by("-pk").values_list("pk", flat=True)[0]
    yield _copy(sources, last, times, of_measure)
    # Of a measure 'm17 fictief … 17'; of an update it has no number in it.
    digits = "length(t.measure_id || '')"
    to = f"(t.measure_id + k.n * {base})"
    middle = f"substr(t.title_words, 2 + {digits}, length(t.title_words) - 1 - 2 * {digits})"
    is_measure = "t.kind = 'maatregel'"
    yield _copy(
        SearchDocument,
        own[SearchDocument],
        times,
        of_measure
        | {
            "object_id": f"t.object_id + k.n * CASE WHEN {is_measure} THEN {base} "
            f"ELSE {own[ProgressUpdate]} END",
            "key": f"CASE WHEN {is_measure} THEN 'm' || {to} ELSE '' END",
            "title_words": f"CASE WHEN {is_measure} THEN 'm' || {to} || {middle} || {to} "
            "ELSE '' END",
        },
        "t.kind IN ('maatregel', 'stand')",
    )


def _copy(model, span: int, times: int, values: dict[str, str], where: str = "1 = 1") -> str:
    columns = [f.column for f in model._meta.concrete_fields if not f.generated]
    values = {"id": f"t.id + k.n * {span}"} | values
    taken = ", ".join(values.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    return (
        f"WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < {times}) "
        f"INSERT INTO {model._meta.db_table} ({names}) "
        f"SELECT {taken} FROM k CROSS JOIN {model._meta.db_table} AS t WHERE {where}"
    )
