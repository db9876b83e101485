"""Every kind of page, for everybody: with a screen, a keyboard, a voice, or on paper."""

import gzip
import json
import re
from urllib.parse import urlsplit

from kwalibo.duties.accessibility import RESULTS, parse
from tests.browser import accessibility, pages
from tests.browser.accessibility import NUMBERED

# Every (kind, number) that stands for many addresses; a page that falls out of the crawl
# would otherwise be looked at no more, without a word.
EXPECTED = {
    "overview",
    "measures",
    "measure",
    "parties",
    "party",
    "motions",
    "motion",
    "themes",
    "theme",
    "evaluations",
    "timeline",
    "letters",
    "moment",
    "moment-measure",
    "annex",
    "comparison",
    "glossary",
    "accountability",
}


def test_the_crawl_finds_every_kind_of_page(kinds):
    assert set(kinds) >= EXPECTED
    assert {page.status for name, page in kinds.items() if name in EXPECTED} == {200}


def test_no_page_has_barriers_or_is_too_wide(page, kinds):
    assert accessibility.examine(page, kinds).lines == []


def test_the_record_is_of_all_pages_that_there_are(kinds):
    """Run `make accessibility` when this fails: the statement shows an older site."""
    recorded = parse(json.loads(RESULTS.read_text()))

    assert recorded.violations == ()
    looked_at = {pages.kind_of(urlsplit(address).path) for address in recorded.pages}
    assert looked_at >= {name for name in kinds if name not in {*pages.STATES, *NUMBERED}}


def test_every_page_says_what_it_is(kinds):
    said: dict[str, str] = {}
    for found in kinds.values():
        html = found.html
        title = re.search(r"<title>(.*?)</title>", html, re.S)[1].strip()
        description = re.search(r'<meta name="description" content="([^"]*)"', html)[1]
        assert '<html lang="' in html, found.address
        assert len(re.findall(r"<h1[ >]", html)) == 1, found.address
        assert len(re.findall(r"<main[ >]", html)) == 1, found.address
        assert not title.startswith("–"), found.address
        if found.status == 200:
            assert 40 <= len(description) <= 200, f"{found.address}: {description}"
            said.setdefault(description, found.kind.partition(":")[0])
            assert said[description] == found.kind.partition(":")[0], (
                f"{found.address} describes itself as another kind of page does"
            )


def test_public_pages_set_no_cookies(page, kinds):
    for found in kinds.values():
        page.goto(found.address)

    assert page.context.cookies() == []


def test_the_first_view_is_light(site, kinds):
    """HTML, styles, fonts and pictures together, as they travel: under 100 KB."""
    for found in kinds.values():
        addresses = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', found.html))
        assert not [address for address in addresses if address.endswith(".js")], found.address
        weight = len(gzip.compress(found.html.encode(), 6))
        for address in addresses:
            body = pages.get(f"{site.url}{address}")[2]
            weight += len(body) if address.endswith(".woff2") else len(gzip.compress(body, 9))
            linked = re.findall(rb"url\([\"']?(?!data:)([^)\"']+)", body)
            assert all(b"woff2" in name for name in linked), address
        assert weight < 100_000, f"{found.address}: {weight} bytes"


def test_pages_run_no_script(kinds):
    for found in kinds.values():
        scripts = re.findall(r"<script\b([^>]*)>", found.html)
        assert all("application/ld+json" in words for words in scripts), found.address
        assert not re.search(r"<[^>]+\son[a-z]+=", found.html), found.address
        assert ' style="' not in found.html, found.address
