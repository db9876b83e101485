"""What every test may rely on."""

import pytest


@pytest.fixture(autouse=True)
def _files_without_fingerprints(settings):
    """Let pages name their style sheets without `collectstatic` before every run."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
