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
"""  # noqa: S608 (our own names)
_AFTER_THE_END = "Na het einde van een maatregel kan er geen stand van zaken meer bij."

_MERGES_INTO_A_HIDDEN_ONE = """
    NEW.publication = 'openbaar' AND NEW.merged_into_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM measures_measure AS target
        WHERE target.id = NEW.merged_into_id AND target.publication <> 'openbaar')
"""


def _is(row: str, *states: str) -> str:
    """Condition: the moment that a report is held for is in one of these states."""
    named = ", ".join(f"'{state}'" for state in states)
    return (
        f"{row}.held_for_id IS NOT NULL AND EXISTS (SELECT 1 FROM measures_reportingmoment AS "  # noqa: S608 (our own names)
        f"moment WHERE moment.id = {row}.held_for_id AND moment.state IN ({named}))"
    )


def _reported(model: str, *columns: str) -> list[Trigger]:
    """What holds for every kind of report; `columns` are what it says."""
    table = f"measures_{model}"
    said = _changed("measure_id", "author_id", "letter_id", "certainty", "remark", *columns)
    since = _changed("published_at", "approved_by_id", "approved_at", "approved_alone")
    return [
        Trigger(
            f"{model}_published_is_not_rewritten",
            table,
            "UPDATE",
            f"OLD.published_at IS NOT NULL AND ({said} OR {since})",
            "Wat gepubliceerd is, wordt niet herschreven. Maak een nieuwe stand van zaken.",
        ),
        Trigger(
            f"{model}_goes_one_way",
            table,
            "UPDATE",
            "OLD.publication = 'openbaar' AND NEW.publication = 'concept'"
            " OR OLD.publication = 'ingetrokken' AND NEW.publication <> 'ingetrokken'",
            "Een gepubliceerde stand van zaken kan alleen worden ingetrokken.",
        ),
        Trigger(
            f"{model}_published_is_kept",
            table,
            "DELETE",
            "OLD.published_at IS NOT NULL",
            "Wat gepubliceerd is geweest, wordt niet verwijderd.",
        ),
        # Embargo: not before its moment, and from the freezing on not otherwise either.
        Trigger(
            f"{model}_inserted_waits_for_its_moment",
            table,
            "INSERT",
            f"NEW.publication = 'openbaar' AND {_is('NEW', 'voorbereiding', 'vastgesteld')}"
            f" OR {_is('NEW', 'vastgesteld', 'ingetrokken')}",
            _EMBARGO,
        ),
        Trigger(
            f"{model}_waits_for_its_moment",
            table,
            "UPDATE",
            f"NEW.publication = 'openbaar' AND {_is('NEW', 'voorbereiding', 'vastgesteld')}"
            f" OR {_changed('held_for_id')} AND {_is('NEW', 'vastgesteld', 'ingetrokken')}",
            _EMBARGO,
        ),
        Trigger(
            f"{model}_of_a_frozen_moment_stays_as_it_is",
            table,
            "UPDATE",
            f"{_is('OLD', 'vastgesteld')} AND ({said} OR {_changed('held_for_id')})",
            _FROZEN,
        ),
        Trigger(
            f"{model}_of_a_frozen_moment_is_kept",
            table,
            "DELETE",
            _is("OLD", "vastgesteld"),
            _FROZEN,
        ),
        # The snapshot names the sources too.
        *(
            Trigger(
                f"{model}_sources_of_a_frozen_moment_stay_{event.lower()}",
                f"{table}_sources",
                event,
                f"EXISTS (SELECT 1 FROM {table} AS report JOIN measures_reportingmoment AS moment"  # noqa: S608 (our own names)
                f" ON moment.id = report.held_for_id WHERE report.id = {row}.{model}_id"
                " AND moment.state = 'vastgesteld')",
                _FROZEN,
            )
            for event, row in [("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")]
        ),
    ]


def _kept_as_it_is(model: str) -> list[Trigger]:
    """A row that is written once: not changed and not deleted, by anybody."""
    message = "Wat is vastgesteld, wordt niet gewijzigd en niet verwijderd."
    return [
        Trigger(f"{model}_is_not_rewritten", f"measures_{model}", "UPDATE", "1 = 1", message),
        Trigger(f"{model}_is_kept", f"measures_{model}", "DELETE", "1 = 1", message),
    ]


_HISTORY = "De geschiedenis wordt niet gewijzigd en niet verwijderd."
_EMBARGO = "Dit staat klaar voor een peilmoment en wordt daarmee openbaar, niet eerder."
_FROZEN = "Dit hoort bij een peilmoment dat is vastgesteld en blijft zoals het is."

_WAS_SEEN = """
    OLD.opened_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM measures_progressupdate AS report
        WHERE report.id = OLD.update_id AND report.published_at IS NOT NULL)
