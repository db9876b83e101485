"""How back-ups fail."""

import sqlite3
from contextlib import contextmanager

from django.db import DatabaseError


class BackupError(Exception):
    """Why a back-up cannot be made, read or restored, in a Dutch sentence."""


@contextmanager
def told(what: str):
    """Make a BackupError of whatever disk or database has to say; also a decorator."""
    try:
        yield
    except (OSError, DatabaseError, sqlite3.Error) as error:
        raise BackupError(f"{what}: {str(error).strip()}") from error
