"""A copy of the site for an archive, opened from disk: no server, and nothing missing."""

import pytest

from tests.browser.accessibility import AXE, TAGS
from tests.browser.chromium import follow

PAGES = [
    "index.html",
    "maatregelen/index.html",
    "maatregelen/7/index.html",
    "partijen/index.html",
    "moties/30015-87/index.html",
    "kamerbrieven/slotbrief-2025/maatregelen/7/index.html",
    "vergelijken/index--tot-slotbrief-2025--van-verzamelbrief-2023-12-29.html",
    "verantwoording/index.html",
    "bijlage/index.html",
]

# The stand-in for them is a font of the reader's machine, which may not be there.
OUR_FONTS = """() => document.fonts.ready.then(fonts => [...fonts]
  .filter(font => font.family.replaceAll('"', "") === "Fira Sans").map(font => font.status))"""


@pytest.fixture(scope="session")
def copy(site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("archief") / "kopie"
    site.manage("export_static", "--output", str(folder))
    return folder


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_from_disk_with_its_looks_and_without_barriers(
    page, copy, no_horizontal_scroll, name
):
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto((copy / name).as_uri())

    assert page.locator(".site-archive").is_visible()
    assert page.evaluate(OUR_FONTS) == ["loaded", "loaded"]
    header = page.locator(".site-header")
    assert header.evaluate("found => getComputedStyle(found).backgroundColor") != "rgba(0, 0, 0, 0)"
    no_horizontal_scroll(page)
    page.evaluate(AXE.read_text())
    # Without asking for the style sheets anew, which a browser refuses from disk.
    options = {"runOnly": {"type": "tag", "values": TAGS}, "preload": False}
    found = page.evaluate("options => axe.run(document, options)", options)
    assert [rule["id"] for rule in found["violations"]] == []


def test_a_reader_walks_through_the_copy(page, copy):
    page.goto((copy / "index.html").as_uri())

    follow(page.get_by_role("link", name="Maatregelen", exact=True))
    follow(page.locator("main table a").first)
    follow(page.get_by_role("link", name="Vast adres van deze melding").first)

    assert page.url.startswith(copy.as_uri())
    assert "Stand van zaken op" in page.locator("h1").inner_text()
    follow(page.get_by_role("link", name="Over deze kopie"))
    assert "Zo controleert u deze kopie" in page.locator("body").inner_text()
