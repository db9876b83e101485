"""Accessibility, privacy and contact: what these pages claim, and what they do not."""

import json
from datetime import date

import pytest
from django.core.checks import run_checks

from kwalibo.duties import accessibility
from measures.models import Statement, Status
from tests.browser.accessibility import Record
from tests.factories import make_measure, report

pytestmark = pytest.mark.django_db
PAGES = ["/toegankelijkheid/", "/privacy/", "/contact/", "/about/"]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_leads_to_it_and_it_sets_no_cookie(client, address):
    response = client.get(address)

    assert response.status_code == 200
    assert not response.cookies
    assert f'href="{address}"' in client.get("/begrippen/").text


@pytest.mark.parametrize("address", PAGES)
def test_it_is_read_only(client, address):
    assert client.post(address).status_code == 405


def test_without_an_audit_nothing_is_claimed(client):
    page = client.get("/toegankelijkheid/").text

    assert "Er is nog geen onafhankelijk onderzoek" in page
    assert "De status van deze website is" not in page
    for name, _ in accessibility.STATUSES.values():
        assert name not in page


def test_with_a_statement_the_page_tells_its_status_day_and_place(client, settings):
    settings.ACCESSIBILITY_STATEMENT_URL = "https://register.example/register/1"
    settings.ACCESSIBILITY_STATUS = "B"
    settings.ACCESSIBILITY_AUDITED_ON = date(2026, 9, 1)

    page = client.get("/toegankelijkheid/").text

    assert "B: voldoet gedeeltelijk" in page
    assert "1 september 2026" in page
    assert 'href="https://register.example/register/1"' in page
    assert "nog geen onafhankelijk onderzoek" not in page


@pytest.mark.parametrize(
    ("status", "url", "id"),
    [
        ("A+", "https://register.example/1", "kwalibo.E001"),
        ("A", "", "kwalibo.E002"),
        ("", "https://register.example/1", "kwalibo.E002"),
    ],
)
def test_a_claim_that_the_register_does_not_carry_stops_the_site(settings, status, url, id):
    settings.ACCESSIBILITY_STATUS, settings.ACCESSIBILITY_STATEMENT_URL = status, url

    assert id in [problem.id for problem in run_checks()]
    assert accessibility.statement() is None or id == "kwalibo.E002"


def found(*violations) -> dict:
    """What axe.run() gives, as far as we read it."""
    return {
        "testEngine": {"version": "4.14.1"},
        "violations": [
            {"id": rule, "help": text, "nodes": [{}] * number} for rule, text, number in violations
        ],
    }


def test_what_the_tests_found_is_what_the_page_shows(client, monkeypatch, tmp_path):
    recorder = Record()
    recorder.add("/", 320, "light", found())
    recorder.add("/", 1280, "dark", found(("color-contrast", "Elements must have contrast", 3)))
    recorder.write(date(2026, 11, 25), tmp_path / "results.json")
    results = accessibility.results(tmp_path / "results.json")
    monkeypatch.setattr(accessibility, "results", lambda: results)

    page = client.get("/toegankelijkheid/").text

    assert "25 november 2026" in page
    assert "axe-core 4.14.1" in page
    assert "320 pixels licht, 1280 pixels donker" in page
    assert "<dt>Gevonden fouten</dt><dd>1</dd>" in page
    assert "color-contrast" in page


@pytest.mark.parametrize("text", [None, "", "{}", "[]", '{"date": "gisteren"}'])
def test_a_missing_or_damaged_file_is_told_as_no_results(client, monkeypatch, tmp_path, text):
    file = tmp_path / "results.json"
    if text is not None:
        file.write_text(text)
    results = accessibility.results.__wrapped__(file)
    monkeypatch.setattr(accessibility, "results", lambda: results)

    assert results is None
    assert "geen uitkomsten van een test" in client.get("/toegankelijkheid/").text


def test_the_kept_results_are_whole_and_of_pages_that_are_there(client):
    """Refreshed by `make accessibility`."""
    results = accessibility.parse(json.loads(accessibility.RESULTS.read_text()))

    assert len(results.pages) > 15
    assert {
        accessibility.Look(1280, "light"),
        accessibility.Look(1280, "dark"),
        accessibility.Look(320, "light"),
    } <= set(results.looks)
    assert "best-practice" in results.rules
    for page in ("/", "/maatregelen/", "/toegankelijkheid/"):
        assert page in results.pages


def test_who_can_be_reached_stands_on_every_page_that_needs_it(client, settings):
    settings.CONTACT_EMAIL = "kwalibo@minienw.example"
    settings.CONTACT_ADDRESS = ["Postbus 1", "2500 AA Den Haag"]

    for address in ("/contact/", "/privacy/", "/toegankelijkheid/"):
        page = client.get(address).text
        assert 'href="mailto:kwalibo@minienw.example"' in page, address
        assert "Postbus 1<br>2500 AA Den Haag" in page, address


def test_an_address_that_is_not_filled_in_is_not_made_up(client):
    page = client.get("/contact/").text

    assert "Hier staat nog geen adres" in page
    assert "mailto:" not in page


@pytest.mark.parametrize(("days", "text"), [(14, "Na 14 dagen"), (None, "nog niet ingevuld")])
def test_privacy_says_how_long_a_log_is_kept_or_that_it_does_not_know(client, settings, days, text):
    settings.SERVER_LOG_DAYS = days

    assert text in client.get("/privacy/").text


def test_the_english_page_takes_its_numbers_from_the_data(client):
    Statement.objects.create(
        key="totaal", topic=Statement.Topic.TOTAL, text="circa 40", publication="openbaar"
    )
    report(make_measure(), Status.IMPLEMENTED, on=date(2024, 1, 1))
    make_measure()

    page = client.get("/about/").text

    assert 'lang="en"' in page
    assert "circa 40" in page
    assert "trace 2 of them; 1 is implemented" in page


def test_the_english_page_knows_every_status_and_any_day(client, django_assert_num_queries):
    make_measure(added_on=date(2025, 1, 1))

    # The first to ask after a change counts; see measures/once.py.
    client.get("/about/")
    with django_assert_num_queries(3):
        page = client.get("/about/").text
    then = client.get("/about/?peildatum=2024-01-01").text

    assert page.count("<tr><th scope=") == len(Status) + 1
    assert "trace 0 of them" in then


def test_a_deployment_is_warned_of_what_it_does_not_say(settings):
    settings.CONTACT_EMAIL = settings.CONTACT_ADDRESS = ""
    settings.SITE_URL = "http://127.0.0.1:8000"
    warned = {problem.id for problem in run_checks(include_deployment_checks=True)}
    settings.CONTACT_EMAIL = "kwalibo@minienw.example"
    settings.SECURITY_CONTACT = ["mailto:lek@minienw.example"]
    settings.SITE_URL = "https://kwalibo.example"
    after = {problem.id for problem in run_checks(include_deployment_checks=True)}

    assert {f"kwalibo.W00{n}" for n in range(1, 5)} <= warned
    assert {id for id in after if id.startswith("kwalibo.W")} == {"kwalibo.W004"}
