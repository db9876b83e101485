"""Everything that we wrote for the public is plain Dutch (B1): the rules of docs/taal.md.

Names of laws, titles of measures and words of sources are not ours and are left out.
"""

import re
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from measures.loading import SHIPPED, load, reconstructions

from . import reading
from .marking import END, START, marked

ROOT = Path(__file__).resolve().parents[2]
# Pages that no link leads to, or that look different there.
ALSO = [
    "/?peildatum=2023-06-30&bekend_op=2024-01-01",
    "/maatregelen/7/?peildatum=2024-12-31",
    "/maatregelen/?status=bestaat-niet&q=niets",
    "/maatregelen/?q=nietsgevonden",
    "/maatregelen/?pagina=99",
    "/zoeken/?q=normdocumenten",
    "/zoeken/?q=nietsgevonden",
    "/klopt-dit-niet/?over=maatregel-999",
    "/volgen/?maatregel=99",
    "/volgen/gevraagd/",
    "/volgen/beheren/bestaat-niet/",
    "/tijdlijn/?peildatum=2020-01-01",
    "/vergelijken/?van=brief-2022-04-04",
    "/vergelijken/?van=2026-01-01&tot=2022-01-01",
    "/?peildatum=2024-02-30",
    "/bestaat-niet/",
]
# How many pages of one kind are read: they differ in what is known.
OF_A_KIND = 3
# Templates and modules for staff have readers of their own.
STAFF_TEMPLATES = ("admin", "registration", "contributions")
# Sent, or shown when nothing works: their source is read.
NOT_RENDERED = ("mail/*", "403*.html", "500.html", "503.html")
STAFF_MODULES = ("admin", "migrations", "management", "spreadsheet", "desk", "loading")
# And what speaks to programmers, or to who runs the site.
STAFF_MODULES += ("api", "operations", "component_page.py")

_pages: dict[str, list[reading.Sentence]] = {}


@pytest.fixture
def pages(db, client) -> dict[str, list[reading.Sentence]]:
    """The sentences that we wrote on every page, once each, by the kind of page."""
    if not _pages:
        load(SHIPPED)
        reconstructions.finish()
        with marked():
            _pages.update(read_all(client))
    return _pages


def read_all(client) -> dict[str, list[reading.Sentence]]:
    found: dict[str, dict[str, reading.Sentence]] = {}
    number: dict[str, int] = {}
    todo, seen = ["/", *ALSO], {"/", *ALSO}
    while todo:
        address = todo.pop(0)
        kind = kind_of(address)
        if address not in ALSO and number.get(kind, 0) >= OF_A_KIND:
            continue
        response = client.get(address)
        if not response.headers["Content-Type"].startswith("text/html"):
            continue
        number[kind] = number.get(kind, 0) + 1
        for sentence in reading.of_page(response.text, kind):
            found.setdefault(kind, {})[sentence.text] = sentence
        text = response.text.replace(START, "").replace(END, "")
        for link in re.findall(r'href="([^"?#]*)', text):
            target = urldefrag(urljoin(address, link)).url
            closed = urlsplit(target).path.startswith(("/beheer/", "/inbreng/", "/static/"))
            if target not in seen and not urlsplit(target).netloc and not closed:
                seen.add(target)
                todo.append(target)
    return {kind: list(sentences.values()) for kind, sentences in found.items()}


def kind_of(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return "404"


def modules() -> dict[str, list[reading.Sentence]]:
    """The Dutch sentences in the code that answers the public, by module."""
    found = {}
    for package in ("kwalibo", "measures", "parties"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if {*path.parts} & {*STAFF_MODULES} or "admin" in path.name:
                continue
            if sentences := list(reading.of_module(path, name)):
                found[name] = sentences
    return found


def worst(sentences: list[reading.Sentence]) -> str:
    ranked = sorted(sentences, key=lambda sentence: sentence.ease)
    return "\n".join(f"  {s.ease:5.0f}  {s.text}" for s in ranked[:5])


def test_every_page_reads_easily(pages):
    hard = {
        kind: f"{kind}: {reading.ease(sentences):.0f}\n{worst(sentences)}"
        for kind, sentences in pages.items()
        if len(sentences) >= reading.FEWEST and reading.ease(sentences) < reading.FLOOR
    }

    assert len(pages) > 15
    assert not hard, "\n".join(hard.values())


def faults(sentences: list[reading.Sentence]) -> str:
    """What is wrong with sentences one by one."""
    return "\n".join(
        f"{s.where} ({s.words} words, ease {s.ease:.0f}): {s.text}"
        for s in sentences
        if s.words > reading.LONGEST
        or (s.words >= reading.LONG_ENOUGH and s.ease < reading.SENTENCE_FLOOR)
    )


def test_no_sentence_on_a_page_is_long_or_hard(pages):
    wrong = faults([sentence for sentences in pages.values() for sentence in sentences])

    assert not wrong, wrong


def test_texts_in_the_code_are_as_plain_as_the_pages():
    all_of_it = [sentence for sentences in modules().values() for sentence in sentences]

    assert len(all_of_it) > 100
    assert not faults(all_of_it), faults(all_of_it)
    assert reading.ease(all_of_it) >= reading.FLOOR, worst(all_of_it)


def test_mails_and_pages_for_what_goes_wrong_are_plain_too():
    paths = [path for name in NOT_RENDERED for path in sorted((ROOT / "templates").glob(name))]
    all_of_it = [sentence for path in paths for sentence in reading.of_template(path, path.name)]

    assert len(all_of_it) > 10
    assert not faults(all_of_it), faults(all_of_it)
    assert reading.ease(all_of_it) >= reading.FLOOR, worst(all_of_it)


def test_nothing_is_written_in_the_words_of_offices(pages):
    """Also in the corners that no page of the shipped data shows."""
    found = [
        f"{sentence.where}: {sentence.official}: {sentence.text}"
        for sentences in [*pages.values(), *modules().values()]
        for sentence in sentences
        if sentence.official
    ]
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.is_dir() or path.relative_to(ROOT / "templates").parts[0] in STAFF_TEMPLATES:
            continue
        text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", " ", path.read_text())
        official = reading.Sentence(text, path.name).official
        found += [f"{path.relative_to(ROOT)}: {official}"] if official else []

    assert not found, "\n".join(found)


# The measure itself.


def test_the_measure_tells_plain_from_official():
    plain = reading.Sentence("Wij lezen uw brief. U krijgt binnen een week antwoord.", "")
    official = reading.Sentence(
        "Ten behoeve van de implementatie van bovengenoemde verbetermaatregelen dient "
        "derhalve besluitvorming plaats te vinden.",
        "",
    )

    assert plain.ease > 80
    assert official.ease < 30
    assert official.official == ["ten behoeve van", "derhalve"]


def test_what_comes_from_the_data_is_not_held_against_us():
    page = (
        f"<body><main><p>Deze motie is van {START}de leden Dik-Faber en Van Eijs{END}.</p>"
        f"<p>{START}Een zin uit de bron inzake de implementatie.{END}</p>"
        f"{START}<p>En nog een, inzake hetzelfde.</p><p>En nog een derde zin.</p>{END}"
        f"<p>Bron: {START}x; y{END}.</p>"
        '<p lang="en">This is not Dutch.</p><h2>Een kop.</h2></main></body>'
    )

    assert [s.text for s in reading.of_page(page, "")] == ["Deze motie is van dit."]


def test_a_new_page_is_found_by_its_link(pages):
    """Nothing has to be added here for a page: a link to it is enough."""
    assert {"privacy", "accessibility", "contact", "measure", "comparison"} <= pages.keys()
