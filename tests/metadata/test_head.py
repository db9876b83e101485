"""What machines read in the head of a page."""

import json
import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from measures import moments
from measures.metadata import addresses
from measures.models import Status
from parties.models import Party
from tests.factories import make_letter, make_measure, make_moment, make_motion, make_party, report

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("crawl")]


def meta(text: str, name: str) -> str:
    found = re.search(rf'<meta (?:name|property)="{name}" content="([^"]*)"', text)
    return unescape(found[1]) if found else ""


def canonical(text: str) -> str:
    found = re.search(r'<link rel="canonical" href="([^"]*)"', text)
    return unescape(found[1]) if found else ""


def json_ld(text: str) -> list[dict]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return [json.loads(block) for block in found]


def of_type(text: str, kind: str) -> dict:
    """The object of this type on the page, also one that lies inside another."""

    def within(data):
        if isinstance(data, list):
            return next((hit for part in data if (hit := within(part))), None)
        if isinstance(data, dict):
            if kind in (data.get("@type"), *(data.get("@type") or [])):
                return data
            return within(list(data.values()))
        return None

    found = within(json_ld(text))
    assert found, f"no {kind}"
    return found


@pytest.mark.parametrize(
    ("asked", "one"),
    [
        ("/maatregelen/", "/maatregelen/"),
        ("/maatregelen/?pagina=1", "/maatregelen/"),
        ("/maatregelen/?pagina=2", "/maatregelen/?pagina=2"),
        ("/maatregelen/?utm_source=brief", "/maatregelen/"),
        ("/tijdlijn/?pagina=2", "/tijdlijn/"),
        ("/maatregelen/?peildatum=2024-12-31", "/maatregelen/?peildatum=2024-12-31"),
        (
            "/maatregelen/?bekend_op=2025-06-30&x=1&peildatum=2024-12-31",
            "/maatregelen/?peildatum=2024-12-31&bekend_op=2025-06-30",
        ),
    ],
)
def test_every_page_has_one_address(client, asked, one):
    for _ in range(26):
        make_measure(added_on=date(2024, 1, 1))

    page = client.get(asked, headers={"host": "127.0.0.1"}).text

    assert canonical(page) == meta(page, "og:url") == f"https://kwalibo.example{one}"


@pytest.mark.parametrize(
    ("asked", "robots"),
    [
        ("/", ""),
        ("/maatregelen/?pagina=1", ""),
        ("/maatregelen/?status=gepland", "noindex, follow"),
        ("/maatregelen/?q=", "noindex, follow"),
        ("/maatregelen/?status=bestaat-niet", "noindex, follow"),
        ("/maatregelen/?peildatum=2024-12-31", "noindex, nofollow"),
        ("/maatregelen/?peildatum=2024-12-31&status=gepland", "noindex, nofollow"),
        ("/maatregelen/?pagina=99", "noindex"),
        ("/?peildatum=2024-02-30", "noindex"),
        ("/bestaat-niet/", "noindex"),
    ],
)
def test_search_engines_get_the_state_of_now_and_no_choices(client, asked, robots):
    assert meta(client.get(asked).text, "robots") == robots


def test_a_chosen_list_and_an_error_have_no_address_to_pass_on(client):
    for address in ("/maatregelen/?status=gepland", "/bestaat-niet/", "/maatregelen/?pagina=9"):
        assert not canonical(client.get(address).text), address


def test_a_preview_tells_title_status_and_picture(client):
    desk = make_measure("Een loket voor ‘moeilijke’ vragen")
    report(desk, Status.PLANNED, on=date(2024, 1, 1))

    page = client.get(desk.get_absolute_url()).text

    assert meta(page, "og:title") == f"{desk.code} Een loket voor ‘moeilijke’ vragen"
    assert "Status: gepland" in meta(page, "og:description")
    assert meta(page, "og:image") == (
        f"https://kwalibo.example/voorbeeld/maatregel-{desk.number}.png"
    )
    assert meta(page, "og:image:alt").endswith("Gepland.")
    assert "twitter:" not in page


def test_the_picture_of_a_past_day_is_of_that_day(client):
    desk = make_measure(added_on=date(2024, 1, 1))

    page = client.get(f"{desk.get_absolute_url()}?peildatum=2024-06-01").text

    assert meta(page, "og:image").endswith(".png?peildatum=2024-06-01")


def test_every_picture_that_a_page_names_is_there(client, whole_site):
    named = {
        meta(text, "og:image").removeprefix("https://kwalibo.example")
        for text in whole_site.values()
    }

    assert len(named - {""}) > 15
    for address in named - {""}:
        assert client.get(address).headers["Content-Type"] == "image/png", address


def test_no_text_of_ours_ends_a_block_of_data(client):
    evil = make_measure("Einde </script><script>alert(1)</script> & <!-- begin")

    page = client.get(evil.get_absolute_url()).text

    assert "<script>alert(1)" not in page
    assert of_type(page, "WebPage")["name"] == f"{evil.code} {evil.title}"


