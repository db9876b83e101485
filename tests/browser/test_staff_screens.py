"""The staff screens as somebody with ten minutes uses them."""

import pytest

from tests.browser.chromium import follow

MEASURES = "/beheer/measures/measure/"
SCREENS = [
    "/beheer/",
    MEASURES,
    f"{MEASURES}?status__exact=gepland&q=protocol",
    f"{MEASURES}7/change/",
    f"{MEASURES}add/",
    f"{MEASURES}7/stand-van-zaken/",
    f"{MEASURES}7/geschiedenis/",
    f"{MEASURES}stand-van-zaken/?maatregel=1&maatregel=2",
    f"{MEASURES}wijzigen/?maatregel=1&maatregel=2",
    f"{MEASURES}7/history/",
    f"{MEASURES}verwijderd/",
    "/beheer/measures/progressupdate/1/beoordelen/",
    "/beheer/measures/deadlinechange/1/beoordelen/",
    "/beheer/measures/progressupdate/",
    "/beheer/measures/progressupdate/1/change/",
    f"{MEASURES}7/streefdatum/",
    "/beheer/measures/deadlinechange/",
    "/beheer/measures/deadlinechange/1/change/",
    "/beheer/measures/evidence/",
    "/beheer/measures/reportingmoment/",
    "/beheer/measures/reportingmoment/add/",
    "/beheer/measures/reportingmoment/1/change/",
    "/beheer/measures/reportingmoment/1/voorbereiden/",
    "/beheer/measures/reportingmoment/1/voorbeeld/",
    "/beheer/measures/motion/",
    "/beheer/measures/motion/1/change/",
    "/beheer/parties/party/1/change/",
    "/beheer/measures/source/",
    "/beheer/measures/timelineevent/",
    "/beheer/measures/source/1/history/",
    "/beheer/measures/theme/1/delete/",
    f"{MEASURES}spreadsheet/",
    "/beheer/measures/contribution/",
    "/beheer/signin/signinevent/",
    "/beheer/instellingen/",
    "/beheer/bijlage/",
    "/beheer/handleiding/",
    "/beheer/auth/user/",
    "/beheer/auth/user/add/",
    "/beheer/auth/user/1/change/",
    "/beheer/auth/user/1/password/",
    "/beheer/auth/group/add/",
    "/beheer/password_change/",
]
WIDTHS = [(360, "light"), (768, "dark"), (1280, "light")]


def nothing_is_cut_off(page):
    """Every field lies within the window: a box may hide what sticks out of it."""
    cut_off = page.evaluate(
        """() => [...document.querySelectorAll("input, select, textarea, button, .select2")]
            .filter(field => field.checkVisibility() && !field.closest(".results"))
            .filter(field => field.getBoundingClientRect().right > innerWidth)
            .map(field => field.name || field.className)"""
    )
    assert not cut_off, f"{page.url}: {cut_off}"


def test_logging_in_has_no_barriers(page, axe, no_horizontal_scroll):
    for width, scheme in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto("/beheer/login/")
        axe(page)
        no_horizontal_scroll(page)


@pytest.mark.parametrize("address", SCREENS)
def test_a_staff_screen_has_no_barriers_and_fits_every_width(
    staff_page, axe, no_horizontal_scroll, address
):
    for width, scheme in WIDTHS:
        staff_page.set_viewport_size({"width": width, "height": 900})
        staff_page.emulate_media(color_scheme=scheme)
        staff_page.goto(address)
        for folded in staff_page.locator("fieldset details").all():
            folded.locator("summary").click()
        axe(staff_page)
        no_horizontal_scroll(staff_page)
        nothing_is_cut_off(staff_page)
    assert staff_page.locator("h1").count() == 1


class Clicks:
    """Counts what somebody presses, from the moment that they log in."""

    def __init__(self, page):
        self.page, self.number = page, 0

    def press(self, role, name, **how):
        self.number += 1
        follow(self.page.get_by_role(role, name=name, **how).first)

    def log_in(self, name, password):
        self.page.goto("/beheer/login/")
        self.page.fill("[name=username]", name)
        self.page.fill("[name=password]", password)
        self.press("button", "Inloggen")


