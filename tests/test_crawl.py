"""Every address that a visitor can reach by links, from the first page on."""

import re
from datetime import date
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from measures import annex, moments
from measures.api import ROOT
from measures.api.resources import RESOURCES
from measures.loading import SHIPPED, load, reconstructions
from measures.models import (
    Commitment,
    Contribution,
    CorrectionProposal,
    Effect,
    Evaluation,
    Finding,
    GlossaryTerm,
    InternalNote,
    Letter,
    Measure,
    Motion,
    ProgressUpdate,
    Provenance,
    Source,
    Statement,
    Status,
    Theme,
    TimelineEvent,
)
from measures.sitemap import SECTIONS
from parties.models import Party
from parties.publication import Publication
from tests.annex.reading import words_in
from tests.factories import CONCEPT, make_evidence, make_measure, make_moment, report, shift

pytestmark = pytest.mark.django_db

# Documents are zip files and PDFs; tests/annex looks inside those.
OPAQUE = (".odt", ".docx", ".pdf", ".xlsx", ".ods", ".zip", ".sqlite", "kwalibo.json")
MARKER = "Zwartemarker"


def crawl(client, start):
    """Yield (address, response) for every address of ours that links lead to."""
    todo, seen = [start], {start}
    while todo:
        address = todo.pop()
        response = client.get(address)
        yield address, response
        if not response.headers["Content-Type"].startswith(("text/html", "application/atom+xml")):
            continue
        for link in re.findall(r'(?:href|src)="([^"]*)"', response.text):
            # A feed is read elsewhere, so its links say where they are.
            link = unescape(link).removeprefix(settings.SITE_URL)
            target = urldefrag(urljoin(address, link)).url
            path = urlsplit(target)
            if path.netloc or path.path.startswith(("/beheer/", "/static/")):
                continue
            if target not in seen and path.path.endswith(OPAQUE) is False:
                seen.add(target)
                todo.append(target)


