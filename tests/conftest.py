"""Settings that only tests need. The database is the one that DATABASE_URL names."""

import os

import psycopg
import pytest
from django.db import connection


def pytest_report_header():
    if connection.vendor == "sqlite":
        return f"database: SQLite {connection.Database.sqlite_version}"
    # Not by Django's connection, which tests that do not ask for it may not use.
    with psycopg.connect(os.environ["DATABASE_URL"]) as server:
        return f"database: PostgreSQL {server.info.parameter_status('server_version')}"


@pytest.fixture(autouse=True)
def settings_for_tests(settings, tmp_path_factory):
    """Static files without a manifest, uploads in a folder that goes, and a quick hasher."""
    # Most tests are not about the door; tests/signin is.
    settings.SECOND_FACTOR = False
    settings.EVIDENCE_DIR = tmp_path_factory.getbasetemp() / "bewijsstukken"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
