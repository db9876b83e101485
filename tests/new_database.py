"""A database of its own for a program that a test starts."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection


@contextmanager
def new_database(folder: Path) -> Iterator[str]:
    """The address of a new, empty database of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder}/druk.sqlite3"
        return
    server = os.environ["DATABASE_URL"]
    name = f"druk_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        address, mark, options = server.partition("?")
        yield f"{address.rpartition('/')[0]}/{name}{mark}{options}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
