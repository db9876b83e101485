"""What the tests of logs share: the lines as they would be written."""

import io
import json
import logging
from contextlib import contextmanager

import pytest
from django.test import Client

from kwalibo.monitoring import audit
from kwalibo.monitoring.logs import JsonFormatter
from tests.desk.people import colleague
from tests.operations.conftest import static_root  # noqa: F401 (a fixture)


class Log:
    """Every line that was logged, in JSON, as on the console of a server."""

    def __init__(self):
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def lines(self, logger: str = "") -> list[dict]:
        found = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in found if line["logger"].startswith(logger)]

    def clear(self) -> None:
        self.stream.seek(0)
        self.stream.truncate()


@pytest.fixture
def log():
    found = Log()
    handler = logging.StreamHandler(found.stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    before, root.level = root.level, logging.DEBUG
    yield found
    root.removeHandler(handler)
    root.level = before


@pytest.fixture
def deeds(log, django_capture_on_commit_callbacks):
    """`with deeds() as told: …`: the lines of the audit log that the block leads to.

    What a test does is never committed; here it is as if, within one request.
    """

    @contextmanager
    def look():
        told = []
        log.clear()
        with audit.collecting(), django_capture_on_commit_callbacks(execute=True):
            yield told
        told += log.lines("kwalibo.audit")

    return look


@pytest.fixture
def browser_of():
    def open_browser(user):
        client = Client()
        client.force_login(user)
        return client

    return open_browser


@pytest.fixture
def keeper(db):
    return colleague("keeper", is_superuser=True)


@pytest.fixture
def desk(keeper, browser_of):
    """A browser of somebody who may do everything."""
    return browser_of(keeper)
