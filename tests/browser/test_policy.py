"""A real browser finds nothing on our pages that their Content-Security-Policy forbids."""

import pytest

from tests.browser.test_staff_screens import SCREENS

LISTEN = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", event => {
        window.violations.push(`${event.effectiveDirective}: ${event.blockedURI}`);
    });
"""


def violations(page) -> list[str]:
    return page.evaluate("window.violations")


@pytest.fixture
def walk(page):
    """A function that opens addresses and returns what the policy stopped, by address."""
    page.add_init_script(LISTEN)

    def walk(addresses):
        found = {}
        for address in addresses:
            page.goto(address)
            if stopped := violations(page):
                found[address] = stopped
        return found

    return walk


def test_no_public_page_meets_its_policy(walk, kinds):
    assert walk(found.address for found in kinds.values()) == {}


def test_no_staff_screen_meets_its_policy(walk, page, site, log_in):
    log_in(page, site.name)

    assert walk(["/beheer/login/", *SCREENS]) == {}


def test_what_the_policy_stops_is_seen_here(browser, site):
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.add_init_script(LISTEN)
    page.goto("/")
    page.evaluate(
        """() => {
            const style = document.createElement("p");
            style.setAttribute("style", "color: red");
            const script = document.createElement("script");
            script.textContent = "window.broken = true";
            document.body.append(style, script);
        }"""
    )

    assert [line.split(":")[0] for line in violations(page)] == [
        "style-src-attr",
        "script-src-elem",
    ]
    assert page.evaluate("window.broken") is None
    context.close()