def test_structured_data_says_what_the_site_is(client):
    page = client.get("/").text

    site = of_type(page, "WebSite")
    assert site["url"] == "https://kwalibo.example/"
    assert site["publisher"]["@type"] == "GovernmentOrganization"


def test_a_breadcrumb_is_data_too(client):
    desk = make_measure()

    trail = of_type(client.get(desk.get_absolute_url()).text, "BreadcrumbList")

    assert [item["name"] for item in trail["itemListElement"]] == [
        "Overzicht",
        "Maatregelen",
        desk.code,
    ]
    assert trail["itemListElement"][1]["item"] == "https://kwalibo.example/maatregelen/"
    assert "item" not in trail["itemListElement"][2]


def test_the_list_of_measures_is_a_dataset_with_its_files(client):
    data = of_type(client.get("/maatregelen/").text, "Dataset")

    assert "publicdomain/zero" in data["license"]
    for file in data["distribution"]:
        path = file["contentUrl"].removeprefix("https://kwalibo.example")
        assert client.get(path).status_code == 200


def test_a_letter_is_a_work_with_only_what_is_known(client):
    make_letter("Met nummer", dossier="30015", paper_number="104", date=date(2022, 4, 4))
    make_letter("Zonder", date=date(2025, 4, 29), date_text="uiterlijk 29 april 2025")

    page = client.get("/kamerbrieven/").text

    letters = {work["name"]: work for work in of_type(page, "CollectionPage")["hasPart"]}
    assert letters["Met nummer"]["identifier"] == "kst-30015-104"
    assert not {"identifier", "datePublished"} & letters["Zonder"].keys()


def test_what_a_letter_told_is_a_report_with_its_files(client, django_user_model):
    make_measure(added_on=date(2024, 1, 1))
    moment = make_moment("De slotbrief", on=date(2025, 1, 1))
    someone = django_user_model.objects.create(username="wil")
    made = moments.freeze(moment, by=someone, reason_for=lambda row: "Zo is het.")
    moments.render_files(made)
    moments.release(moment)

    told = of_type(client.get(f"/kamerbrieven/{moment.slug}/").text, "Report")

    assert told["temporalCoverage"] == "2025-01-01"
    assert told["isBasedOn"]["name"] == moment.letter.title
    assert len(told["encoding"]) > 5


def test_a_motion_names_who_proposed_it(client):
    motion = make_motion("Motie over de proef", proposers=[("Moorlag", "PvdA")])

    work = of_type(client.get(motion.get_absolute_url()).text, "CreativeWork")

    assert work["author"] == [{"@type": "Person", "name": "Moorlag"}]


@pytest.mark.parametrize(
    ("kind", "sector", "expected"),
    [
        (Party.Kind.SUPERVISOR, Party.Sector.PUBLIC, "GovernmentOrganization"),
        (Party.Kind.TRADE_ASSOCIATION, Party.Sector.PRIVATE, "Organization"),
        (Party.Kind.EVALUATOR, Party.Sector.OTHER, None),
    ],
)
def test_a_party_is_called_an_organisation_only_when_it_surely_is(client, kind, sector, expected):
    party = make_party(kind=kind, sector=sector)

    about = json_ld(client.get(party.get_absolute_url()).text)[0].get("about", {})

    assert about.get("@type") == expected


def test_an_address_that_is_our_reading_is_not_told_as_fact(client):
    party = make_party(website="https://rva.example/", website_certainty="afgeleid")

    assert "url" not in of_type(client.get(party.get_absolute_url()).text, "Organization")


def test_a_head_without_a_request_is_silent():
    text = Template('{% include "components/head.html" %}').render(Context({}))

    assert not text.strip()


def test_every_parameter_of_a_link_or_form_is_a_choice_or_kept(whole_site):
    """Add a new filter to CHOICES in measures/metadata/addresses.py: robots stay out of it."""
    known = {*addresses.CHOICES, addresses.PAGE, "peildatum", "bekend_op"}
    found = {}
    for address, text in whole_site.items():
        names = []
        for query in re.findall(r'href="[./?]?[^"#:]*\?([^"#]*)"', text):
            names += re.findall(r"(?:^|&(?:amp;)?)([\w-]+)=", query)
        for form in re.findall(r'<form[^>]*method="get".*?</form>', text, re.DOTALL):
            names += re.findall(r'name="([\w-]+)"', form)
        found |= dict.fromkeys(names, address)

    assert len(found) > 5
    assert not {name: found[name] for name in found.keys() - known}


def test_the_head_asks_the_database_nothing(client, monkeypatch):
    desk = make_measure()
    # Who reads first after a change finds what is kept for who reads then.
    client.get(desk.get_absolute_url())

    with CaptureQueriesContext(connection) as with_head:
        client.get(desk.get_absolute_url())
    monkeypatch.setattr("measures.metadata.of_page", lambda *args: None)
    with CaptureQueriesContext(connection) as without:
        client.get(desk.get_absolute_url())

    assert len(with_head) == len(without)
