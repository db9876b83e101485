"""Read from a database what it holds, over any DB-API cursor."""

import hashlib
from collections.abc import Iterator

from django.apps import apps

from measures.models.evidence import Attachment

from .manifest import Facts

LISTS = {
    "sqlite": (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' "
        "ORDER BY name",
        "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    ),
    "postgresql": (
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename",
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
    ),
}
SNAPSHOTS = """
    SELECT moment.slug, snapshot.document, snapshot.sha256 FROM measures_snapshot AS snapshot
    JOIN measures_reportingmoment AS moment ON moment.id = snapshot.moment_id ORDER BY 1
"""
FILES = """
    SELECT moment.slug || '/' || file.format, file.content, file.sha256
    FROM measures_snapshotfile AS file
    JOIN measures_snapshot AS snapshot ON snapshot.id = file.snapshot_id
    JOIN measures_reportingmoment AS moment ON moment.id = snapshot.moment_id ORDER BY 1
"""


def facts(cursor, kind: str) -> Facts:
    """What a database of kind 'sqlite' or 'postgresql' holds; all read in one transaction."""
    tables, triggers = ([row[0] for row in _rows(cursor, query)] for query in LISTS[kind])
    snapshots: dict[str, str] = {}
    damaged = []
    for query in (SNAPSHOTS, FILES):
        for key, content, noted in _rows(cursor, query):
            data = content.encode() if isinstance(content, str) else content
            snapshots[key] = hashlib.sha256(data).hexdigest()
            if snapshots[key] != noted:
                damaged.append(key)
    return Facts(
        # The names come from the database itself.
        tables={
            table: next(_rows(cursor, f'SELECT COUNT(*) FROM "{table}"'))[0]  # noqa: S608 (see above)
            for table in tables
        },
        migrations=[
            f"{app}.{name}"
            for app, name in _rows(cursor, "SELECT app, name FROM django_migrations ORDER BY 1, 2")
        ],
        triggers=triggers,
        snapshots=snapshots,
        damaged=damaged,
        documents=dict(sorted(_documents(cursor))),
    )


def _documents(cursor) -> Iterator[tuple[str, str]]:
    """Path and SHA-256 of every file that a row names."""
    for model in apps.get_models():
        if issubclass(model, Attachment):
            table = model._meta.db_table
            yield from _rows(
                cursor,
                f"SELECT document, sha256 FROM \"{table}\" WHERE document <> ''",  # noqa: S608 (names of our own tables)
            )


def _rows(cursor, query: str) -> Iterator[tuple]:
    cursor.execute(query)
    while rows := cursor.fetchmany(20):
        yield from rows
