"""Pages without scripts, styles or pictures, and with the reader's own settings."""

from itertools import pairwise

import pytest

from tests.browser.chromium import follow

# WCAG 1.4.12: nothing may be lost when a reader sets this.
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }"""
# What is cut off, other than what is only for who listens and fields, whose text scrolls.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter(el => {
  const hides = ["hidden", "clip"].includes(getComputedStyle(el).overflowX);
  const meant = "svg, input, textarea, select, .rhc-visually-hidden, .site-table thead";
  return hides && el.checkVisibility() && !el.closest(meant)
    && (el.scrollWidth > el.clientWidth + 1 || el.scrollHeight > el.clientHeight + 1);
}).map(el => el.outerHTML.slice(0, 120))"""


@pytest.fixture
def reader(browser, site):
    """A function that opens a page with something switched off."""
    contexts = []

    def reader(**options):
        blocked = options.pop("without", ())
        context = browser.new_context(base_url=site.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.route(
            "**/*",
            lambda route: (
                route.abort() if route.request.resource_type in blocked else route.continue_()
            ),
        )
        return page

    yield reader
    for context in contexts:
        context.close()


def test_without_scripts_pages_and_forms_work(reader):
    page = reader(java_script_enabled=False)
    page.goto("/maatregelen/")

    page.get_by_label("Zoek in nummer, titel en tekst").fill("loket")
    follow(page.get_by_role("button", name="Toon resultaat"))

    assert page.get_by_role("link", name="Een loket voor uitlegvragen").is_visible()
    assert not page.get_by_role("link", name="Meer toezicht door de ILT").is_visible()


def test_without_styles_the_order_makes_sense_and_nothing_stands_twice(reader, kinds):
    page = reader(without={"stylesheet", "font"})
    for found in kinds.values():
        page.goto(found.address)
        lines = [line.strip() for line in page.locator("body").inner_text().splitlines()]
        lines = [line for line in lines if line]

        assert lines[0] == "Direct naar de inhoud", found.address
        order = page.evaluate(
            """() => ["header", "nav", "h1", "footer"].map(name => {
              const all = [...document.querySelectorAll("*")];
              return all.indexOf(document.querySelector(name));
            })"""
        )
        assert order == sorted(order), found.address
        assert -1 not in order, found.address
        told = [line.strip() for line in page.locator("main").inner_text().splitlines()]
        # Two statements may well have one source.
        told = [line for line in told if len(line) > 12 and not line.startswith("Bron")]
        twice = [line for line, next_line in pairwise(told) if line == next_line]
        assert not twice, f"{found.address}: {twice}"
        levels = page.evaluate(
            """() => [...document.querySelectorAll("main :is(h1, h2, h3, h4)")]
              .map(heading => +heading.tagName[1])"""
        )
        assert levels[0] == 1, found.address
        assert all(b <= a + 1 for a, b in pairwise(levels)), f"{found.address}: {levels}"


def test_without_pictures_nothing_is_lost(reader, kinds):
    page = reader(without={"image"})
    for found in kinds.values():
        page.goto(found.address)
        nameless = page.evaluate(
            """() => [...document.querySelectorAll("img, svg")].filter(el =>
              el.tagName === "IMG" ? !el.hasAttribute("alt")
              : !el.closest("[aria-hidden=true], [role=img]")
            ).map(el => el.outerHTML.slice(0, 120))"""
        )
        assert not nameless, f"{found.address}: {nameless}"


def test_wider_spacing_of_text_cuts_nothing_off(page, kinds):
    page.set_viewport_size({"width": 320, "height": 640})
    for found in kinds.values():
        page.goto(found.address)
        page.evaluate(
            """css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
            document.adoptedStyleSheets = [sheet]; }""",
            SPACED,
        )
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, f"{found.address} is {width} px wide"
        assert not page.evaluate(CUT_OFF), f"{found.address}: {page.evaluate(CUT_OFF)}"


def test_forced_colours_leave_marks_and_edges_in_sight(page):
    page.emulate_media(forced_colors="active")
    page.goto("/maatregelen/")

    edge = page.locator(".site-status").first.evaluate("el => getComputedStyle(el).borderTopStyle")
    shape = page.locator(".site-shape").first.evaluate(
        "el => [getComputedStyle(el).color, getComputedStyle(document.body).backgroundColor]"
    )

    assert edge != "none"
    assert shape[0] != shape[1]


def test_on_paper_sources_are_open_and_the_menu_is_gone(page, kinds):
    page.emulate_media(media="print")
    for name in ("measure", "motion", "accountability"):
        page.goto(kinds[name].address)
        assert not page.get_by_role("navigation", name="Hoofdnavigatie").is_visible()
        assert not page.get_by_role("navigation", name="Kruimelpad").is_visible()
    page.goto("/maatregelen/7/")
    assert page.locator("details.site-sources li").first.is_visible()


def test_every_page_fits_on_paper(page, kinds):
    page.emulate_media(media="print")
    # A4 without its margins, at 96 pixels to the inch.
    page.set_viewport_size({"width": 658, "height": 971})
    for found in kinds.values():
        page.goto(found.address)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 658, f"{found.address} is {width} px wide on paper"
