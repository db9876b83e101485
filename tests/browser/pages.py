"""One page of every kind that the site has, found by following links.

A kind is the name of a URL pattern, so a new page is looked at without being named here.
"""

import re
import urllib.error
import urllib.request
from collections import defaultdict
from dataclasses import dataclass
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

from django.urls import Resolver404, resolve

# So many pages of a kind are fetched; the longest of them stands for all.
ENOUGH = 8
NOT_OURS = ("/beheer/", "/inbreng/", "/static/")

# What no link leads to, and what a page looks like when something is the matter.
STATES = {
    "measures: none found": "/maatregelen/?q=bestaatnietinditbestand",
    "measures: filtered, on a day in the past": (
        "/maatregelen/?status=gepland&q=protocol&peildatum=2025-12-31"
    ),
    "measures: a filter is wrong": "/maatregelen/?status=bestaat-niet",
    "measures: no such page of the list": "/maatregelen/?pagina=999",
    "measure: on a day in the past": "/maatregelen/7/?peildatum=2024-12-31",
    "measure: not there yet": "/maatregelen/7/?peildatum=1990-01-01",
    "overview: on a day in the past": "/?peildatum=2024-12-31&bekend_op=2026-11-01",
    "motions: found": "/moties/?q=30015-87",
    "motions: none found": "/moties/?q=bestaatnietinditbestand",
    "comparison: the form": "/vergelijken/",
    "comparison: wrong order": "/vergelijken/?van=2026-01-01&tot=2022-01-01",
    "correct: of something that is not there": "/klopt-dit-niet/?over=maatregel-999",
    "follow: one measure": "/volgen/?maatregel=7",
    "follow: no such measure": "/volgen/?maatregel=99",
    "follow-asked: asked": "/volgen/gevraagd/",
    "follow-manage: a link that is too old": "/volgen/beheren/bestaat-niet/",
    "search: found": "/zoeken/?q=normdocumenten",
    "search: perhaps meant": "/zoeken/?q=normdokumenten",
    "search: none found": "/zoeken/?q=bestaatnietinditbestand",
    "error 400": "/?peildatum=2024-02-30",
    "error 404": "/bestaat-niet/",
}


@dataclass(frozen=True)
class Page:
    """A page as a visitor gets it: what kind, its path and query, status and HTML."""

    kind: str
    address: str
    status: int
    html: str


def get(url: str) -> tuple[int, str, bytes]:
    """Status, content type and body of an address, errors too."""
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            return response.status, response.headers["Content-Type"] or "", response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"] or "", error.read()


def kind_of(path: str) -> str:
    """The name of the pattern that answers a path: '/maatregelen/7/' is a 'measure'. For a
    path that nothing answers this is 'error 404'."""
    try:
        match = resolve(path)
    except Resolver404:
        return "error 404"
    return match.view_name or match.route


def find(base: str) -> dict[str, Page]:
    """Follow links from the first page of the site at `base`; one page per kind, and STATES."""
    todo, seen = ["/"], {"/"}
    number: dict[str, int] = defaultdict(int)
    found: dict[str, Page] = {}
    while todo:
        address = todo.pop(0)
        kind = kind_of(urlsplit(address).path)
        if number[kind] >= ENOUGH:
            continue
        number[kind] += 1
        status, media_type, body = get(f"{base}{address}")
        if not media_type.startswith("text/html"):
            number[kind] = ENOUGH
            continue
        page = Page(kind, address, status, body.decode())
        if kind not in found or len(page.html) > len(found[kind].html):
            found[kind] = page
        for link in re.findall(r'href="([^"]*)"', page.html):
            target = urldefrag(urljoin(address, unescape(link))).url
            place = urlsplit(target)
            if place.netloc or place.scheme or place.path.startswith(NOT_OURS) or target in seen:
                continue
            seen.add(target)
            todo.append(target)
    for name, address in STATES.items():
        status, _, body = get(f"{base}{address}")
        found[name] = Page(name, address, status, body.decode())
    return found
