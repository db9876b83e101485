"""The real WSGI application, with the addresses of tests/test_errors.py that go wrong."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kwalibo.settings")

from django.conf import settings

settings.ROOT_URLCONF = "tests.test_errors"

from kwalibo.wsgi import application  # noqa: E402, F401 (needs the settings as they are now)