def hide_the_marker_everywhere():
    """Put the marker in every record that the public may not see, tied to what it may."""
    measure = Measure.objects.get(number=7)
    theme = measure.theme
    who = User.objects.create(username=MARKER, last_name=MARKER)
    for state in (CONCEPT, Publication.WITHDRAWN):
        key = f"{MARKER}-{state}".lower()
        own = {"publication": state, "remark": MARKER}
        source = Source.objects.create(key=key[:20], title=f"{MARKER} {state}", **own)
        party = Party.objects.create(
            name=f"{MARKER} {state}",
            abbreviation=MARKER,
            slug=key,
            kind=Party.Kind.MINISTRY,
            sector=Party.Sector.PUBLIC,
            role=MARKER,
            **own,
        )
        letter = Letter.objects.create(key=key, title=MARKER, summary=MARKER, **own)
        finding = Finding.objects.create(key=key[:20], text=f"{MARKER} {state}", **own)
        motion = Motion.objects.create(slug=key, title=MARKER, request=MARKER, **own)
        commitment = Commitment.objects.create(slug=key, title=MARKER, text=MARKER, **own)
        effect = Effect.objects.create(key=key, title=MARKER, text=MARKER, state="gemeld", **own)
        Evaluation.objects.create(key=key[:20], title=MARKER, author=MARKER, **own)
        GlossaryTerm.objects.create(term=f"{MARKER} {state}", slug=key, definition=MARKER, **own)
        Statement.objects.create(
            key=key, topic=Statement.Topic.NOT_FOUND, text=f"{MARKER} {state}", **own
        )
        TimelineEvent.objects.create(key=key, text=MARKER, paper=MARKER, letter=letter, **own)
        # What is public, tied to what is not.
        for model in (Motion, Commitment):
            public = model.objects.public().first()
            public.fulfilled_by = letter
            public.save()
            public.sources.add(source)
        for model in (Effect, Statement, Evaluation, Finding, GlossaryTerm, TimelineEvent):
            model.objects.public().first().sources.add(source)
        for other in (motion, commitment, effect):
            other.measures.add(measure)
        measure.finding_links.create(finding=finding, remark=MARKER).sources.add(source)
        measure.involvements.create(party=party, role="betrokken", remark=MARKER)
        measure.sources.add(source)
        theme.sources.add(source)
        Measure.objects.filter(number=6).update(lead=party)
        other = Measure.objects.get(number=4)
        report(other, Status.PLANNED, on=date(2026, 1, 1), explanation="Gepland.", letter=letter)
        first = {} if other.deadline else {"is_original": True}
        shift(other, date(2027, 3, 1), on=date(2026, 1, 1), letter=letter, **first)
        Provenance.objects.get(measure=measure, field="deadline").sources.add(source)
        measure.updates.published().first().sources.add(source)
        party.sources.add(source, Source.objects.public().first())
    hidden = make_measure(MARKER, publication=CONCEPT, description=MARKER, theme=theme)
    report(hidden, Status.IMPLEMENTED, on=date(2024, 1, 1), explanation=MARKER)
    hidden.motions.add(Motion.objects.public().first())
    hidden.effects.add(Effect.objects.public().first())
    hidden.finding_links.create(finding=Finding.objects.public().first(), remark=MARKER)
    hidden.involvements.create(party=Party.objects.public().first(), remark=MARKER)
    report(
        measure, Status.IMPLEMENTED, on=date(2026, 1, 1), explanation=MARKER, publication=CONCEPT
    )
    concept = measure.updates.get(publication=CONCEPT)
    withdrawn = report(measure, Status.IMPLEMENTED, on=date(2026, 1, 1), explanation=MARKER)
    public = measure.updates.published().exclude(pk=withdrawn.pk).first()
    link = f"https://voorbeeld.example/{MARKER}"
    for update, visibility in [
        (public, "intern"),
        (concept, "openbaar"),
        (withdrawn, "openbaar"),
        (hidden.updates.get(), "openbaar"),
    ]:
        file = {"name": f"{MARKER}.txt", "content": MARKER.encode(), "visibility": visibility}
        make_evidence(update, MARKER, **file)
        make_evidence(update, MARKER, url=link, visibility=visibility)
    make_evidence(public, "Openbaar verslag", content=b"Wat iedereen mag lezen.")
    withdrawn.withdraw(MARKER)
    InternalNote.objects.create(measure=measure, text=MARKER, author=who)
    public_party = Party.objects.public().first()
    for party in public_party, Party.objects.exclude(publication=Publication.PUBLIC).first():
        Contribution.objects.create(
            measure=measure,
            party=party,
            author=who,
            kind=Contribution.Kind.PROPOSES,
            reporting_date=date(2026, 1, 1),
            explanation=MARKER,
            answer=MARKER,
            url=link,
            # Shown, but by a party that is not public (any more).
            shown_at=None if party.is_public else timezone.now(),
            shown_by=who,
        )
    for n, (about, mail) in enumerate([(public, ""), (None, f"{MARKER}@voorbeeld.example")]):
        CorrectionProposal.objects.create(
            reference=f"{MARKER[:8]}{n}",
            subject=f"stand-{about.pk}" if about else "website",
            subject_title=MARKER,
            measure=about and measure,
            about=about,
            wrong=MARKER,
            right=MARKER,
            url=link,
            email=mail,
        )
    hide_the_marker_in_letters(measure, who)


def hide_the_marker_in_letters(measure, who):
    """In moments that are not public, and in what waits for them."""
    hidden = {"publication": CONCEPT, "explanation": MARKER, "remark": MARKER}
    for state in ("in voorbereiding", "vastgesteld", "ingetrokken"):
        letter = Letter.objects.create(key=f"{MARKER}-{state[:4]}", title=MARKER, summary=MARKER)
        moment = make_moment(
            f"{MARKER} {state}",
            on=date(2026, 2, 1),
            slug=f"{MARKER}-{state[:4]}".lower(),
            letter=letter,
            introduction=MARKER,
        )
        update = report(measure, Status.PLANNED, on=date(2026, 1, 15), **hidden)
        update.hold(moment)
        change = shift(
            measure, date(2027, 1, 1), on=date(2026, 1, 15), reason=MARKER, publication=CONCEPT
        )
        change.hold(moment)
        make_evidence(update, MARKER, url="https://example.org/", visibility="openbaar")
        if state != "in voorbereiding":
            made = moments.freeze(moment, by=who, reason_for=lambda row: MARKER)
            moments.render_files(made)
        if state == "ingetrokken":
            moments.withdraw(moment, MARKER)
    withdrawn = shift(measure, date(2027, 2, 1), on=date(2026, 1, 20), reason=MARKER)
    withdrawn.withdraw(MARKER)