def test_from_logging_in_an_update_is_offered_in_four_clicks_and_approved_in_two(
    page, site, axe, no_horizontal_scroll
):
    text = "De werkgroep schrijft aan een eerste versie."
    writer = Clicks(page)
    writer.log_in("wil", site.password)
    writer.press("link", "Bijwerken van M2", exact=True)
    page.get_by_label("Status").select_option("in-uitwerking")
    page.get_by_label("Stand van zaken").fill(text)
    writer.press("button", "Ter goedkeuring aanbieden")
    assert "ter goedkeuring aangeboden" in page.get_by_role("status").inner_text()
    assert writer.number <= 4
    axe(page)

    page.context.clear_cookies()
    approver = Clicks(page)
    approver.log_in("fia", site.password)
    for width, scheme in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto(page.url)
        axe(page)
        no_horizontal_scroll(page)
    approver.number = 0
    approver.press("link", "Beoordelen van M2")
    assert text in page.locator("main").inner_text()
    for width, scheme in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto(page.url)
        axe(page)
        no_horizontal_scroll(page)
    approver.press("button", "Akkoord en openbaar maken")
    assert approver.number == 2
    assert "goedgekeurd en gepubliceerd" in page.get_by_role("status").inner_text()

    page.goto("/maatregelen/2/")
    assert text in page.locator("main").inner_text()
    assert "In uitwerking" in page.locator("main").inner_text()


def test_the_lead_of_several_measures_changes_after_a_preview(staff_page, axe):
    staff_page.goto(f"{MEASURES}wijzigen/?maatregel=3&maatregel=5")
    staff_page.get_by_label("Nieuwe streefdatum").fill("2027-06-30")
    staff_page.get_by_label("Waarom verschuift de datum?").fill("De proef duurt langer.")
    follow(staff_page.get_by_role("button", name="Voorbeeld bekijken"))
    assert "30 juni 2027" in staff_page.locator("#voorbeeld").inner_text()
    axe(staff_page)

    follow(staff_page.get_by_role("button", name="Zo opslaan"))

    assert "M3, M5" in staff_page.get_by_role("status").inner_text()


def test_a_value_is_put_back_after_asking(staff_page, axe):
    staff_page.goto(f"{MEASURES}4/change/")
    staff_page.get_by_label("Nummer van de Taskforce").fill("99z")
    follow(staff_page.get_by_role("button", name="Opslaan", exact=True))
    staff_page.goto(f"{MEASURES}4/history/")
    axe(staff_page)
    follow(staff_page.get_by_role("link", name="Terugzetten naar").first)
    assert "99z" in staff_page.locator("main").inner_text()
    axe(staff_page)

    follow(staff_page.get_by_role("button", name="Terugzetten"))

    assert "Teruggezet naar vóór" in staff_page.get_by_role("status").inner_text()


def test_what_is_missing_is_said_and_the_text_stays(staff_page, axe):
    staff_page.goto(f"{MEASURES}3/stand-van-zaken/")
    staff_page.get_by_label("Status").select_option("opgegaan-in")
    staff_page.get_by_label("Stand van zaken").fill("Dit gaat verder bij een andere maatregel.")

    follow(staff_page.get_by_role("button", name="Ter goedkeuring aanbieden"))

    assert "Kies de maatregel" in staff_page.get_by_role("alert").inner_text()
    assert "Dit gaat verder" in staff_page.get_by_label("Stand van zaken").input_value()
    axe(staff_page)


def test_two_browsers_overwrite_nothing_and_lose_nothing(staff_page, axe):
    other = staff_page.context.new_page()
    for page in (staff_page, other):
        page.goto(f"{MEASURES}6/change/")
    other.get_by_label("Nummer van de Taskforce").fill("12a")
    follow(other.get_by_role("button", name="Opslaan", exact=True))

    staff_page.get_by_label("Soort aanwijzing in de bron").fill("ooit")
    follow(staff_page.get_by_role("button", name="Opslaan", exact=True))

    stale = staff_page.get_by_role("alert")
    assert "Er is niets opgeslagen." in stale.inner_text()
    assert "12a" in stale.inner_text()
    assert staff_page.get_by_label("Soort aanwijzing in de bron").input_value() == "ooit"
    axe(staff_page)

    staff_page.get_by_label("Nummer van de Taskforce").fill("12a")
    follow(staff_page.get_by_role("button", name="Opslaan", exact=True))
    message = staff_page.get_by_role("status").inner_text()
    assert "soort aanwijzing in de bron: uitgevoerde actie → ooit" in message
    assert "Taskforce" not in message
    other.close()


