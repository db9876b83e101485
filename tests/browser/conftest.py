"""What people do, in a real browser on the real site.

`page` and `staff_page` fail the test on an error in the console, on anything the
Content-Security-Policy stops, on a failed request, and on any word to another host.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser import accessibility, chromium, pages
from tests.browser.site import Site
from tests.machine import needs


def pytest_collection_modifyitems(items):
    """Keep all browser tests in one worker: one site, one browser."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    needs(chromium.path(), "Chromium is niet geïnstalleerd (Debian: apt install chromium).")
    site = Site(tmp_path_factory.mktemp("site")).start()
    yield site
    site.stop()


@pytest.fixture(scope="session")
def browser(site):
    # Playwright keeps an event loop in this thread, in which Django then thinks it is.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with chromium.browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def kinds(site):
    """One page of every kind that the site has: {name: tests.browser.pages.Page}."""
    return pages.find(site.url)


@pytest.fixture
def page(browser, site):
    context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    wrong: list[str] = []
    own = urlsplit(site.url).netloc

    def on_request(request):
        host = urlsplit(request.url).netloc
        if host not in ("", own):
            wrong.append(f"request to another host: {request.url}")

    def on_response(response):
        # A page may well be one of an error; whatever belongs to it must be there.
        if response.status >= 400 and not response.request.is_navigation_request():
            wrong.append(f"{response.status}: {response.url}")

    def on_console(message):
        # The same in the words of the browser, which cannot tell the two apart.
        if message.type == "error" and "Failed to load resource" not in message.text:
            wrong.append(f"console: {message.text}")

    page.on("request", on_request)
    page.on("response", on_response)
    page.on("console", on_console)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))

    def on_failed(request):
        # A page that is left while it loads drops what it had asked for.
        if request.failure != "net::ERR_ABORTED":
            wrong.append(f"failed: {request.url} ({request.failure})")

    page.on("requestfailed", on_failed)
    yield page
    context.close()
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def log_in(site):
    """A function that logs somebody in on a page; one click, or Enter."""

    def log_in(page, name):
        page.goto("/beheer/login/")
        page.fill("[name=username]", name)
        page.fill("[name=password]", site.password)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/beheer/")

    return log_in


@pytest.fixture
def staff_page(page, site, log_in):
    """A page on which a member of staff is logged in who may do everything."""
    log_in(page, site.name)
    return page


@pytest.fixture
def axe():
    """A function that asserts that a page, as it is, meets WCAG 2.2 A and AA by axe-core.

    Public pages are looked at with more rules and all unfolded: test_every_page.py.
    """

    def axe(page):
        accessibility.load_axe(page)
        found = accessibility.run_axe(page, accessibility.WCAG, unfold=False)
        lines = accessibility.as_lines(found)
        assert not lines, f"{page.url}\n" + "\n".join(lines)

    return axe


@pytest.fixture
def no_horizontal_scroll():
    """A function that asserts that a page fits the width of its window."""

    def no_horizontal_scroll(page):
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"], f"{page.url} is {width} px wide"

    return no_horizontal_scroll
