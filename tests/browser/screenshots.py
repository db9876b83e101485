"""Make the pictures in docs/screenshots/: `make screenshots`."""

import sys
import tempfile
from pathlib import Path

from tests.browser import chromium
from tests.browser.site import ROOT, Site

FOLDER = ROOT / "docs" / "screenshots"
PICTURES = {
    "overzicht": ("/", [360, 1280]),
    "maatregelen": ("/maatregelen/", [360, 1280]),
    "maatregel": ("/maatregelen/7/", [1280]),
    "motie": ("/moties/30015-87/", [1280]),
    "kamerbrief": ("/kamerbrieven/brief-2022-04-04/", [1280]),
    "vergelijken": ("/vergelijken/?van=brief-2022-04-04", [360, 1280]),
    "bijlage": ("/bijlage/?peildatum=2024-12-31", [1280]),
}
STAFF_PICTURES = {"beheer-maatregelen": ("/beheer/measures/measure/", [1280])}


def main():
    if not chromium.path():
        sys.exit("Chromium is niet geïnstalleerd (Debian: apt install chromium).")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder)).start()
        try:
            with chromium.browser() as browser:
                page = browser.new_page(base_url=site.url)
                take(page, PICTURES)
                page.goto("/beheer/login/")
                page.fill("[name=username]", site.name)
                page.fill("[name=password]", site.password)
                page.press("[name=password]", "Enter")
                page.wait_for_url("**/beheer/")
                take(page, STAFF_PICTURES)
                manual(page)
        finally:
            site.stop()


def manual(page):
    """The pictures in the manual for staff, of a small story."""
    folder = ROOT / "static" / "beheer" / "handleiding"
    folder.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": 1120, "height": 860})
    page.goto("/beheer/measures/measure/2/stand-van-zaken/")
    page.get_by_label("Status").select_option("in-uitwerking")
    page.get_by_label("Peildatum", exact=False).first.fill("2026-01-31")
    page.get_by_label("Stand van zaken").fill("Dit is een voorbeeld van een tekst.")
    page.screenshot(path=folder / "bijwerken.png")
    page.get_by_role("button", name="Ter goedkeuring aanbieden").click()
    page.goto("/beheer/measures/progressupdate/?stap=ter-goedkeuring")
    page.locator("#result_list tbody a").first.click()
    page.get_by_role("link", name="Bekijk het zoals de fiatteur het ziet").click()
    page.screenshot(path=folder / "beoordelen.png")
    page.goto("/beheer/measures/reportingmoment/1/voorbereiden/")
    page.screenshot(path=folder / "brief.png")


def take(page, pictures):
    for name, (address, widths) in pictures.items():
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            page.screenshot(path=FOLDER / f"{name}-{width}.png")


if __name__ == "__main__":
    main()
