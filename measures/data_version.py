"""A version of the public data that rises with every change of it, whoever writes.

Triggers raise it in the transaction of the change: a save, a bulk update, a loader and plain
SQL alike. Who sees the new data sees the new version, at the same moment; what is rolled back
raises nothing. `measures/apps.py` puts the triggers in place after every `migrate`.

On SQLite there is one writer at a time, and each changed row raises the number. On PostgreSQL
two transactions must neither wait for each other nor lock each other out, so the row of the
version is the last thing that a transaction takes:

1. a trigger on each table marks the transaction (`kwalibo.data_mark`, gone at its end), and
   the first time queues a turn, a row of `measures_dataturn`;
2. at the commit the deferred trigger of the turn fires, changes the turn, and so queues a
   second one behind every other deferred check (foreign keys too, which take locks);
3. that one raises the version, and takes the turn away.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection as default_connection
from django.db.models import Value
from django.db.models.expressions import RawSQL

# When a row counts; {row} is NEW or OLD. What public pages never read may change unseen.
ALWAYS = "1 = 1"
IF_PUBLIC = "{row}.publication = 'openbaar'"

# Every table that public pages read, with the many-to-many tables of its own.
PUBLIC = {
    "parties.Party": IF_PUBLIC,
    "measures.Theme": ALWAYS,
    "measures.Measure": IF_PUBLIC,
    "measures.Involvement": ALWAYS,
    "measures.Provenance": ALWAYS,
    "measures.ProgressUpdate": IF_PUBLIC,
    "measures.DeadlineChange": IF_PUBLIC,
    "measures.Evidence": "{row}.visibility = 'openbaar'",
    "measures.Contribution": "{row}.shown_at IS NOT NULL",
    "measures.Evaluation": IF_PUBLIC,
    "measures.Finding": IF_PUBLIC,
    "measures.FindingLink": ALWAYS,
    "measures.Letter": IF_PUBLIC,
    "measures.Motion": IF_PUBLIC,
    "measures.Proposer": ALWAYS,
    "measures.Commitment": IF_PUBLIC,
    "measures.TimelineEvent": IF_PUBLIC,
    "measures.Effect": IF_PUBLIC,
    "measures.GlossaryTerm": IF_PUBLIC,
    "measures.Statement": IF_PUBLIC,
    "measures.Source": IF_PUBLIC,
    "measures.ReportingMoment": "{row}.state = 'openbaar'",
    "measures.Snapshot": ALWAYS,
    "measures.SnapshotFile": ALWAYS,
}
# Every other one, and why no public page shows it.
NOT_PUBLIC = {
    "measures.InternalNote": "for colleagues only",
    "measures.ReviewStep": "how a text came about is shown to colleagues only",
    "measures.Acceptance": "for colleagues only",
    "measures.Assignment": "what colleagues work on",
    "measures.Draft": "what a colleague is typing",
    "measures.SavedFilter": "what a colleague chose in a list",
    "measures.CorrectionProposal": "what readers send, for colleagues only",
    "measures.DigestMail": "mail to colleagues",
    "measures.SpreadsheetUpload": "what a colleague sent, until it is applied to the other tables",
    "measures.AnnexFile": "made from the other tables, and kept by a digest of its content",
    "measures.DataFile": "made from the other tables, once per version",
    "measures.DataFilePart": "made from the other tables, once per version",
    "measures.DataVersion": "the version itself",
    "measures.SearchDocument": "made from the other tables, as the rest of the index",
    "measures.SearchChange": "what the index still has to take in",
    "measures.SearchWord": "the words of the index",
}
EVENTS = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}


@dataclass(frozen=True)
class Version:
    """`key` is an opaque text, another for every state of the data; `number` is for people."""

    key: str
    number: int
    changed_at: datetime | None


def current(connection=default_connection) -> Version:
    """The version of what this connection sees now: one query for one row.

    Whoever keeps something by its version asks for the version *before* reading the data: then
    what is kept is never older than its key. Inside a transaction that has changed something
    the key belongs to that transaction alone.
    """
    from .models import DataVersion

    rows = DataVersion.objects.using(connection.alias).filter(pk=1)
    mark = "COALESCE(current_setting('kwalibo.data_mark', true), '')"
    pending: Any = RawSQL(mark, []) if connection.vendor == "postgresql" else Value("")  # noqa: S611 (a constant)
    found = rows.annotate(pending=pending).values_list("number", "mark", "pending", "changed_at")
    if not (row := found.first()):
        return Version("0", 0, None)
    number, *marks, changed_at = row
    return Version("-".join([str(number), *filter(None, marks)]), number, changed_at)


def tables() -> list[tuple[str, str]]:
    """(table, condition) of everything in PUBLIC, many-to-many tables included."""
    found = []
    for label, condition in PUBLIC.items():
        model = apps.get_model(label)
        found.append((model._meta.db_table, condition))
        for field in model._meta.local_many_to_many:
            through = field.remote_field.through
            if through._meta.auto_created:
                found.append((through._meta.db_table, ALWAYS))
    return found


def names(vendor: str) -> set[str]:
    """The names of the triggers on the tables, for whoever checks that they are there."""
    events = EVENTS if vendor == "sqlite" else ("ROW", "TRUNCATE")
    return {_name(table, event) for table, _ in tables() for event in events}


def _name(table: str, event: str) -> str:
    return f"data_version_{table}_{event.lower()}"


def _is_public(condition: str, *rows: str) -> str:
    """The condition for any of these rows: one counts that was public, or is it now."""
    return " OR ".join(condition.format(row=row) for row in rows)


# No ON CONFLICT on SQLite: there the statement that fired a trigger decides about conflicts.
_SQLITE_FIRST = (
    "INSERT INTO measures_dataversion (id, number, mark, changed_at) "
    "SELECT 1, 0, '', strftime('%Y-%m-%d %H:%M:%f', 'now') "
    "WHERE NOT EXISTS (SELECT 1 FROM measures_dataversion WHERE id = 1)"
)
_SQLITE_RAISE = (
    "UPDATE measures_dataversion SET number = number + 1, mark = lower(hex(randomblob(6))), "
    "changed_at = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE id = 1"
)


def _sqlite() -> list[str]:
    statements = [_SQLITE_FIRST, _SQLITE_RAISE]
    for table, condition in tables():
        for event, rows in EVENTS.items():
            name = _name(table, event)
            statements += [
                f"DROP TRIGGER IF EXISTS {name}",
                f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW "
                f"WHEN {_is_public(condition, *rows)} "
                f"BEGIN {_SQLITE_FIRST}; {_SQLITE_RAISE}; END",
            ]
    return statements


_POSTGRESQL = """
CREATE UNLOGGED TABLE IF NOT EXISTS measures_dataturn (
    xact text PRIMARY KEY, is_last boolean NOT NULL DEFAULT false);

