"""Make the pictures in docs/screenshots/: `make screenshots`."""

import sys
import tempfile
from datetime import date
from pathlib import Path

import openpyxl

from tests.browser import chromium
from tests.browser.chromium import follow
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
                take(as_colleague(browser, site, site.name), STAFF_PICTURES)
                manual(browser, site, Path(folder))
        finally:
            site.stop()


def as_colleague(browser, site, name):
    """A page of somebody who is logged in."""
    page = browser.new_page(base_url=site.url, viewport={"width": 1120, "height": 860})
    page.goto("/beheer/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", site.password)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/beheer/")
    return page


def manual(browser, site, work):
    """The pictures in the manual for staff, of a small story of two colleagues."""
    folder = ROOT / "static" / "beheer" / "handleiding"
    folder.mkdir(parents=True, exist_ok=True)
    page, approver = (as_colleague(browser, site, name) for name in ("wil", "fia"))
    page.goto("/beheer/measures/measure/2/stand-van-zaken/")
    page.get_by_label("Status").select_option("in-uitwerking")
    page.get_by_label("Peildatum", exact=False).first.fill("2026-01-31")
    page.get_by_label("Stand van zaken").fill("Dit is een voorbeeld van een tekst.")
    page.screenshot(path=folder / "bijwerken.png")
    follow(page.get_by_role("button", name="Ter goedkeuring aanbieden"))
    approver.goto("/beheer/")
    follow(approver.get_by_role("link", name="Beoordelen").first)
    approver.screenshot(path=folder / "beoordelen.png")
    approver.goto("/beheer/measures/reportingmoment/1/voorbereiden/")
    approver.screenshot(path=folder / "brief.png")
    page.goto("/beheer/measures/measure/spreadsheet/")
    page.set_input_files("[name=file]", changed_list(site, work))
    follow(page.get_by_role("button", name="Voorbeeld bekijken"))
    page.screenshot(path=folder / "spreadsheet.png")


def changed_list(site, folder):
    """The list of measures with a few cells typed over."""
    file = folder / "maatregelen.xlsx"
    site.manage("export_measures", str(file))
    book = openpyxl.load_workbook(file)
    sheet = book.active
    columns = {cell.value: cell.column for cell in sheet[1]}
    values = {
        "Status": "In uitwerking",
        "Peildatum": date(2026, 1, 31),
        "Stand van zaken": "Dit is een voorbeeld van een tekst.",
    }
    for heading, value in values.items():
        sheet.cell(4, columns[heading]).value = value
    sheet.cell(5, columns["Streefdatum"]).value = date(2027, 12, 31)
    book.save(file)
    return file


def take(page, pictures):
    for name, (address, widths) in pictures.items():
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            page.screenshot(path=FOLDER / f"{name}-{width}.png")


if __name__ == "__main__":
    main()
