"""What people come for, and how many clicks it takes them."""

import pytest

from tests.browser.chromium import follow


@pytest.fixture
def click(page):
    """A function that follows a link by its name and counts."""
    page.clicks = 0

    def click(name):
        places = page.get_by_role("main").or_(page.get_by_role("navigation"))
        follow(places.get_by_role("link", name=name).first)
        page.clicks += 1

    return click


def test_a_member_of_parliament_finds_the_state_of_a_motion_in_two_clicks(page, click):
    page.goto("/")

    click("Moties")
    click("Motie van het lid Moorlag")

    assert page.clicks == 2
    assert page.get_by_role("heading", level=1).inner_text() == "Motie van het lid Moorlag"
    assert page.get_by_text("30015-87").first.is_visible()
    assert page.get_by_text("Volgens het ministerie").is_visible()
    assert page.get_by_text("Volgens de Tweede Kamer").is_visible()


def test_a_party_finds_all_that_it_leads_in_two_clicks(page, click):
    page.goto("/")

    click("Partijen")
    click("Inspectie Leefomgeving en Transport")

    assert page.clicks == 2
    led = page.locator("section", has_text="Maatregelen die deze partij trekt").get_by_role("link")
    assert led.all_inner_texts() == [
        "M4 Meer toezicht door de ILT",
        "M5 Gezamenlijke risicobeelden en beheersmaatregelen per deel van de bodemketen",
    ]


def test_both_journeys_work_on_a_phone_too(page):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/")

    page.get_by_text("Menu", exact=True).click()
    menu = page.get_by_role("navigation", name="Hoofdnavigatie")
    follow(menu.get_by_role("link", name="Moties"))

    assert page.get_by_role("link", name="Motie van het lid Moorlag", exact=True).is_visible()
