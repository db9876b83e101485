"""What is compressed on its way to a reader, and what is not."""

import gzip

import pytest
from django.contrib.auth.models import User

from tests.factories import make_measure

pytestmark = pytest.mark.django_db

ASKS = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_public_page_is_compressed(client):
    make_measure("Meer toezicht")

    response = client.get("/maatregelen/", headers=ASKS)

    assert response.headers["Content-Encoding"] == "gzip"
    assert "Meer toezicht" in gzip.decompress(response.content).decode()
    assert "Accept-Encoding" in response.headers["Vary"]


def test_a_page_for_somebody_with_a_cookie_is_not(client):
    client.force_login(User.objects.create_user("wil"))

    response = client.get("/maatregelen/", headers=ASKS)

    assert "Content-Encoding" not in response.headers


def test_a_form_with_a_token_is_not(client):
    response = client.get("/beheer/login/", headers=ASKS)

    assert "csrfmiddlewaretoken" in response.text
    assert "Content-Encoding" not in response.headers


def test_a_file_that_is_compressed_already_is_left_alone(client):
    make_measure("Meer toezicht")

    response = client.get("/maatregelen.xlsx", headers=ASKS)

    assert "Content-Encoding" not in response.headers


def test_a_reader_who_cannot_unpack_gets_plain_text(client):
    assert "Content-Encoding" not in client.get("/maatregelen/").headers