def test_a_concept_is_deleted_only_after_asking(staff_page, axe):
    staff_page.goto(f"{MEASURES}3/stand-van-zaken/")
    staff_page.get_by_label("Stand van zaken").fill("Een probeersel.")
    follow(staff_page.get_by_role("button", name="Opslaan als concept"))
    follow(staff_page.get_by_role("link", name="Concept verwijderen"))
    axe(staff_page)

    follow(staff_page.get_by_role("button", name="Ja, verwijderen"))

    assert "verwijderd" in staff_page.get_by_role("status").inner_text()
    staff_page.goto(f"{MEASURES}3/geschiedenis/")
    assert "Een probeersel." in staff_page.locator("main").inner_text()


def test_logging_out_says_so(staff_page, axe):
    follow(staff_page.get_by_role("button", name="Uitloggen"))

    assert staff_page.locator("h1").inner_text() == "U bent uitgelogd"
    axe(staff_page)


def test_another_measure_is_asked_for_only_when_it_goes_into_one(staff_page):
    staff_page.goto(f"{MEASURES}3/stand-van-zaken/")
    target = staff_page.get_by_label("Opgegaan in maatregel")

    assert not target.is_visible()
    staff_page.get_by_label("Status").select_option("opgegaan-in")
    assert target.is_visible()


def test_several_measures_are_updated_in_one_form(staff_page, axe):
    staff_page.goto(MEASURES)
    for number in (1, 4):
        staff_page.locator("#result_list tbody tr").nth(number - 1).locator(
            "input.action-select"
        ).check()
    staff_page.locator("select[name=action]").select_option("update_several")
    follow(staff_page.get_by_role("button", name="Uitvoeren"))

    staff_page.get_by_label("Status", exact=True).select_option("wordt-doorgevoerd")
    staff_page.get_by_label("Stand van zaken").fill("De afspraken gaan nu in.")
    follow(staff_page.get_by_role("button", name="Voorbeeld bekijken"))
    axe(staff_page)
    follow(staff_page.get_by_role("button", name="Opslaan als concept"))

    assert "M1, M4" in staff_page.get_by_role("status").inner_text()


def test_a_source_is_found_while_typing(staff_page):
    staff_page.goto(f"{MEASURES}5/stand-van-zaken/")

    staff_page.get_by_role("searchbox", name="Bronnen").fill("S01")
    staff_page.locator(".select2-results__option", has_text="S01").first.click()

    assert staff_page.locator("#id_sources option[selected], #id_sources option").count() == 1


def test_a_letter_goes_from_an_empty_form_to_the_website(staff_page, axe, no_horizontal_scroll):
    page = staff_page.context.new_page()
    staff_page.goto("/beheer/measures/letter/add/")
    staff_page.get_by_label("Titel").fill("Voortgang na de proef")
    follow(staff_page.get_by_role("button", name="Opslaan", exact=True))

    staff_page.goto("/beheer/measures/reportingmoment/add/")
    staff_page.get_by_label("Titel").fill("De proefbrief")
    staff_page.locator(".select2-selection").first.click()
    staff_page.get_by_role("searchbox").last.fill("Voortgang na de proef")
    staff_page.get_by_role("option", name="Voortgang na de proef").click()
    staff_page.get_by_label("Peildatum").fill("2026-01-01")
    follow(staff_page.get_by_role("button", name="Opslaan", exact=True))
    assert staff_page.get_by_role("heading", name="Brief voorbereiden").is_visible()

    axe(staff_page)
    follow(staff_page.get_by_role("button", name="Vaststellen"))
    assert "geen trekker bekend" in staff_page.get_by_role("alert").inner_text()
    for field in staff_page.get_by_label("Eén reden voor alle").all():
        field.fill("Zo besproken.")
    for field in staff_page.get_by_label("Reden om dit zo te laten").all():
        field.fill("Zo besproken.")
    follow(staff_page.get_by_role("button", name="Vaststellen"))
    assert staff_page.get_by_role("heading", name="Vastgesteld", exact=True).is_visible()
    assert page.goto("/kamerbrieven/de-proefbrief/").status == 404

    for width, scheme in WIDTHS:
        staff_page.set_viewport_size({"width": width, "height": 900})
        staff_page.emulate_media(color_scheme=scheme)
        staff_page.goto(staff_page.url)
        axe(staff_page)
        no_horizontal_scroll(staff_page)
    follow(staff_page.get_by_role("button", name="Nu openbaar maken"))
    assert page.goto("/kamerbrieven/de-proefbrief/").status == 200
    assert page.get_by_role("heading", name="De proefbrief").is_visible()
    page.close()
