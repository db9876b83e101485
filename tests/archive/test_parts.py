"""Which addresses belong in a copy, under which names, and what happens to the links of a page."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwalibo.archive.addresses import Address, Off, Outside, Scope, file_of
from kwalibo.archive.markup import Rewriter
from kwalibo.archive.writing import relative

SITE = "https://voorbeeld.example"
TODAY = date(2026, 11, 25)
NOW = Scope(SITE, None, TODAY)
THEN = Scope(SITE, date(2024, 12, 31), TODAY)


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/maatregelen/", Address("/maatregelen/")),
        ("?pagina=2", Address("/moties/", (("pagina", "2"),))),
        ("../partijen/ilt/#top", Address("/partijen/ilt/")),
        (f"{SITE}/maatregelen/7/", Address("/maatregelen/7/")),
        (
            "/maatregelen/?status=gepland&pagina=3",
            Address("/maatregelen/", (("pagina", "3"), ("status", "gepland"))),
        ),
        ("/vergelijken/?van=a&tot=b", Address("/vergelijken/", (("tot", "b"), ("van", "a")))),
        ("/maatregelen/?peildatum=2026-11-25", Address("/maatregelen/")),
        ("/bewijsstukken/1/caf%C3%A9.txt", Address("/bewijsstukken/1/café.txt")),
        ("", Address("/moties/")),
    ],
)
def test_a_link_to_a_page_of_ours_is_read(link, address):
    assert NOW.read(link, f"{SITE}/moties/") == address


@pytest.mark.parametrize(
    "link",
    [
        "/beheer/",
        "/inbreng/1/",
        "/api/v1/measures",
        "/zoeken/?q=a",
        "/klopt-dit-niet/?over=maatregel-7",
        "/maatregelen/?q=protocol",
        "/maatregelen/?status=gepland&sorteer=titel",
        "/maatregelen/?peildatum=2024-12-31",
        "/maatregelen/?bekend_op=2026-11-25",
        "/a/%2e%2e/b/",
        "/a//b/",
        "/a%00b/",
    ],
)
def test_what_needs_a_server_or_has_no_end_is_off(link):
    with pytest.raises(Off):
        NOW.read(link, f"{SITE}/moties/")


@pytest.mark.parametrize(
    "link",
    ["https://elders.example/", "mailto:a@b.example", "data:image/png;base64,AA", "http://["],
)
def test_a_link_to_somewhere_else_stays(link):
    with pytest.raises(Outside):
        NOW.read(link, f"{SITE}/moties/")


def test_a_copy_of_a_day_asks_everything_of_that_day():
    base = f"{SITE}/?peildatum=2024-12-31"
    plain, dated = (THEN.read(link, base) for link in ("/moties/", "/moties/?peildatum=2024-12-31"))

    assert plain == dated == Address("/moties/")
    assert THEN.question(plain) == "/moties/?peildatum=2024-12-31"
    with pytest.raises(Off):
        THEN.read("/moties/?peildatum=2026-11-25", base)


def test_a_comparison_without_an_end_ends_on_the_day_of_the_copy():
    found = THEN.read("/vergelijken/?van=brief-2022", f"{SITE}/")

    assert dict(found.query) == {"van": "brief-2022", "tot": "2024-12-31"}


@pytest.mark.parametrize(
    ("address", "media_type", "file"),
    [
        (Address("/"), "text/html", "index.html"),
        (Address("/maatregelen/7/"), "text/html", "maatregelen/7/index.html"),
        (Address("/about"), "text/html", "about/index.html"),
        (Address("/m/", (("pagina", "2"),)), "text/html", "m/index--pagina-2.html"),
        (Address("/m.csv", (("status", "gepland"),)), "text/csv", "m--status-gepland.csv"),
        (Address("/volgen/alles/"), "application/atom+xml", "volgen/alles/index.atom"),
        (Address("/beeld/status"), "image/svg+xml", "beeld/status.svg"),
        (Address("/.well-known/x"), "text/plain", ".well-known/x.txt"),
        (Address("/sitemap.xml"), "application/xml", "sitemap.xml"),
    ],
)
def test_every_address_has_a_file_with_an_ending(address, media_type, file):
    assert file_of(address, media_type) == file


def test_a_query_that_fits_no_file_name_gets_a_mark_and_none_are_confused():
    odd = [Address("/m/", (("partij", value),)) for value in ("É/..", "E/..", "e-", "e-" * 99)]

    names = {file_of(address, "text/html") for address in odd}

    assert len(names) == 4
    assert all(name.startswith("m/index--") and name.count("/") == 1 for name in names)


def test_the_way_from_file_to_file():
    assert relative("moties/index.html", "maatregelen/7/index.html") == "../../moties/index.html"
    assert relative("index.html", "index.html") == "index.html"
    assert relative("b/café #1.txt", "b/index.html") == "caf%C3%A9%20%231.txt"


# Pages.


def rewritten(html, **there):
    """The page in a copy that has the addresses of `there`, by the name of their file."""

    def resolve(link):
        if link.startswith("http"):
            return None
        return there[link.strip("/")]

    return Rewriter(resolve, banner="[banner]", notice="[formulier]").rewrite(html)


def test_links_point_at_files_and_what_is_not_there_becomes_text():
    page = (
        '<a class="x" id="y" rel="next" href="/hier/">Hier</a> '
        '<a id="z" href="/weg/">Weg &amp; zo</a>'
    )

    assert rewritten(page, hier="../hier/index.html#a&b") == (
        '<a class="x" id="y" rel="next" href="../hier/index.html#a&amp;b">Hier</a> '
        '<span id="z" class="site-archive-off">Weg &amp; zo</span>'
    )


def test_links_elsewhere_within_the_page_and_for_machines_stay():
    page = (
        '<link rel="canonical" href="/zelf/"><link rel="alternate" href="https://a.example/feed">'
        '<a href="#inhoud">Naar de inhoud</a><a href="https://a.example/">A</a><a id="b">B</a>'
    )

    assert rewritten(page) == page


def test_what_only_hurries_a_server_and_feeds_that_are_not_there_are_left_out():
    page = '<link rel="preload" href="/hier/"><link rel="alternate" href="/weg/"><p>Tekst</p>'

    assert rewritten(page, hier="hier") == "<p>Tekst</p>"


def test_a_form_becomes_a_notice_and_in_the_header_nothing():
    page = (
        '<body><header><form action="/zoeken/"><input name="q"></form></header>'
        '<main><form method="post"><p><a href="/weg/">x</a></p></form></main></body>'
    )

    assert rewritten(page) == ("<body><header></header>[banner]<main>[formulier]</main></body>")


def test_what_is_for_the_live_site_alone_goes_with_all_that_is_in_it():
    page = "<div data-live><div><form></form></div>Weg</div><br data-live><p>Blijft</p>"

    assert rewritten(page) == "<br data-live><p>Blijft</p>"


def test_a_page_without_a_header_has_the_banner_at_its_beginning():
    assert rewritten('<body class="a"><p>x</p></body>') == '<body class="a">[banner]<p>x</p></body>'


def test_drawings_scripts_and_comments_stay_byte_for_byte():
    page = (
        '<svg viewBox="0 0 1 1"><linearGradient id="a"/><use href="#a"/></svg>'
        '<script type="application/ld+json">{"a": "<a href=/weg/>", "b": "</p>"}</script>'
        "<!-- <a href='/weg/'> --><p title='a > b'>1 < 2</p>"
    )

    assert rewritten(page) == page


@given(st.text(alphabet="<>/a b=\"'!-p\n", max_size=60))
def test_whatever_a_page_holds_nothing_breaks(html):
    rewritten(html, a="a", b="b")
