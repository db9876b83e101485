"""Every answer of the real server, as production has it, asks browsers to be strict.

One site, behind a proxy that speaks HTTPS. What it has is found by its URL patterns, so that
a page that is made later is looked at without being named here.
"""

import http.client
import re
import secrets
from collections import Counter
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

import pytest
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from measures.api import ROOT as API
from measures.api.resources import RESOURCES
from tests.browser.pages import kind_of
from tests.operations.server import Server
from tests.operations.test_settings import PRODUCTION

pytestmark = pytest.mark.xdist_group("servers")

HOST = "kwalibo.example.nl"
PASSWORD = secrets.token_urlsafe(20)
ENOUGH = 2


@dataclass
class Answer:
    address: str
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def cookies(self) -> list[SimpleCookie]:
        return [SimpleCookie(line) for line in self.headers.get_all("Set-Cookie", [])]


class Visitor:
    """A browser behind our proxy: keeps cookies, follows no redirects."""

    def __init__(self, server, address="198.51.100.1"):
        self.server, self.address, self.jar = server, address, {}

    def ask(self, address: str, method="GET", data=None, **headers) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        sent = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.address,
            "Referer": f"https://{HOST}/",
            **headers,
        }
        if self.jar:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        body = urlencode(data) if data is not None else None
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, address, body=body, headers=sent)
        got = line.getresponse()
        answer = Answer(address, got.status, got.headers, got.read())
        line.close()
        for cookie in answer.cookies:
            self.jar |= {name: morsel.value for name, morsel in cookie.items()}
        return answer

    def log_in(self, name: str) -> list[Answer]:
        page = self.ask("/beheer/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
        typed = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token}
        answer = self.ask("/beheer/login/", "POST", typed)
        assert answer.status == 302, answer.text
        return [page, answer]


@pytest.fixture(scope="module")
def server(tmp_path_factory, static_root):
    folder = tmp_path_factory.mktemp("headers")
    settings = PRODUCTION | {
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "DATABASE_POOL": "0",
        "CACHE_URL": "",
        "STATIC_ROOT": static_root,
        "SECOND_FACTOR": "0",
        "SEARCH_PER_MINUTE": "0",
        "DOCUMENTS_PER_MINUTE": "0",
        "LOGIN_PER_MINUTE": "5",
    }
    with Server(folder, "tests.operations.failing:application", **settings) as server:
        server.manage("migrate")
        server.manage("load_kwalibo")
        told = server.manage("shell", "--no-imports", "--command", FILL_SITE)
        server.withdrawn = told.strip().splitlines()[-1]
        server.start()
        yield server


FILL_SITE = f"""
from django.contrib.auth.models import User
from measures.models import ProgressUpdate
from tests.factories import make_evidence
boss = User.objects.create_superuser("baas", password="{PASSWORD}")
first, second = ProgressUpdate.objects.published()[:2]
make_evidence(first)
second.withdraw("Dit klopte niet.", by=boss)
print(f"/maatregelen/{{second.measure.number}}/standen/{{second.pk}}/")
"""


# In HTML, in feeds, and in answers of the API.
LINK = rf'(?:(?:href|src)=|"\w+": ?)"((?<==")[^"]*|{re.escape(PRODUCTION["SITE_URL"])}[^"]*)"'


def crawl(visitor: Visitor, todo: list[str], inside) -> list[Answer]:
    """Answers of every address that links lead to, a few of each kind and format."""
    found, number, seen = [], Counter(), set(todo)
    while todo:
        address = todo.pop(0)
        path = urlsplit(address).path
        kind = (kind_of(path), path.rpartition(".")[2] if "." in path else "")
        if number[kind] >= ENOUGH:
            continue
        number[kind] += 1
        answer = visitor.ask(address)
        found.append(answer)
        if answer.media_type not in ("text/html", "application/atom+xml", "application/json"):
            continue
        for link in re.findall(LINK, answer.text):
            link = unescape(link).removeprefix(PRODUCTION["SITE_URL"])
            target = urldefrag(urljoin(address, link)).url
            place = urlsplit(target)
            if place.netloc or place.scheme or not inside(place.path) or target in seen:
                continue
            seen.add(target)
            todo.append(target)
    return found


@pytest.fixture(scope="module")
def public(server) -> list[Answer]:
    start = ["/", "/robots.txt", "/.well-known/security.txt", "/componenten/", "/vergelijken.csv"]
    start += ["/kamerbrieven/", f"{API}/openapi.json", "/volgen/gevraagd/", "/sitemap.xml"]
    start += [f"{API}/{one.name}" for one in RESOURCES]
    return crawl(
        Visitor(server), start, lambda path: not path.startswith(("/beheer/", "/inbreng/"))
    )