CREATE OR REPLACE FUNCTION data_version_mark() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('kwalibo.data_mark', gen_random_uuid()::text, true);
    -- Both settings go back with a savepoint, as the turn itself does.
    IF current_setting('kwalibo.data_turn', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        INSERT INTO measures_dataturn (xact) VALUES (pg_current_xact_id()::text);
        PERFORM set_config('kwalibo.data_turn', pg_current_xact_id()::text, true);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION data_version_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM data_version_mark();
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION data_version_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE measures_dataturn SET is_last = true WHERE xact = NEW.xact;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION data_version_raise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM measures_dataturn WHERE xact = NEW.xact;
    INSERT INTO measures_dataversion AS version (id, number, mark, changed_at)
    VALUES (1, 1, left(md5(gen_random_uuid()::text), 12), clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET
        number = version.number + 1, mark = excluded.mark, changed_at = excluded.changed_at;
    RETURN NULL;
END $$;

INSERT INTO measures_dataversion AS version (id, number, mark, changed_at)
VALUES (1, 1, left(md5(gen_random_uuid()::text), 12), clock_timestamp())
ON CONFLICT (id) DO UPDATE SET
    number = version.number + 1, mark = excluded.mark, changed_at = excluded.changed_at;

DROP TRIGGER IF EXISTS data_version_wait ON measures_dataturn;
CREATE CONSTRAINT TRIGGER data_version_wait AFTER INSERT ON measures_dataturn
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION data_version_wait();
DROP TRIGGER IF EXISTS data_version_raise ON measures_dataturn;
CREATE CONSTRAINT TRIGGER data_version_raise AFTER UPDATE ON measures_dataturn
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION data_version_raise();
"""


def _postgresql() -> list[str]:
    statements = [_POSTGRESQL]
    for table, condition in tables():
        row, truncated = _name(table, "ROW"), _name(table, "TRUNCATE")
        # In the body and not in WHEN: a column that WHEN names cannot be altered any more.
        # OLD is null at an INSERT, and NEW at a DELETE.
        statements += [
            f"CREATE OR REPLACE FUNCTION {row}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {_is_public(condition, 'OLD', 'NEW')} THEN "
            "PERFORM data_version_mark(); END IF; RETURN NULL; END $$",
            f"CREATE OR REPLACE TRIGGER {row} AFTER INSERT OR UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {row}()",
            f"CREATE OR REPLACE TRIGGER {truncated} AFTER TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION data_version_truncated()",
        ]
    # One journey to the server.
    return [";\n".join(statement.strip().removesuffix(";") for statement in statements)]


def install(connection) -> None:
    """Put the triggers in place, and raise the version; safe to repeat.

    Raised, because a migration may have changed data while the triggers were away, and because
    new code may tell the same data in another way.
    """
    statements = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove(connection) -> None:
    """Take the triggers away: SQLite cannot rebuild a table that triggers read."""
    with connection.cursor() as cursor:
        for table, _ in tables():
            for event in EVENTS if connection.vendor == "sqlite" else ("ROW", "TRUNCATE"):
                suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{suffix}")
