"""The pages of the shipped data set, read once."""

import pytest

from measures.loading import SHIPPED, load, reconstructions
from tests.test_crawl import crawl

_pages: dict[str, str] = {}


@pytest.fixture(autouse=True)
def site_url(settings):
    settings.SITE_URL = "https://kwalibo.example"


@pytest.fixture
def whole_site(db, client) -> dict[str, str]:
    """The text of every page that links lead to, by its address."""
    load(SHIPPED)
    reconstructions.finish()
    if not _pages:
        for address, response in crawl(client, "/"):
            if response.headers["Content-Type"].startswith("text/html"):
                _pages[address] = response.text
    return _pages
