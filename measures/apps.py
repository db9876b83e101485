"""The app of measures, their status, and what Parliament asked."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


def remove_triggers(*, using, **kwargs):
    """Let SQLite rebuild a table: it puts no new one in the place of what triggers read."""
    from django.db import connections

    from . import data_version, triggers
    from .search import triggers as search_triggers

    if connections[using].vendor == "sqlite":
        triggers.remove(connections[using])
        data_version.remove(connections[using])
        search_triggers.remove(connections[using])


def install_triggers(*, using, plan=(), **kwargs):
    """Put the triggers in place once the tables are there; `plan` is what was migrated."""
    from django.db import connections

    from . import data_version, search, triggers
    from .search import triggers as search_triggers

    tables = set(connections[using].introspection.table_names())
    if {trigger.table for trigger in triggers.TRIGGERS} <= tables:
        triggers.install(connections[using])
    if {"measures_dataversion", *(table for table, _ in data_version.tables())} <= tables:
        data_version.install(connections[using])
    if search_triggers.tables() <= tables:
        search_triggers.install(connections[using])
        if plan and connections[using].vendor == "sqlite":
            # Nothing noted what a migration wrote meanwhile.
            search.rebuild()


class MeasuresConfig(AppConfig):
    name = "measures"
    verbose_name = "Maatregelen"

    def ready(self):
        from . import history

        history.track_all()
        pre_migrate.connect(remove_triggers, sender=self)
        post_migrate.connect(install_triggers, sender=self)