@pytest.fixture(scope="module")
def staff(server) -> list[Answer]:
    boss = Visitor(server, "198.51.100.2")
    doors = boss.log_in("baas")
    return doors + crawl(boss, ["/beheer/"], lambda path: path.startswith(("/beheer/",)))


@pytest.fixture(scope="module")
def errors(server) -> dict[str, Answer]:
    """One answer for everything that can go wrong, by its name."""
    visitor, hasty = Visitor(server), Visitor(server, "198.51.100.3")
    return {
        "302": visitor.ask("/beheer/"),
        "301 to https": visitor.ask("/", **{"X-Forwarded-Proto": "http"}),
        "400": visitor.ask("/?peildatum=2024-02-30"),
        "400 of another host": visitor.ask("/", Host="elders.example"),
        "400 of a suspicion": visitor.ask("/verdacht/"),
        "403": visitor.ask("/mag-niet/"),
        "403 without a token": visitor.ask("/formulier/", "POST", {}),
        "404": visitor.ask("/bestaat-niet/"),
        "404 of what is no page": visitor.ask("/.git/config"),
        "404 of a folder": visitor.ask("/static/css/"),
        "404 of the API": visitor.ask(f"{API}/bestaat-niet"),
        "405": visitor.ask("/health/live", "POST", {}),
        "405 of TRACE": visitor.ask("/", "TRACE"),
        "405 of the API": visitor.ask(f"{API}/maatregelen", "DELETE"),
        "406 of the API": visitor.ask(f"{API}/maatregelen", Accept="text/html"),
        "410": visitor.ask(server.withdrawn),
        "429": [hasty.ask("/beheer/login/", "POST", {}) for _ in range(6)][-1],
        "500": visitor.ask("/stuk/"),
        "503": visitor.ask("/weg/"),
        "health": visitor.ask("/health/live"),
        "ready": visitor.ask("/health/ready"),
        "a static file": visitor.ask("/static/css/site.css"),
        "a static picture": visitor.ask("/static/icon.svg"),
        "no static file": visitor.ask("/static/bestaat-niet.css"),
    }


@pytest.fixture(scope="module")
def rest(server, public, staff) -> dict[str, Answer]:
    """What no link led to, by the name of its pattern."""
    boss = Visitor(server, "198.51.100.4")
    boss.log_in("baas")
    reached = {kind_of(urlsplit(answer.address).path) for answer in [*public, *staff]}
    return {
        name: boss.ask(fitting(name, pattern))
        for name, pattern in patterns()
        if name not in reached
    }


@pytest.fixture(scope="module")
def everything(public, staff, errors, rest) -> list[Answer]:
    return [*public, *staff, *errors.values(), *rest.values()]


def test_this_looks_at_all_that_can_go_wrong(errors):
    for name, answer in errors.items():
        status = name[:3] if name[:3].isdigit() else {"no static file": "404"}.get(name, "200")
        assert str(answer.status) == status, name


def test_this_looks_at_every_kind_of_answer(public, staff, rest):
    """What no link leads to is asked for too, with whatever fits its pattern."""
    well = {kind_of(urlsplit(answer.address).path) for answer in public if answer.status == 200}

    assert len(well) > 60
    assert len([answer for answer in staff if answer.status == 200]) > 100
    assert {kind for kind, answer in rest.items() if answer.status >= 500} == set()


def patterns(found=None, namespace=""):
    """(name, pattern) of every address that has a name."""
    for one in get_resolver("kwalibo.urls").url_patterns if found is None else found:
        if isinstance(one, URLPattern):
            if one.name:
                yield f"{namespace}{one.name}", one
        else:
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from patterns(one.url_patterns, inner)


# Something that fits each part of a pattern, by its name.
FITS = {
    "object_id": "1",
    "pk": 1,
    "key": "1",
    "number": 1,
    "name": "x",
    "app_label": "measures",
    "public_id": "00000000-0000-0000-0000-000000000000",
    "content_type_id": 1,
    "url": "x",
    "nummer": 1,
    "subscription": 1,
    "section": "maatregelen",
    "entry": 1,
}


def fitting(name: str, pattern: URLPattern) -> str:
    """An address that this pattern answers, if only with a 404."""
    parts = pattern.pattern.regex.groupindex
    return reverse(name, "kwalibo.urls", kwargs={part: FITS.get(part, "x") for part in parts})


