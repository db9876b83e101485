"""The database itself notes what was written, so that no way of writing can pass the index by.

Every write of a record adds a row to `measures_searchchange`, in the same transaction: saves,
bulk writes, releases, a correction by hand. Nobody waits for a row that is only added, so staff
never wait for a search. What stops being public, or is deleted, is taken out of the index at
once as well. As the other triggers these are put in place after every `migrate`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Watched:
    """A table whose rows are, or are part of, a record of `kind` with the key in `column`.

    `public` is the condition under which a row may be in the index at all; empty where the
    row says nothing of its own.
    """

    table: str
    kind: str
    column: str = "id"
    public: str = "{row}.publication = 'openbaar'"

    @property
    def name(self) -> str:
        return f"search_{self.table.removeprefix('measures_')}"

    def noted(self, row: str) -> str:
        """The statement that notes a write."""
        return (
            f"INSERT INTO measures_searchchange (kind, object_id)"  # noqa: S608 (our own names)
            f" VALUES ('{self.kind}', {row}.{self.column});"
        )

    @property
    def taken_out(self) -> str:
        """The statement that takes out all that this row may be in."""
        which = "measure_id" if self.kind == "maatregel" else f"kind = '{self.kind}' AND object_id"
        return f"DELETE FROM measures_searchdocument WHERE {which} = OLD.{self.column};"  # noqa: S608 (our own names)

    def was_public(self) -> str:
        return self.public.format(row="OLD") if self.public else "1 = 1"

    def is_hidden(self) -> str:
        """The update that hides it, or moves it to another record."""
        moved = f"OLD.{self.column} IS DISTINCT FROM NEW.{self.column}"
        return f"{moved} OR NOT ({self.public.format(row='NEW')})" if self.public else moved


WATCHED = [
    Watched("measures_measure", "maatregel"),
    Watched("measures_progressupdate", "maatregel", "measure_id"),
    Watched("measures_motion", "motie"),
    Watched("measures_proposer", "motie", "motion_id", public=""),
    Watched("measures_commitment", "toezegging"),
    Watched("measures_letter", "brief"),
    Watched("measures_reportingmoment", "brief", "letter_id", public="{row}.state = 'openbaar'"),
    Watched("measures_glossaryterm", "begrip"),
    Watched("parties_party", "partij"),
]
EVENTS = ("INSERT", "UPDATE", "DELETE")


def _sqlite(watched: Watched):
    for event in EVENTS:
        name = f"{watched.name}_{event.lower()}"
        row = "OLD" if event == "DELETE" else "NEW"
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield (
            f"CREATE TRIGGER {name} AFTER {event} ON {watched.table} FOR EACH ROW"
            f" BEGIN {watched.noted(row)} END"
        )
    for event, when in [
        ("UPDATE", f"({watched.was_public()}) AND ({watched.is_hidden()})"),
        ("DELETE", watched.was_public()),
    ]:
        name = f"{watched.name}_hidden_by_{event.lower()}"
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield (
            f"CREATE TRIGGER {name} AFTER {event} ON {watched.table} FOR EACH ROW WHEN {when}"
            f" BEGIN {watched.noted('OLD')} {watched.taken_out} END"
        )


def _index_of_sqlite():
    """The FTS5 table holds no texts of its own; this keeps it in step with the documents."""
    columns = ("kind", "title_words", "body_words", "now_words")
    names = ", ".join(columns)
    # The index has to be told what it forgets.
    forget = (
        f"INSERT INTO measures_searchindex (measures_searchindex, rowid, {names})"  # noqa: S608 (our own names)
        f" VALUES ('delete', OLD.id, {', '.join(f'OLD.{name}' for name in columns)});"
    )
    add = (
        f"INSERT INTO measures_searchindex (rowid, {names})"  # noqa: S608 (our own names)
        f" VALUES (NEW.id, {', '.join(f'NEW.{name}' for name in columns)});"
    )
    for event, body in [("INSERT", add), ("DELETE", forget), ("UPDATE", f"{forget} {add}")]:
        name = f"search_document_{event.lower()}"
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield (
            f"CREATE TRIGGER {name} AFTER {event} ON measures_searchdocument FOR EACH ROW"
            f" BEGIN {body} END"
        )


def _postgresql(watched: Watched):
    yield (
        f"CREATE OR REPLACE FUNCTION {watched.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF TG_OP <> 'DELETE' THEN {watched.noted('NEW')} ELSE {watched.noted('OLD')} END IF;"
        f" IF TG_OP = 'DELETE' THEN IF {watched.was_public()} THEN {watched.taken_out} END IF;"
        f" ELSIF TG_OP = 'UPDATE' THEN IF ({watched.was_public()}) AND ({watched.is_hidden()})"
        f" THEN {watched.noted('OLD')} {watched.taken_out} END IF; END IF;"
        " RETURN NULL; END $$"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER {watched.name} AFTER INSERT OR UPDATE OR DELETE"
        f" ON {watched.table} FOR EACH ROW EXECUTE FUNCTION {watched.name}()"
    )


def statements(vendor: str) -> list[str]:
    """All that puts the triggers in place; safe to repeat."""
    if vendor == "postgresql":
        return [statement for watched in WATCHED for statement in _postgresql(watched)]
    return [
        *(statement for watched in WATCHED for statement in _sqlite(watched)),
        *_index_of_sqlite(),
    ]


def tables() -> set[str]:
    """The tables that have to be there first."""
    return {"measures_searchdocument", "measures_searchchange"} | {w.table for w in WATCHED}


def names_on_sqlite() -> list[str]:
    """The names of the triggers there, for whoever takes them away or looks for them."""
    create = "CREATE TRIGGER "
    made = [s for s in statements("sqlite") if s.startswith(create)]
    return [statement.removeprefix(create).split()[0] for statement in made]


def remove(connection) -> None:
    """Take the triggers of SQLite away, so that a migration can rebuild what they read."""
    with connection.cursor() as cursor:
        for name in names_on_sqlite():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def install(connection) -> None:
    with connection.cursor() as cursor:
        for statement in statements(connection.vendor):
            cursor.execute(statement)
