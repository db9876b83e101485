"""What colleagues and contact persons do beside writing and approving, in a real browser."""

import openpyxl
import pytest

from tests.browser.chromium import follow

MEASURES = "/beheer/measures/measure/"
WIDTHS = [(360, "light"), (768, "dark"), (1280, "light")]
CONTACT = """
import os
from django.contrib.auth.models import Group, User
from measures.models import Assignment, Measure
measure = Measure.objects.public().filter(lead__publication="openbaar").first()
person = User.objects.create_user("partij", password=os.environ["DJANGO_SUPERUSER_PASSWORD"])
person.groups.add(Group.objects.get(name="partij-contactpersoon"))
Assignment.objects.create(user=person, party=measure.lead)
"""


@pytest.fixture
def no_barriers(axe, no_horizontal_scroll):
    """A function that opens the page of now again in three widths."""

    def no_barriers(page):
        for width, scheme in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.goto(page.url)
            axe(page)
            no_horizontal_scroll(page)

    return no_barriers


def test_what_is_being_typed_survives_a_closed_browser(staff_page, axe):
    form = f"{MEASURES}5/streefdatum/"
    staff_page.goto(form)
    staff_page.get_by_label("Waarom verschuift de datum?").fill("Dit ben ik aan het typen.")
    staff_page.get_by_text("is om").wait_for(timeout=15_000)
    axe(staff_page)
    staff_page.goto("/beheer/")

    staff_page.goto(form)

    assert "Dit ben ik aan het typen." in staff_page.content()
    axe(staff_page)
    follow(staff_page.get_by_role("button", name="Weggooien"))
    assert "Dit ben ik aan het typen." not in staff_page.content()


def test_a_list_is_fetched_changed_and_sent_back(staff_page, tmp_path, no_barriers):
    staff_page.goto(MEASURES)
    follow(staff_page.get_by_role("link", name="Spreadsheet"))
    with staff_page.expect_download() as download:
        staff_page.get_by_role("link", name="Alle maatregelen als XLSX").click()
    file = tmp_path / "lijst.xlsx"
    download.value.save_as(file)
    book = openpyxl.load_workbook(file)
    columns = {cell.value: cell.column for cell in book.active[1]}
    book.active.cell(4, columns["Gereed als"]).value = "Als de afspraak is ondertekend."
    book.active.cell(5, columns["Stand van zaken"]).value = "Een stand uit de lijst. " * 5
    book.save(file)

    staff_page.locator("[name=file]").set_input_files(file)
    follow(staff_page.get_by_role("button", name="Voorbeeld bekijken"))
    assert "Als de afspraak is ondertekend." in staff_page.locator("main").inner_text()
    no_barriers(staff_page)
    follow(staff_page.get_by_role("button", name="Verwerken, concepten laten staan"))

    assert "Verwerkt: M3, M4. 1 concept gemaakt." in staff_page.get_by_role("status").inner_text()


def test_a_contact_person_says_what_does_not_fit_and_staff_answer(
    page, staff_page, site, log_in, no_barriers
):
    site.manage("shell", "--command", CONTACT)
    page.context.clear_cookies()
    page.goto("/inbreng/")
    page.fill("[name=username]", "partij")
    page.fill("[name=password]", site.password)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/inbreng/")
    no_barriers(page)
    follow(page.get_by_role("link", name="Reageren").first)
    no_barriers(page)
    page.get_by_label("Ons deel klopt niet").check()
    page.get_by_label("Wat klopt er niet").fill("Wij doen dit sinds mei.")
    follow(page.get_by_role("button", name="Insturen"))
    assert "dank u wel" in page.get_by_role("status").inner_text()

    page.context.clear_cookies()
    log_in(page, site.name)
    page.goto("/beheer/measures/contribution/1/change/")
    no_barriers(page)
    follow(page.get_by_role("button", name="Op de website tonen"))
    page.goto("/maatregelen/1/")
    assert "Wij doen dit sinds mei." in page.locator("main").inner_text()
    no_barriers(page)


def test_a_choice_in_a_list_is_kept_under_a_name(staff_page, axe):
    staff_page.goto(f"{MEASURES}?status__exact=gepland")
    staff_page.get_by_label("Bewaar deze selectie als").fill("Nog te doen")
    follow(staff_page.get_by_role("button", name="Bewaren"))
    staff_page.goto(MEASURES)
    axe(staff_page)

    follow(staff_page.get_by_role("link", name="Nog te doen"))

    assert "status__exact=gepland" in staff_page.url
