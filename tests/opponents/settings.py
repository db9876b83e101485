"""The settings that `startproject` begins with, on our tables; see tests/opponents/views.py."""

from pathlib import Path

# The same connection, so that what differs is what is asked of it.
from kwalibo.settings import DATABASES as DATABASES
from kwalibo.settings import DEADLINE_NEAR_DAYS as DEADLINE_NEAR_DAYS
from kwalibo.settings import REPORT_LATE_DAYS as REPORT_LATE_DAYS
from kwalibo.settings import SITE_URL as SITE_URL

from . import APPS
from . import MIDDLEWARE as MIDDLEWARE

SECRET_KEY = "x" * 50
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "tests.opponents.urls"
INSTALLED_APPS = ["measures", "parties", "auditlog", *APPS]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
LANGUAGE_CODE = "nl"
TIME_ZONE = "Europe/Amsterdam"
FOUR_EYES = True
