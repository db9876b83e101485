"""Where somebody who finds a weakness can turn to (RFC 9116)."""

from datetime import UTC, datetime, timedelta

import pytest
import sectxt
import time_machine

ADDRESS = "/.well-known/security.txt"
URL = f"https://kwalibo.example{ADDRESS}"


@pytest.fixture(autouse=True)
def reachable(settings):
    settings.SITE_URL = "https://kwalibo.example"
    settings.SECURITY_CONTACT = ["lek@minienw.example", "https://minienw.example/lek"]


@pytest.mark.parametrize("day", ["2026-11-25", "2028-02-29", "2026-12-31T23:59:59"])
def test_the_reader_of_internet_nl_finds_it_valid_on_any_day(client, day):
    with time_machine.travel(f"{day}+00:00" if "T" in day else day, tick=False):
        response = client.get(ADDRESS)
        read = sectxt.Parser(response.content, urls=URL)

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert not response.cookies
    assert read.errors == []
    assert read.is_valid()


def test_it_names_the_contacts_the_languages_and_its_own_address(client):
    text = client.get(ADDRESS).text

    assert "Contact: mailto:lek@minienw.example\n" in text
    assert "Contact: https://minienw.example/lek\n" in text
    assert "Preferred-Languages: nl, en\n" in text
    assert f"Canonical: {URL}\n" in text


def test_it_is_never_about_to_end_and_never_valid_for_a_year(client):
    expires = next(
        line.removeprefix("Expires: ")
        for line in client.get(ADDRESS).text.splitlines()
        if line.startswith("Expires: ")
    )

    left = datetime.fromisoformat(expires) - datetime.now(UTC)
    assert timedelta(days=150) < left < timedelta(days=365)


def test_an_organisation_with_a_file_of_its_own_is_pointed_to(client, settings):
    settings.SECURITY_TXT_URL = "https://minienw.example/.well-known/security.txt"

    response = client.get(ADDRESS)

    assert response.status_code == 302
    assert response.headers["Location"] == "https://minienw.example/.well-known/security.txt"


@pytest.mark.django_db
def test_without_a_contact_there_is_no_file_and_nothing_made_up(client, settings):
    settings.SECURITY_CONTACT = []

    assert client.get(ADDRESS).status_code == 404
    assert "security.txt" not in client.get("/contact/").text
