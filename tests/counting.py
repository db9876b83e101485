"""Counts the work of a piece of code: what a clock on a busy machine cannot tell."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Model


@dataclass
class Work:
    """`queries` are statements as sent; `instances` how many of each model were made; `calls`
    how many Python functions were called, by the file that they are in."""

    queries: list[str] = field(default_factory=list)
    instances: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)


@contextmanager
def counted(monkeypatch) -> Iterator[Work]:
    """Count what happens inside."""
    work = Work()
    made = Model.from_db.__func__

    def from_db(cls, *arguments, **options):
        work.instances[cls.__name__] += 1
        return made(cls, *arguments, **options)

    def asked(execute, sql, *arguments):
        work.queries.append(sql)
        return execute(sql, *arguments)

    def called(frame, event, argument):
        if event == "call":
            work.calls[frame.f_code.co_filename] += 1

    with monkeypatch.context() as patch, connection.execute_wrapper(asked):
        patch.setattr(Model, "from_db", classmethod(from_db))
        before = sys.getprofile()
        sys.setprofile(called)
        try:
            yield work
        finally:
            sys.setprofile(before)
