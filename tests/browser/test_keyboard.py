"""Everything on every page, by keyboard alone, and always seen where one is."""

import pytest

from tests.browser import pages

WITH_ERRORS = ["measures: a filter is wrong", "comparison: wrong order", "error 404"]

# What Tab should stop at, in the order of the document. Of radio buttons with one name the
# browser stops at one: the chosen one.
STOPS = """() => {
  const selector = "a[href], button, input:not([type=hidden]), select, textarea, summary,"
    + "[tabindex='0']";
  const seen = el => el.checkVisibility({checkVisibilityCSS: true, contentVisibilityAuto: true})
    && !el.disabled && el.tabIndex >= 0;
  window.stops = [...document.querySelectorAll(selector)].filter(seen);
  const groups = new Map();
  window.stops.filter(el => el.type === "radio").forEach(el => {
    if (el.checked || !groups.has(el.name)) groups.set(el.name, el);
  });
  window.stops = window.stops.filter(el => el.type !== "radio" || groups.get(el.name) === el);
  return window.stops.length;
}"""
# Where the focus is now: its place among the stops, and what is wrong with it there.
HERE = """() => {
  const el = document.activeElement;
  if (el === document.body || el === document.documentElement) return null;
  const place = window.stops.indexOf(el);
  const name = el.outerHTML.slice(0, 100);
  const shown = style => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  const marked = shown(getComputedStyle(el)) || shown(getComputedStyle(el, "::after"));
  const box = el.getClientRects()[0];
  const x = box.left + Math.min(box.width / 2, 20), y = box.top + box.height / 2;
  const inView = x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight;
  const top = document.elementFromPoint(x, y);
  const clear = inView && top !== null && (el.contains(top) || top.contains(el));
  return {place, name, marked, clear};
}"""


def walk(page, number):
    """Press Tab through the page; return what went wrong, and how many stops there were."""
    wrong, last = [], -1
    # A field for a date has several stops of its own.
    for _ in range(number * 2 + 20):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None or (here["place"] == 0 and last == number - 1):
            break
        if here["place"] == last:
            continue
        if here["place"] != last + 1:
            wrong.append(f"after stop {last} came {here['place']}: {here['name']}")
        if not here["marked"]:
            wrong.append(f"no mark of focus on {here['name']}")
        if not here["clear"]:
            wrong.append(f"out of sight or covered: {here['name']}")
        last = here["place"]
    else:
        wrong.append(f"trapped at stop {last}")
    return wrong, last + 1


@pytest.mark.parametrize("width", [320, 1280])
def test_tab_reaches_everything_in_order_and_in_sight(page, kinds, width):
    page.set_viewport_size({"width": width, "height": 640})
    wrong = []
    # On a phone the same pages have the same order; the menu and the tables differ.
    phone = ["overview", "measures"]
    wide = [name for name in kinds if name not in pages.STATES or name in WITH_ERRORS]
    for found in (kinds[name] for name in (wide if width == 1280 else phone)):
        page.goto(found.address)
        number = page.evaluate(STOPS)
        said, reached = walk(page, number)
        if reached != number:
            said.append(f"{reached} of {number} stops were reached")
        wrong += [f"{found.address}: {line}" for line in said]

    assert not wrong, "\n".join(wrong)


def test_the_first_stop_leads_past_the_navigation(page, kinds):
    for name in ("overview", "measures", "motion", "error 404"):
        page.goto(kinds[name].address)

        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#inhoud"
        assert page.locator(".nl-skip-link").bounding_box()["y"] >= 0

        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "inhoud"


def test_the_menu_on_a_phone_opens_and_closes_by_keyboard(page):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/")
    link = page.get_by_role("navigation", name="Hoofdnavigatie").get_by_role("link", name="Moties")
    assert not link.is_visible()

    page.locator(".site-menu > summary").focus()
    page.keyboard.press("Enter")
    assert link.is_visible()

    page.keyboard.press("Enter")
    assert not link.is_visible()


def test_folded_sources_open_by_keyboard(page):
    page.goto("/maatregelen/7/")
    sources = page.locator("details.site-sources").first
    assert not sources.get_by_role("link").first.is_visible()

    sources.locator("summary").focus()
    page.keyboard.press("Space")

    assert sources.get_by_role("link").first.is_visible()
