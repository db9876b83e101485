"""What the words mean, where the figures come from, and what is not known."""

from datetime import date

import pytest

from measures.models import GlossaryTerm, Statement
from parties.certainty import Certainty
from parties.publication import Publication
from tests.factories import CONCEPT, make_measure, make_source

pytestmark = pytest.mark.django_db
Topic = Statement.Topic


def make_term(term, **values):
    values = {
        "slug": term.lower().replace(" ", "-"),
        "definition": f"Betekenis van {term}.",
        "publication": Publication.PUBLIC,
    } | values
    return GlossaryTerm.objects.create(term=term, **values)


def state(text, topic=Topic.DIFFERENCE, *, sources=(), **values):
    values = {
        "key": f"u-{Statement.objects.count()}",
        "certainty": Certainty.STATED,
        "publication": Publication.PUBLIC,
        "position": Statement.objects.count(),
    } | values
    statement = Statement.objects.create(text=text, topic=topic, **values)
    statement.sources.set(sources)
    return statement


# Begrippen


def test_terms_stand_in_the_order_of_a_dictionary(client):
    for term in ["BRL", "AP04", "bodemsignaal", "Accreditatie", "Bbk"]:
        make_term(term)

    page = client.get("/begrippen/").text

    order = ["Accreditatie", "AP04", "Bbk", "bodemsignaal", "BRL"]
    assert sorted(order, key=lambda term: page.index(f">{term}</dt>")) == order


def test_every_letter_leads_to_its_words(client):
    make_term("Accreditatie")
    make_term("BRL")

    page = client.get("/begrippen/").text

    for letter in "ab":
        assert f'href="#letter-{letter}"' in page
        assert f'id="letter-{letter}"' in page


def test_a_term_has_an_address_and_its_sources(client):
    term = make_term("Normdocument", certainty=Certainty.INFERRED)
    term.sources.set([make_source("Staatscourant")])

    page = client.get("/begrippen/").text

    assert term.get_absolute_url() == "/begrippen/#normdocument"
    assert '<dt id="normdocument">' in page
    assert "Staatscourant" in page
    assert "Onze lezing" in page


@pytest.mark.parametrize("number", [1, 30])
def test_the_glossary_takes_two_queries(client, django_assert_num_queries, number):
    for n in range(number):
        make_term(f"Woord {n}").sources.set([make_source()])

    with django_assert_num_queries(2):
        client.get("/begrippen/")


# Verantwoording


def test_the_page_says_that_the_ministry_reports_on_itself(client):
    page = client.get("/verantwoording/").text

    assert "vertelt het zelf hoe ver het is" in page
    for words in ["Vermeld", "Onze lezing", "Onbekend"]:
        assert words in page


def test_what_we_count_stands_beside_what_the_sources_say(client):
    make_measure()
    make_measure()
    make_measure(publication=CONCEPT)
    state("circa 40", Topic.TOTAL, sources=[make_source("Nieuwsbericht")])
    state("", Topic.NUMBERING, certainty=Certainty.UNKNOWN)

    page = client.get("/verantwoording/").text

    assert "Dat zijn er nu <strong>2</strong>." in page
    assert "Circa 40" in page
    assert "Nieuwsbericht" in page
    assert "Wij kennen hiervoor geen bron." in page


def test_statements_stand_under_their_subject(client):
    state("Drie of vier hoofdlijnen.", Topic.DIFFERENCE)
    state("De brief zelf.", Topic.NOT_FOUND)
    state("Handhavingskader.", Topic.TOPIC_2021)
    state("Bodemdagen.", Topic.RELATED)
    state("Motie 1 van 2.", Topic.MOTIONS)

    page = client.get("/verantwoording/").text

    order = [
        "Motie 1 van 2.",
        'id="verschillen"',
        "Drie of vier hoofdlijnen.",
        'id="niet-gevonden"',
        "De brief zelf.",
        'id="aandachtspunten"',
        "Het zijn geen maatregelen.",
        "Handhavingskader.",
        'id="verwant"',
        "Bodemdagen.",
    ]
    assert sorted(order, key=page.index) == order


def test_every_topic_has_a_place_on_the_page(client):
    for topic in Topic:
        state(f"Uitspraak over {topic.value}.", topic)

    page = client.get("/verantwoording/").text

    assert all(f"Uitspraak over {topic.value}." in page for topic in Topic)


def test_statements_with_the_same_source_share_one_line_of_sources(client):
    blog = make_source("Weblog")
    state("Eerste punt.", Topic.TOPIC_2021, sources=[blog])
    state("Tweede punt.", Topic.TOPIC_2021, sources=[blog])
    state("Derde punt.", Topic.TOPIC_2021, sources=[make_source("Elders")])

    page = client.get("/verantwoording/").text
    points = page[page.index('id="aandachtspunten"') : page.index('id="verwant"')]

    assert points.count("Weblog") == 1
    assert points.count("Elders") == 1


def test_a_source_has_an_address_citation_link_and_remark(client):
    source = make_source(
        "Plan van aanpak",
        key="S04",
        date=date(2022, 4, 4),
        date_precision="dag",
        paper="30015-104",
        url="https://example.org/plan",
        remark="Alleen het begin gelezen.",
    )

    page = client.get("/verantwoording/").text

    assert source.get_absolute_url() == "/verantwoording/#s04"
    assert '<li id="s04">' in page
    assert (
        '<a href="https://example.org/plan">Plan van aanpak, Kamerstuk 30015-104, 4 april 2022</a>'
        in page
    )
    assert "Alleen het begin gelezen." in page


@pytest.mark.parametrize("number", [1, 30])
def test_the_accountability_takes_four_queries(client, django_assert_num_queries, number):
    for n in range(number):
        state(f"Verschil {n}.", sources=[make_source()])
        make_measure()

    with django_assert_num_queries(4):
        client.get("/verantwoording/")


@pytest.mark.parametrize(
    ("title", "paper", "citation"),
    [
        ("Plan", "30015-104", "Plan, Kamerstuk 30015-104, 4 april 2022"),
        ("Wet", "Stb. 2006, 308", "Wet, Stb. 2006, 308, 4 april 2022"),
        ("Inbreng", "2022D21051", "Inbreng, 2022D21051, 4 april 2022"),
        ("Brief van 4 april 2022", "", "Brief van 4 april 2022"),
        ("Inbreng 2022D21051", "2022D21051", "Inbreng 2022D21051, 4 april 2022"),
    ],
)
def test_a_citation_says_everything_once(title, paper, citation):
    source = make_source(title, paper=paper, date=date(2022, 4, 4), date_precision="dag")

    assert source.citation == citation
