"""Settings that only tests need. The database is the one that DATABASE_URL names."""

import pytest
from django.db import connection


def pytest_report_header():
    if connection.vendor == "sqlite":
        return f"database: SQLite {connection.Database.sqlite_version}"
    with connection.temporary_connection() as cursor:
        cursor.execute("SHOW server_version")
        return f"database: PostgreSQL {cursor.fetchone()[0]}"


@pytest.fixture(autouse=True)
def settings_for_tests(settings):
    """Static files without a manifest, and a hasher that does not slow logging in."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
