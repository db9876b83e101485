"""The people of these tests: a writer, somebody who approves, somebody who reads."""

import pytest
from django.test import Client

from tests.desk.people import colleague


@pytest.fixture
def writer(db):
    return colleague("schrijver", "redacteur", first_name="Wil", last_name="Schrijver")


@pytest.fixture
def approver(db):
    return colleague("fiatteur", "fiatteur", first_name="Fia", last_name="Teur")


@pytest.fixture
def reader(db):
    return colleague("lezer", "lezer")


@pytest.fixture
def browser_of():
    """A browser in which somebody is logged in."""

    def open_browser(user):
        client = Client()
        client.force_login(user)
        return client

    return open_browser
