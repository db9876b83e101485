"""Every page, at three widths, in light and in dark, for everybody."""

import pytest

ADDRESSES = [
    "/",
    "/maatregelen/",
    "/maatregelen/?status=gepland&q=protocol&peildatum=2025-12-31",
    "/maatregelen/?status=bestaat-niet",
    "/maatregelen/1/",
    "/maatregelen/7/",
    "/maatregelen/7/?peildatum=2024-12-31",
    "/partijen/",
    "/partijen/inspectie-leefomgeving-en-transport/",
    "/moties/",
    "/moties/30015-87/",
    "/hoofdlijnen/",
    "/hoofdlijnen/publieke-sturing-op-het-stelsel/",
    "/evaluaties/",
    "/tijdlijn/",
    "/begrippen/",
    "/open-data/",
    "/verantwoording/",
    "/bijlage/",
    "/kamerbrieven/",
    "/kamerbrieven/slotbrief-2025/",
    "/kamerbrieven/slotbrief-2025/maatregelen/7/",
    "/vergelijken/",
    "/vergelijken/?van=brief-2022-04-04",
    "/vergelijken/?van=2026-01-01&tot=2022-01-01",
    "/maatregelen/?peildatum=2025-06-01&bekend_op=2026-11-01",
    "/?peildatum=2024-12-31",
    "/?peildatum=2024-02-30",
    "/bestaat-niet/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_has_no_barriers_and_fits_every_width(page, axe, no_horizontal_scroll, address):
    for width, scheme in [(320, "light"), (768, "dark"), (1280, "light")]:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto(address)
        axe(page)
        no_horizontal_scroll(page)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_says_what_it_is(page, address):
    page.goto(address)

    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "nl"
    assert page.title().strip()
    assert page.locator("main").count() == 1


@pytest.mark.parametrize("address", ["/", "/maatregelen/", "/moties/30015-87/"])
def test_the_first_tab_stop_leads_to_the_content(page, address):
    page.goto(address)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#inhoud"

    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"


def test_public_pages_set_no_cookies(page):
    for address in ADDRESSES:
        page.goto(address)

    assert page.context.cookies() == []