def policy_of(answer: Answer) -> dict[str, set[str]]:
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";")]
    return {name: set(values) for name, *values in filter(None, parts)}


def test_every_answer_has_a_policy_without_a_hole(everything):
    for answer in everything:
        told = answer.headers["Content-Security-Policy"] or ""
        assert "unsafe" not in told, answer.address
        assert "http" not in told, answer.address
        policy = policy_of(answer)
        assert policy["default-src"] == {"'none'"}, answer.address
        if "sandbox" in policy:
            # A sandbox without exceptions: no script, no form, an origin of its own.
            assert policy["sandbox"] == set(), answer.address
            continue
        for name in ("object-src", "base-uri"):
            assert policy[name] == {"'none'"}, answer.address
        assert policy["form-action"] <= {"'self'", "'none'"}, answer.address
        scripts = {"'self'", *re.findall(r"'nonce-[^']+'", told)}
        assert policy.get("script-src", set()) <= scripts, answer.address
        framed_by = {"*"} if answer.address.endswith("/insluiten/") else {"'none'"}
        assert policy["frame-ancestors"] == framed_by, answer.address


def test_every_answer_has_every_other_header(everything):
    for answer in everything:
        headers = answer.headers
        assert (
            headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
            or (
                # Over a line without HTTPS a browser would not believe it.
                answer.status == 301 and answer.headers["Location"].startswith("https://")
            )
            or answer.address.startswith("/health/")
        ), answer.address
        assert headers["X-Content-Type-Options"] == "nosniff", answer.address
        assert headers["Referrer-Policy"] in ("same-origin", "no-referrer"), answer.address
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", answer.address
        assert headers["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin")
        assert "camera=()" in headers["Permissions-Policy"], answer.address


def test_no_answer_tells_what_runs_here(everything):
    for answer in everything:
        assert answer.headers["Server"] == "web", answer.address
        assert "X-Powered-By" not in answer.headers
        assert "Via" not in answer.headers


def test_every_cookie_is_bound_to_this_host_and_out_of_reach_of_scripts(everything):
    seen = set()
    for answer in everything:
        for cookie in answer.cookies:
            for name, morsel in cookie.items():
                if morsel["max-age"] == "0":
                    continue  # One that is taken away.
                seen.add(name)
                assert name.startswith("__Host-"), name
                assert morsel["secure"], name
                assert morsel["httponly"], name
                assert morsel["samesite"] in ("Lax", "Strict"), name
                assert morsel["path"] == "/", name
                assert not morsel["domain"], name
    assert {"__Host-sessionid", "__Host-csrftoken"} <= seen


def test_no_public_answer_sets_a_cookie(public):
    assert [answer.address for answer in public if answer.cookies] == []


def test_no_cache_keeps_a_screen_of_staff(staff):
    for answer in staff:
        if kind_of(urlsplit(answer.address).path) != "admin:jsi18n":
            assert "no-store" in answer.headers["Cache-Control"], answer.address


def test_every_screen_has_a_button_to_log_out(staff):
    for answer in staff:
        is_screen = answer.status == 200 and answer.media_type == "text/html"
        if is_screen and answer.address != "/beheer/login/":
            assert 'action="/beheer/logout/"' in answer.text, answer.address


CODE = ("javascript:", "vbscript:", "data:")


class Inline(HTMLParser):
    """What a page may not hold: styles and scripts of its own, and addresses that are code."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if tag == "style":
            self.found.append("<style>")
        if (
            tag == "script"
            and "src" not in told
            and told.get("type") not in ("application/ld+json", "application/json")
        ):
            self.found.append("<script>")
        for name, value in told.items():
            if name == "style" or name.startswith("on"):
                self.found.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction") and (
                value or ""
            ).strip().lower().startswith(("javascript:", "vbscript:", "data:")):
                self.found.append(f"{tag} {name}={value}")


def test_no_page_holds_a_style_or_script_of_its_own(everything):
    pages = [answer for answer in everything if answer.media_type == "text/html"]
    assert len(pages) > 100
    for page in pages:
        reader = Inline()
        reader.feed(page.text)
        assert not reader.found, f"{page.address}: {reader.found}"


def test_every_text_says_how_it_is_written(everything):
    for answer in everything:
        kind = answer.headers["Content-Type"] or ""
        is_text = kind.startswith("text/") or answer.media_type.endswith(("+xml", "/xml"))
        # A static picture is sent as it is; XML without a word is UTF-8.
        if is_text and answer.body and not answer.address.startswith("/static/icon"):
            told = kind.lower().replace('"', "")
            assert "charset=utf-8" in told, f"{answer.address}: {kind}"