"""

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
        "progressupdate_merges_into_a_public_one",
        "measures_progressupdate",
        "INSERT",
        _MERGES_INTO_A_HIDDEN_ONE,
        "De maatregel waarin deze opgaat, is nog niet openbaar.",
    ),
    Trigger(
        "progressupdate_published_merges_into_a_public_one",
        "measures_progressupdate",
        "UPDATE",
        _MERGES_INTO_A_HIDDEN_ONE,
        "De maatregel waarin deze opgaat, is nog niet openbaar.",
    ),
    *_reported(
        "progressupdate",
        "reporting_date",
        "reporting_date_precision",
        "status",
        "explanation",
        "merged_into_id",
        "corrects_id",
    ),
    *_reported(
        "deadlinechange",
        "reporting_date",
        "reporting_date_precision",
        "deadline",
        "precision",
        "wording",
        "is_original",
        "reason",
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
    Trigger(
        "moment_begins_in_preparation",
        "measures_reportingmoment",
        "INSERT",
        "NEW.state <> 'voorbereiding'",
        "Een peilmoment begint in voorbereiding.",
    ),
    Trigger(
        "moment_goes_one_way",
        "measures_reportingmoment",
        "UPDATE",
        "OLD.state <> NEW.state AND NOT ("
        "OLD.state = 'voorbereiding' AND NEW.state = 'vastgesteld'"
        " OR OLD.state = 'vastgesteld' AND NEW.state IN ('openbaar', 'ingetrokken'))",
        "Een peilmoment wordt eerst vastgesteld en dan openbaar; terug kan niet.",
    ),
    Trigger(
        "moment_frozen_has_a_snapshot",
        "measures_reportingmoment",
        "UPDATE",
        "NEW.state <> 'voorbereiding' AND NOT EXISTS ("
        "SELECT 1 FROM measures_snapshot AS snapshot WHERE snapshot.moment_id = NEW.id)",
        "Van dit peilmoment is nog niets vastgelegd.",
    ),
    Trigger(
        "moment_frozen_is_not_rewritten",
        "measures_reportingmoment",
        "UPDATE",
        "OLD.state <> 'voorbereiding' AND ("
        + _changed(
            "title",
            "slug",
            "reference_date",
            "letter_id",
            "introduction",
            "previous_id",
            "is_reconstruction",
            "frozen_at",
            "frozen_by_id",
        )
        + ") OR OLD.state = 'openbaar' AND "
        + _changed("published_at"),
        "Een peilmoment dat is vastgesteld, wordt niet herschreven.",
    ),
    Trigger(
        "moment_frozen_is_kept",
        "measures_reportingmoment",
        "DELETE",
        "OLD.state <> 'voorbereiding'",
        "Een peilmoment dat is vastgesteld, wordt niet verwijderd.",
    ),
    Trigger(
        "letter_of_a_public_moment_stays_public",
        "measures_letter",
        "UPDATE",
        "OLD.publication = 'openbaar' AND NEW.publication <> 'openbaar' AND EXISTS ("
        "SELECT 1 FROM measures_reportingmoment AS moment"
        " WHERE moment.letter_id = NEW.id AND moment.state = 'openbaar')",
        "Bij deze brief hoort een openbaar peilmoment. De brief blijft daarom openbaar.",
    ),
    Trigger(
        "snapshot_is_made_before_freezing",
        "measures_snapshot",
        "INSERT",
        "EXISTS (SELECT 1 FROM measures_reportingmoment AS moment"
        " WHERE moment.id = NEW.moment_id AND moment.state <> 'voorbereiding')",
        "Dit peilmoment is al vastgesteld.",
    ),
    *_kept_as_it_is("snapshot"),
    *_kept_as_it_is("snapshotfile"),
    *_kept_as_it_is("acceptance"),
    # The history of fields (parties/history.py) belongs to nobody who can be seen in it.
    Trigger("history_is_not_rewritten", "auditlog_logentry", "UPDATE", "1 = 1", _HISTORY),
    Trigger("history_is_kept", "auditlog_logentry", "DELETE", "1 = 1", _HISTORY),
    # Nor the log of the door (kwalibo/signin).
    Trigger("signin_is_not_rewritten", "signin_signinevent", "UPDATE", "1 = 1", _HISTORY),
    Trigger("signin_is_kept", "signin_signinevent", "DELETE", "1 = 1", _HISTORY),
    Trigger(
        "reviewstep_is_not_rewritten",
        "measures_reviewstep",
        "UPDATE",
        "1 = 1",
        "Een stap blijft zoals hij is gezet.",
    ),
    Trigger(
        # With a concept that is thrown away go its steps; the log keeps that it was there.
        "reviewstep_of_what_was_public_is_kept",
        "measures_reviewstep",
        "DELETE",
        "EXISTS (SELECT 1 FROM measures_progressupdate AS report WHERE report.id = OLD.update_id"
        " AND report.published_at IS NOT NULL) OR EXISTS (SELECT 1 FROM measures_deadlinechange"
        " AS report WHERE report.id = OLD.deadline_id AND report.published_at IS NOT NULL)",
        "De stappen van wat openbaar is geweest, blijven bewaard.",
    ),
    Trigger(
        "moment_public_is_whole",
        "measures_reportingmoment",
        "UPDATE",
        "OLD.state <> 'openbaar' AND NEW.state = 'openbaar' AND ("
        "NOT EXISTS (SELECT 1 FROM measures_letter AS letter"
        " WHERE letter.id = NEW.letter_id AND letter.publication = 'openbaar')"
        " OR NOT EXISTS (SELECT 1 FROM measures_snapshotfile AS file"
        " JOIN measures_snapshot AS snapshot ON snapshot.id = file.snapshot_id"
        " WHERE snapshot.moment_id = NEW.id))",
        "Een peilmoment wordt openbaar met zijn brief en zijn bestanden.",
    ),
    Trigger(
        "evidence_is_not_rewritten",
        "measures_evidence",
        "UPDATE",
        _changed(
            "public_id", "update_id", "url", "document", "file_name", "media_type", "size", "sha256"
        )
        + f" OR NEW.opened_at IS NULL AND {_WAS_SEEN}",
        "Een bewijsstuk wordt niet vervangen. Maak een nieuw bewijsstuk.",
    ),
    Trigger(
        "evidence_public_is_kept",
        "measures_evidence",
        "DELETE",
        _WAS_SEEN,
        "Een bewijsstuk dat openbaar is geweest, wordt niet verwijderd.",
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
