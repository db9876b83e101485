"""Rules across rows, held by the database itself.

A check constraint sees one row; these see the others, and the row as it was.
Written once in the SQL that SQLite and PostgreSQL share, and put in place after
every `migrate` (SQLite drops the triggers of a table when a migration rebuilds it).

An end date that grows along every 'opgegaan in' makes a cycle impossible:
in a cycle the first end date would have to be later than itself.
"""

from dataclasses import dataclass

ENDED = "('vervallen', 'opgegaan-in')"


@dataclass(frozen=True)
class Trigger:
    """Refuse `event` on `table` with `message` when `condition` is true."""

    name: str
    table: str
    event: str
    condition: str
    message: str


def _changed(*columns: str) -> str:
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


_FITS_NOT_THE_END = f"""
    NEW.publication = 'openbaar' AND (
        EXISTS (
            SELECT 1 FROM measures_progressupdate AS other
            WHERE other.measure_id = NEW.measure_id AND other.id <> NEW.id
              AND other.publication = 'openbaar' AND other.status IN {ENDED}
              AND other.reporting_date <= NEW.reporting_date)
        OR NEW.status IN {ENDED} AND EXISTS (
            SELECT 1 FROM measures_progressupdate AS other
            WHERE other.measure_id = NEW.measure_id AND other.id <> NEW.id
              AND other.publication = 'openbaar'
              AND other.reporting_date > NEW.reporting_date))
"""
_AFTER_THE_END = "Na het einde van een maatregel kan er geen stand van zaken meer bij."

TRIGGERS = [
    Trigger(
        "progressupdate_inserted_fits_the_end",
        "measures_progressupdate",
        "INSERT",
        _FITS_NOT_THE_END,
        _AFTER_THE_END,
    ),
    Trigger(
        "progressupdate_published_fits_the_end",
        "measures_progressupdate",
        "UPDATE",
        f"OLD.publication <> 'openbaar' AND {_FITS_NOT_THE_END}",
        _AFTER_THE_END,
    ),
    Trigger(
        "progressupdate_published_is_not_rewritten",
        "measures_progressupdate",
        "UPDATE",
        "OLD.published_at IS NOT NULL AND ("
        + _changed(
            "measure_id",
            "reporting_date",
            "reporting_date_precision",
            "status",
            "explanation",
            "merged_into_id",
            "published_at",
            "author_id",
        )
        + ")",
        "Wat gepubliceerd is, wordt niet herschreven. Maak een nieuwe stand van zaken.",
    ),
    Trigger(
        "progressupdate_goes_one_way",
        "measures_progressupdate",
        "UPDATE",
        "OLD.publication = 'openbaar' AND NEW.publication = 'concept'"
        " OR OLD.publication = 'ingetrokken' AND NEW.publication <> 'ingetrokken'",
        "Een gepubliceerde stand van zaken kan alleen worden ingetrokken.",
    ),
    Trigger(
        "progressupdate_published_is_kept",
        "measures_progressupdate",
        "DELETE",
        "OLD.published_at IS NOT NULL",
        "Wat gepubliceerd is geweest, wordt niet verwijderd.",
    ),
    Trigger(
        "measure_public_is_kept",
        "measures_measure",
        "DELETE",
        "OLD.published_at IS NOT NULL",
        "Een maatregel die openbaar is geweest, wordt niet verwijderd.",
    ),
    Trigger(
        "measure_public_stays_public",
        "measures_measure",
        "UPDATE",
        "OLD.published_at IS NOT NULL"
        " AND (NEW.publication <> 'openbaar' OR NEW.number <> OLD.number)",
        "Een openbare maatregel blijft openbaar en houdt zijn nummer.",
    ),
    Trigger(
        "measure_merges_into_a_running_one",
        "measures_measure",
        "UPDATE",
        """
        NEW.merged_into_id IS NOT NULL AND EXISTS (
            SELECT 1 FROM measures_measure AS target
            WHERE target.id = NEW.merged_into_id AND target.ended_on <= NEW.ended_on)
        OR NEW.ended_on IS NOT NULL AND EXISTS (
            SELECT 1 FROM measures_measure AS absorbed
            WHERE absorbed.merged_into_id = NEW.id AND absorbed.ended_on >= NEW.ended_on)
        """,
        "Een maatregel kan alleen opgaan in een maatregel die dan nog loopt.",
    ),
]


# AFTER each row: the row has its id then, and sees what the statement did to others.


def _sqlite(trigger: Trigger) -> list[str]:
    message = trigger.message.replace("'", "''")
    return [
        f"DROP TRIGGER IF EXISTS {trigger.name}",
        f"CREATE TRIGGER {trigger.name} AFTER {trigger.event} ON {trigger.table} "
        f"FOR EACH ROW WHEN {trigger.condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
    ]


def _postgresql(trigger: Trigger) -> list[str]:
    message = trigger.message.replace("'", "''")
    return [
        # 23514 is check_violation: Django raises it as an IntegrityError.
        f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {trigger.condition} THEN "
        f"RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = '{message}'; "
        "END IF; RETURN NULL; END $$",
        f"CREATE OR REPLACE TRIGGER {trigger.name} AFTER {trigger.event} ON {trigger.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {trigger.name}()",
    ]


def install(connection) -> None:
    """Put every trigger in place; safe to repeat."""
    statements = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    with connection.cursor() as cursor:
        for trigger in TRIGGERS:
            for statement in statements(trigger):
                cursor.execute(statement)


def remove(connection) -> None:
    """Take every trigger away, for a test that empties the tables."""
    with connection.cursor() as cursor:
        for trigger in TRIGGERS:
            suffix = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{suffix}")
