"""A laptop starts with nothing; a site for others starts only when it is safe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from kwalibo.operations import checks

ROOT = Path(__file__).resolve().parents[2]
KEY = "Zw3kx9-Qm7_tR2vB8nL5sD1fG6hJ4pK0cX-yUaEiOoWqMzTbNd"

PRODUCTION = {
    "ALLOWED_HOSTS": "kwalibo.example.nl",
    "SITE_URL": "https://kwalibo.example.nl",
    "SECRET_KEY": KEY,
    "HTTPS": "1",
    "BEHIND_PROXY": "1",
    "SMTP_HOST": "smtp.example.nl",
    "CONTACT_EMAIL": "kwalibo@example.nl",
    "SECURITY_CONTACT": "mailto:veilig@example.nl",
    "ACCESSIBILITY_STATEMENT_URL": "https://register.example.nl/1",
    "ACCESSIBILITY_STATUS": "B",
    "ACCESSIBILITY_AUDITED_ON": "2026-06-01",
    "SECOND_FACTOR": "1",
    "DATABASE_URL": "postgres://kwalibo:geheim@127.0.0.1:1/kwalibo?sslmode=require",
    "DATABASE_POOL": "4",
    "CACHE_URL": "valkey://127.0.0.1:1/0",
}


def run(*words: str, **environment) -> subprocess.CompletedProcess:
    """A process that has these variables of ours and no others."""
    ours = {"DEBUG", "CSRF_TRUSTED_ORIGINS", "OIDC_ISSUER", "SECRET_KEY_FALLBACKS", *PRODUCTION}
    ours.add("DJANGO_ALLOW_ASYNC_UNSAFE")  # What the browser tests need in their own process.
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture
def in_production(settings):
    """The settings as PRODUCTION makes them, for the checks."""
    settings.ALLOWED_HOSTS = ["kwalibo.example.nl"]
    settings.SITE_URL = "https://kwalibo.example.nl"
    settings.SECRET_KEY = KEY
    settings.SECRET_KEY_FALLBACKS = []
    settings.DEBUG = False
    settings.HTTPS = settings.BEHIND_PROXY = settings.SECOND_FACTOR = True
    settings.RATE_LIMITS = True
    settings.SMTP_HOST = "smtp.example.nl"
    settings.METRICS_BIND, settings.METRICS_TOKEN = "127.0.0.1:9100", ""
    return settings


def found() -> set[str]:
    return {message.id.removeprefix("operations.") for message in checks.check_settings()}


def test_safe_settings_are_not_complained_of(in_production):
    assert found() == set()
    checks.refuse_unsafe_start()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("ALLOWED_HOSTS", ["*"], "E001"),
        ("ALLOWED_HOSTS", ["kwalibo.example.nl", "*"], "E001"),
        ("DEBUG", True, "E002"),
        ("SECRET_KEY", "", "E003"),
        ("SECRET_KEY", "kort", "E003"),
        ("SECRET_KEY", "a" * 60, "E003"),
        ("SECRET_KEY", f"django-insecure-{KEY}", "E003"),
        ("SECRET_KEY_FALLBACKS", ["oud"], "E004"),
        ("HTTPS", False, "E005"),
        ("SITE_URL", "http://127.0.0.1:8000", "E006"),
        ("CSRF_TRUSTED_ORIGINS", ["http://kwalibo.example.nl"], "E007"),
        ("BEHIND_PROXY", False, "W001"),
        ("SMTP_HOST", "", "W002"),
        ("SECOND_FACTOR", False, "W003"),
        ("RATE_LIMITS", False, "W004"),
        ("METRICS_BIND", "9100", "E008"),
        ("METRICS_TOKEN", "kort", "E009"),
        ("METRICS_BIND", "0.0.0.0:9100", "E010"),
        ("METRICS_BIND", "10.1.2.3:9100", "E010"),
    ],
)
def test_each_unsafe_setting_is_named_and_an_error_stops_the_start(
    in_production, name, value, told
):
    setattr(in_production, name, value)

    assert told in found()
    if told.startswith("E"):
        with pytest.raises(ImproperlyConfigured, match=f"operations.{told}") as refused:
            checks.refuse_unsafe_start()
        # Whoever reads the log may not learn a key from it.
        assert KEY not in str(refused.value)
    else:
        checks.refuse_unsafe_start()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_what_only_this_machine_can_reach_is_left_alone(in_production, host):
    in_production.ALLOWED_HOSTS = [host]
    in_production.HTTPS, in_production.SECRET_KEY = False, "kort"

    assert found() == set()


def test_metrics_for_others_need_a_word_on_a_laptop_too(in_production):
    in_production.ALLOWED_HOSTS = ["localhost"]
    in_production.METRICS_BIND = "0.0.0.0:9100"
    assert found() == {"E010"}

    in_production.METRICS_TOKEN = KEY
    assert found() == set()


def test_a_laptop_starts_with_nothing(tmp_path):
    done = run("manage.py", "check", DATABASE_URL=f"sqlite:///{tmp_path}/kwalibo.sqlite3")

    assert done.returncode == 0, done.stderr


def test_django_and_we_find_nothing_in_production():
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["manage.py", "migrate"],
        ["-m", "gunicorn", "--check-config"],
        ["-c", "import kwalibo.wsgi"],
    ],
    ids=["a command", "the server", "any other server"],
)
def test_nothing_starts_without_a_key_and_the_message_says_how_to_make_one(words):
    done = run(*words, **PRODUCTION | {"SECRET_KEY": ""})

    assert done.returncode != 0
    assert "SECRET_KEY is missing" in done.stderr
    assert "secrets.token_urlsafe" in done.stderr
    assert "geheim" not in done.stderr


SHOW = """
import django, json; django.setup()
from django.conf import settings
from django.db import connection
from django.core.cache import cache
from django.contrib.messages.storage import default_storage
from django.test import RequestFactory
from kwalibo.operations.messages import HostCookieStorage
print(json.dumps({
    "cookies": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME,
                HostCookieStorage.cookie_name],
    "paths": [settings.SESSION_COOKIE_PATH, settings.CSRF_COOKIE_PATH,
              settings.SESSION_COOKIE_DOMAIN, settings.CSRF_COOKIE_DOMAIN],
    "options": settings.DATABASES["default"]["OPTIONS"],
    "age": settings.DATABASES["default"]["CONN_MAX_AGE"],
    "checks": settings.DATABASES["default"]["CONN_HEALTH_CHECKS"],
    "cache": settings.CACHES["default"],
}))
"""


def shown(**environment) -> dict:
    import json

    done = run("-c", SHOW, DJANGO_SETTINGS_MODULE="kwalibo.settings", **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_production_binds_cookies_to_the_host_and_waits_for_nothing_for_ever():
    made = shown(**PRODUCTION)

    assert made["cookies"] == ["__Host-sessionid", "__Host-csrftoken", "__Host-messages"]
    assert made["paths"] == ["/", "/", None, None]
    options = made["options"]
    assert options["connect_timeout"] == 5
    assert options["tcp_user_timeout"] == 15_000
    assert "-c statement_timeout=60s" in options["options"]
    assert "-c idle_in_transaction_session_timeout=60s" in options["options"]
    assert options["sslmode"] == "require"
    assert options["pool"]["max_size"] == 4
    assert options["pool"]["timeout"] == 3
    assert (made["age"], made["checks"]) == (0, True)
    assert made["cache"]["LOCATION"] == "redis://127.0.0.1:1/0"
    assert made["cache"]["OPTIONS"] == {"socket_connect_timeout": 2, "socket_timeout": 2}


def test_a_cache_may_be_on_a_host_called_valkey():
    made = shown(**PRODUCTION | {"CACHE_URL": "redis://valkey:6379/1"})

    assert made["cache"]["LOCATION"] == "redis://valkey:6379/1"


def test_without_a_pool_connections_are_kept_and_looked_at_first():
    made = shown(**PRODUCTION | {"DATABASE_POOL": "0"})

    assert "pool" not in made["options"]
    assert (made["age"], made["checks"]) == (60, True)


def test_without_https_cookies_have_their_usual_names(settings):
    assert settings.SESSION_COOKIE_NAME == "sessionid"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/beheer/login/", "/bestaat-niet/"])
def test_every_answer_keeps_other_sites_out(client, address):
    answer = client.get(address)

    assert "camera=()" in answer["Permissions-Policy"]
    assert "browsing-topics=()" in answer["Permissions-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
