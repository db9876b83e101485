"""The site map and what robots are told."""

import re
from datetime import date
from urllib.robotparser import RobotFileParser

import pytest
import time_machine
from lxml import etree

from measures import sitemap
from measures.models import Status
from tests.factories import CONCEPT, make_measure, make_motion, make_party, report
from tests.metadata.test_head import meta

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("crawl")]
NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def locations(client, address: str) -> list[str]:
    """The paths that a file of the site map names."""
    response = client.get(address)
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    found = [loc.text for loc in etree.fromstring(response.content).iter(f"{NS}loc")]
    assert all(loc.startswith("https://kwalibo.example/") for loc in found)
    return [loc.removeprefix("https://kwalibo.example") for loc in found]


def listed(client) -> set[str]:
    files = locations(client, "/sitemap.xml")
    return {path for file in files for path in locations(client, file)}


def test_the_site_map_names_every_page_that_search_engines_may_have(client, whole_site):
    """A new page without parameters belongs in PAGES of measures/sitemap.py."""
    reached = {
        address
        for address, text in whole_site.items()
        if "noindex" not in meta(text, "robots") and "?" not in address
    }
    # Parts of a page that is named: what a letter told of a measure, one update, one picture.
    parts = r"/kamerbrieven/.*/maatregelen/|/maatregelen/\d+/standen/|/beelden/maatregel-\d+/"
    reached = {path for path in reached if not re.match(parts, path)}

    assert listed(client) == reached


def test_only_what_is_public_is_named(client):
    make_measure("Open")
    hidden = make_measure("Dicht", publication=CONCEPT)
    make_party(slug="geheim", publication=CONCEPT)
    make_motion(slug="stil", publication=CONCEPT)

    paths = listed(client)

    assert hidden.get_absolute_url() not in paths
    assert not [path for path in paths if "geheim" in path or "stil" in path]


def test_a_measure_changed_when_something_of_it_last_became_public(client):
    with time_machine.travel("2024-01-01T12:00Z", tick=False):
        measure = make_measure()
    with time_machine.travel("2024-03-05T12:00Z", tick=False):
        report(measure, Status.PLANNED, on=date(2024, 2, 1))
    with time_machine.travel("2024-04-01T12:00Z", tick=False):
        report(measure, Status.IMPLEMENTED, on=date(2024, 4, 1), publication=CONCEPT)

    page = client.get("/sitemap/maatregelen-1.xml").text

    assert "<lastmod>2024-03-05T13:00:00+01:00</lastmod>" in page


def test_ten_thousand_measures_are_three_files_and_few_queries(
    client, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(sitemap, "PER_FILE", 5)
    for _ in range(12):
        make_measure()

    with django_assert_num_queries(len(sitemap.SECTIONS)):
        files = locations(client, "/sitemap.xml")
    with django_assert_num_queries(1):
        third = locations(client, "/sitemap/maatregelen-3.xml")

    assert [file for file in files if "maatregelen" in file] == [
        f"/sitemap/maatregelen-{number}.xml" for number in (1, 2, 3)
    ]
    assert len(third) == 2


@pytest.mark.parametrize(
    "address",
    [
        "/sitemap/maatregelen-0.xml",
        "/sitemap/maatregelen-2.xml",
        "/sitemap/paginas-2.xml",
        "/sitemap/anders-1.xml",
        "/sitemap/maatregelen-999999999999999999999999.xml",
    ],
)
def test_a_file_that_is_not_there_is_a_404(client, address):
    make_measure()

    assert client.get(address).status_code == 404


def allowed(rules: str, path: str) -> bool:
    """Whether a robot may come here, with the wildcards of RFC 9309."""
    forbidden = re.findall(r"^Disallow: (\S+)", rules, re.MULTILINE)
    patterns = [re.escape(rule).replace(r"\*", ".*") for rule in forbidden]
    return not any(re.match(pattern, path) for pattern in patterns)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", True),
        ("/maatregelen/?pagina=2", True),
        ("/maatregelen/7/?peildatum=2024-12-31", True),
        ("/voorbeeld/maatregel-7.png", True),
        ("/beheer/", False),
        ("/inbreng/", False),
        ("/maatregelen/?status=gepland", False),
        ("/maatregelen/?peildatum=2024-12-31&datum=nadert", False),
        ("/vergelijken/?van=2024-01-01&tot=2025-01-01", False),
    ],
)
def test_robots_stay_out_of_closed_doors_and_endless_choices(client, path, expected):
    response = client.get("/robots.txt")

    assert response.headers["Content-Type"].startswith("text/plain")
    assert allowed(response.text, path) is expected
    assert "Sitemap: https://kwalibo.example/sitemap.xml" in response.text


def test_an_old_robot_can_read_it_too(client):
    parser = RobotFileParser()
    parser.parse(client.get("/robots.txt").text.splitlines())

    assert not parser.can_fetch("robot", "https://kwalibo.example/beheer/")
    assert parser.can_fetch("robot", "https://kwalibo.example/maatregelen/")