@pytest.mark.parametrize("query", ["", "?peildatum=2024-12-31&bekend_op=2025-06-30"])
def test_every_link_leads_somewhere_and_no_page_sets_a_cookie(client, query):
    load(SHIPPED)
    reconstructions.finish()

    broken, number = [], 0
    for address, response in crawl(client, f"/{query}"):
        number += 1
        assert not response.cookies, address
        if response.status_code != 200:
            broken.append((address, response.status_code))

    assert not broken
    assert number > 60


@pytest.mark.parametrize("query", ["", "?peildatum=2026-06-30"])
def test_nothing_that_is_not_public_can_be_reached(client, query):
    load(SHIPPED)
    reconstructions.finish()
    hide_the_marker_everywhere()

    leaks, feeds = [], {"atom": 0, "ics": 0}
    for address, response in crawl(client, f"/{query}"):
        # Long lines of a calendar are folded.
        text = response.getvalue().decode().replace("\r\n ", "")
        if MARKER.lower() in text.lower() or MARKER.lower() in address.lower():
            leaks.append(address)
        kind = urlsplit(address).path.rpartition(".")[2]
        if kind in feeds:
            feeds[kind] += 1

    assert not leaks
    # The whole, and every theme, party, measure and motion.
    followed = [Theme.objects, *(m.objects.public() for m in (Party, Measure, Motion))]
    number = 1 + sum(records.count() for records in followed)
    assert feeds == {"atom": number, "ics": number}


# What no link leads to: robots and programmes know these by themselves.
WITHOUT_LINKS = [
    "/robots.txt",
    "/sitemap.xml",
    *(f"/sitemap/{name}-1.xml" for name in ("paginas", *SECTIONS)),
    "/.well-known/security.txt",
    "/voorbeeld/site.png",
    "/voorbeeld/maatregel-7.png",
    "/voorbeeld/motie-30015-87.png",
    "/voorbeeld/kamerbrief-slotbrief-2025.png",
    "/bestaat-niet/",
    "/?peildatum=2024-02-30",
]


def test_what_no_link_leads_to_tells_nothing_and_sets_no_cookie(client, settings):
    settings.SECURITY_CONTACT = ["lek@voorbeeld.example"]
    load(SHIPPED)
    reconstructions.finish()
    hide_the_marker_everywhere()

    for address in WITHOUT_LINKS:
        response = client.get(address)
        assert response.status_code == 200 or "bestaat-niet" in address or "?" in address, address
        assert not response.cookies, address
        assert MARKER.lower().encode() not in response.getvalue().lower(), address


BY_NAME = [
    f"/voorbeeld/motie-{MARKER.lower()}-concept.png",
    f"/voorbeeld/kamerbrief-{MARKER.lower()}-vast.png",
    "/voorbeeld/maatregel-8.png",
    f"/maatregelen/?q={MARKER}",
    f"/maatregelen.json?q={MARKER}",
    f"/maatregelen.csv?q={MARKER}&peildatum=2026-06-30",
    f"/moties/?q={MARKER}",
    f"/zoeken/?q={MARKER}",
    f"/zoeken/?q={MARKER}&soort=stand&peildatum=2026-06-30",
    # Nor as what was perhaps meant.
    f"/zoeken/?q={MARKER[:-1]}x",
    f"/maatregelen/?partij={MARKER.lower()}-concept",
    f"/partijen/{MARKER.lower()}-concept/",
    f"/partijen/{MARKER.lower()}-ingetrokken/",
    f"/moties/{MARKER.lower()}-concept/",
    "/maatregelen/8/",
    "/maatregelen/8/nieuws.atom",
    "/maatregelen/8/agenda.ics",
    "/volgen/?maatregel=8",
    f"/partijen/{MARKER.lower()}-concept/nieuws.atom",
    f"/moties/{MARKER.lower()}-concept/agenda.ics",
    f"/volgen/?partij={MARKER.lower()}-concept",
    "/beelden/maatregel-8/",
    "/beelden/maatregel-8.csv",
    f"/kamerbrieven/{MARKER.lower()}-in-v/",
    f"/kamerbrieven/{MARKER.lower()}-vast/",
    f"/kamerbrieven/{MARKER.lower()}-vast/bijlage.json",
    f"/kamerbrieven/{MARKER.lower()}-inge/maatregelen/7/",
    f"/vergelijken/?van={MARKER.lower()}-vast",
    f"/vergelijken.csv?van={MARKER.lower()}-vast",
    f"{ROOT}/maatregelen?q={MARKER}",
    f"{ROOT}/maatregelen?partij={MARKER.lower()}-concept",
    f"{ROOT}/moties/{MARKER.lower()}-ingetrokken",
    f"{ROOT}/maatregelen/8",
    f"{ROOT}/kamerbrieven/{MARKER.lower()}-inge/momentopname",
]


