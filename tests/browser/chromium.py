"""Chromium for tests and screenshots: Debian's own, without a word to other hosts."""

import shutil
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def path() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


def follow(locator):
    """Click something that leads to a page, and wait until that page is there.

    A click alone is over when the browser sets off, and what is asked next may
    still be asked of the page that is left.
    """
    with locator.page.expect_navigation():
        locator.click()


@contextmanager
def browser():
    """A headless browser that ends with the block."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path(), args=OPTIONS)
        yield chromium
        chromium.close()