def api_addresses(client, query):
    """Every address of the API that its lists lead to, each list page by page."""
    for resource in RESOURCES:
        known = {parameter.name for parameter in resource.parameters}
        given = "&".join(part for part in query if part.partition("=")[0] in known)
        address = f"{ROOT}/{resource.name}?paginaGrootte=100&{given}".removesuffix("&")
        while address:
            yield address
            page = client.get(address).json()
            for row in page["resultaten"]:
                key = row.get("nummer") or row["code"]
                yield f"{ROOT}/{resource.name}/{key}?{given}"
                if resource.name == "maatregelen":
                    for part in ("standen-van-zaken", "streefdata", "inbreng"):
                        yield f"{ROOT}/maatregelen/{key}/{part}?{given}"
                for moment in row.get("peilmomenten", ()):
                    assert moment["sha256"]
                    yield f"{ROOT}/kamerbrieven/{key}/momentopname"
            address = page["volgende"]


@pytest.mark.parametrize("query", [[], ["peildatum=2026-06-30", "bekendOp=2026-11-01"]])
def test_the_api_tells_nothing_that_is_not_public(client, query):
    load(SHIPPED)
    reconstructions.finish()
    hide_the_marker_everywhere()

    number = 0
    for address in api_addresses(client, query):
        response = client.get(address)
        number += 1
        assert response.status_code == 200, address
        assert MARKER.lower() not in response.text.lower(), address

    assert number > (200 if not query else 5)


FILES = [
    *(f"/bijlage/bijlage-kwalibo-2026-06-30.{name}" for name in annex.FORMATS),
    *(f"/kamerbrieven/slotbrief-2025/bijlage.{name}" for name in annex.FORMATS),
    *(f"/vergelijken.{name}?van=2022-04-04" for name in annex.FORMATS),
    "/open-data/kwalibo.json",
    "/open-data/kwalibo-csv.zip",
    "/open-data/kwalibo.sqlite",
    "/open-data/catalogus.ttl",
    "/open-data/catalogus.jsonld",
    "/maatregelen.xlsx",
    "/maatregelen.ods",
]


def test_no_download_holds_what_is_not_public(client):
    load(SHIPPED)
    reconstructions.finish()
    hide_the_marker_everywhere()

    for address in FILES:
        response = client.get(address)
        assert response.status_code == 200, address
        format = urlsplit(address).path.rpartition(".")[2]
        words = words_in(b"".join(response), format).lower()
        assert "kwalibo" in words or "maatregel" in words, address
        assert MARKER.lower() not in words, address


def test_the_address_of_an_update_that_is_not_public_tells_nothing(client):
    load(SHIPPED)
    hide_the_marker_everywhere()
    hidden = ProgressUpdate.objects.exclude(pk__in=ProgressUpdate.objects.public().values("pk"))
    assert hidden.count() > 4

    for update in hidden.select_related("measure"):
        for name in ("", "verwijzing.bib", "verwijzing.ris"):
            response = client.get(f"{update.get_absolute_url()}{name}")
            assert response.status_code in (404, 410), update
            assert MARKER.lower() not in response.text.lower(), update
        assert client.get(f"/klopt-dit-niet/?over=stand-{update.pk}").status_code == 404


def test_asking_for_it_by_name_tells_nothing(client):
    load(SHIPPED)
    hide_the_marker_everywhere()

    for address in BY_NAME:
        text = client.get(address).text
        # What somebody typed may be repeated to him; what the database holds may not.
        states = ("concept", "vast", "ingetrokken", "inge")
        for typed in (address, MARKER, *(f"{MARKER.lower()}-{state}" for state in states)):
            text = text.replace(f'value="{typed}"', "").replace(f"‘{typed}’", "")
        text = re.sub(r'(href|action)="[^"]*"', "", text)
        text = re.sub(rf"(Zoek|q|Partij)[^<]*?: ?{MARKER}", "", text)
        assert MARKER.lower() not in text.lower(), address
