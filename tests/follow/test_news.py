"""Atom: what became public, the latest first; nothing else, and nothing that is gone."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from measures import feeds, moments, news, subjects
from measures.loading import SHIPPED, load, reconstructions
from measures.models import Involvement, Measure, Motion, ProgressUpdate, Status
from parties.publication import Publication
from tests.factories import (
    CONCEPT,
    make_commitment,
    make_letter,
    make_measure,
    make_moment,
    make_motion,
    make_party,
    make_theme,
    report,
    shift,
)
from tests.follow.feeds import ATOM, read_atom

pytestmark = pytest.mark.django_db


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def titles(client, address="/nieuws.atom"):
    return [entry.title for entry in read_atom(client.get(address).content).entries]


def test_a_published_update_is_news_with_its_text_author_and_moment(client):
    desk = make_measure("Een loket", number=7, published_at=at(1))
    report(
        desk,
        Status.IMPLEMENTED,
        on=date(2026, 2, 1),
        explanation="Het loket is <open>.",
        published_at=at(3),
    )

    feed = read_atom(client.get("/maatregelen/7/nieuws.atom").content)

    (entry,) = feed.entries
    assert entry.title == "M7 Een loket: geïmplementeerd"
    assert "Het loket is <open>." in entry.summary
    assert "<p>Het loket is &lt;open&gt;.</p>" in entry.content[0].value
    assert entry.author == "Ministerie van Infrastructuur en Waterstaat"
    assert entry.updated == entry.published == "2026-03-03T12:00:00+00:00"
    assert entry.link == (
        f"http://127.0.0.1:8000/maatregelen/7/standen/{ProgressUpdate.objects.get().pk}/"
    )
    assert feed.feed.link == "http://127.0.0.1:8000/maatregelen/7/"


def test_what_is_not_public_or_withdrawn_is_no_news(client):
    desk = make_measure("Een loket", number=7)
    report(desk, Status.PLANNED, on=date(2026, 1, 1), publication=CONCEPT)
    gone = report(desk, Status.PLANNED, on=date(2026, 1, 1))
    hidden = make_measure("Geheim", publication=CONCEPT)
    report(hidden, Status.PLANNED, on=date(2026, 1, 1))
    make_letter("Geheime brief", publication=CONCEPT)
    make_motion("Geheime motie", publication=CONCEPT)
    assert titles(client) == ["M7 Een loket: gepland"]

    gone.withdraw("Het klopte niet.")

    assert titles(client) == []


def test_the_latest_publication_comes_first_whatever_day_it_is_about(client):
    desk = make_measure("Een loket", number=7, published_at=at(1))
    report(desk, Status.IMPLEMENTED, on=date(2026, 2, 1), published_at=at(3))
    report(desk, Status.PLANNED, on=date(2024, 1, 1), published_at=at(5))
    shift(desk, date(2027, 1, 1), on=date(2026, 1, 1), published_at=at(4))

    assert titles(client) == [
        "M7 Een loket: gepland",
        "M7 Een loket: streefdatum wordt 1 januari 2027",
        "M7 Een loket: geïmplementeerd",
    ]


def test_a_report_is_news_when_its_measure_can_be_seen(client):
    late = make_measure("Later openbaar", number=8, published_at=at(9))
    report(late, Status.PLANNED, on=date(2026, 1, 1), published_at=at(2))

    (entry,) = read_atom(client.get("/nieuws.atom").content).entries

    assert entry.updated == "2026-03-09T12:00:00+00:00"


def test_a_feed_has_a_bounded_number_of_entries(client):
    desk = make_measure()
    for _ in range(feeds.LENGTH + 3):
        report(desk, Status.PLANNED, on=date(2026, 1, 1))

    assert len(titles(client)) == feeds.LENGTH


def test_a_letter_with_its_annex_is_told_once(client):
    letter = make_letter("Stand van zaken 2026", publication=CONCEPT)
    desk = make_measure("Een loket", number=7)
    moment = make_moment("Stand 2026", on=date(2026, 2, 1), slug="stand-2026", letter=letter)
    update = report(desk, Status.PLANNED, on=date(2026, 1, 1), publication=CONCEPT)
    update.hold(moment)
    moments.render_files(moments.freeze(moment, by=None, reason_for=lambda row: "Het moet."))
    assert titles(client) == []

    moments.release(moment)

    assert sorted(titles(client)) == [
        "Brief aan de Kamer: Stand van zaken 2026",
        "M7 Een loket: gepland",
    ]
    assert sorted(titles(client, "/maatregelen/7/nieuws.atom")) == sorted(titles(client))


def test_each_subject_has_its_own_news(client):
    theme, lead, helper = make_theme(slug="sturing"), make_party(slug="ilt"), make_party(slug="od")
    desk = make_measure("Een loket", number=7, theme=theme, lead=lead)
    Involvement.objects.create(measure=desk, party=helper)
    report(desk, Status.PLANNED, on=date(2026, 1, 1))
    motion = make_motion("Motie over het loket", measures=[desk], slug="30015-87")
    make_motion("Een andere motie", slug="30015-99")
    other = make_measure("Iets anders", number=9, theme=make_theme(slug="kennis"))
    report(other, Status.PLANNED, on=date(2026, 1, 1))
    letter = make_letter("Brief over de motie")
    motion.fulfilled_by = letter
    motion.save()

    told = {
        page: sorted(titles(client, f"{page}nieuws.atom"))
        for page in [
            "/maatregelen/7/",
            "/hoofdlijnen/sturing/",
            "/hoofdlijnen/kennis/",
            "/partijen/ilt/",
            "/partijen/od/",
            "/moties/30015-87/",
            "/moties/30015-99/",
        ]
    }

    own = ["M7 Een loket: gepland", "Motie over het loket"]
    assert told == {
        "/maatregelen/7/": own,
        "/hoofdlijnen/sturing/": own,
        "/hoofdlijnen/kennis/": ["M9 Iets anders: gepland"],
        "/partijen/ilt/": own,
        "/partijen/od/": own,
        "/moties/30015-87/": ["Brief aan de Kamer: Brief over de motie", *own],
        "/moties/30015-99/": ["Motie: Een andere motie"],
    }


@pytest.mark.parametrize(
    "page",
    ["/maatregelen/99/", "/hoofdlijnen/geen/", "/partijen/geheim/", "/moties/geheim/"],
)
@pytest.mark.parametrize("file", ["nieuws.atom", "agenda.ics"])
def test_what_is_not_there_or_not_public_has_no_news(client, page, file):
    make_party(slug="geheim", publication=CONCEPT)
    make_motion(slug="geheim", publication=Publication.WITHDRAWN)

    assert client.get(f"{page}{file}").status_code == 404


def test_a_measure_as_people_say_it_leads_to_the_one_address(client):
    make_measure(number=7)

    for file in ("nieuws.atom", "agenda.ics"):
        response = client.get(f"/maatregelen/M7/{file}")
        assert response.status_code == 301
        assert response.headers["Location"] == f"/maatregelen/7/{file}"


def test_a_reader_that_has_it_gets_nothing_new_until_something_changed_or_was_withdrawn(client):
    desk = make_measure(published_at=at(1))
    report(desk, Status.PLANNED, on=date(2026, 1, 1), published_at=at(2))
    last = report(desk, Status.IMPLEMENTED, on=date(2026, 2, 1), published_at=at(3))
    first = client.get("/nieuws.atom")
    known = {"HTTP_IF_NONE_MATCH": first.headers["ETag"]}
    assert first.headers["Last-Modified"] == "Tue, 03 Mar 2026 12:00:00 GMT"

    again = client.get("/nieuws.atom", **known)
    assert (again.status_code, again.content) == (304, b"")

    last.withdraw("Het klopte niet.")
    assert client.get("/nieuws.atom", **known).status_code == 200
    # By its date alone this would look unchanged.
    dated = client.get("/nieuws.atom", HTTP_IF_MODIFIED_SINCE=first.headers["Last-Modified"])
    assert dated.status_code == 200
    assert "geïmplementeerd" not in dated.text


def test_the_same_news_gives_the_same_bytes(client):
    load(SHIPPED)

    assert client.get("/nieuws.atom").content == client.get("/nieuws.atom").content
    assert client.get("/agenda.ics").content == client.get("/agenda.ics").content


def test_every_feed_of_the_real_records_is_valid(client):
    load(SHIPPED)
    reconstructions.finish()
    records = [subjects.everything(), *subjects.themes()]
    records += [subjects.of(measure) for measure in Measure.objects.public()]
    records += [subjects.of(motion) for motion in Motion.objects.public()]

    number = [len(read_atom(client.get(s.news_url).content).entries) for s in records]

    assert number[0] == 20
    assert sum(number) > 30


@pytest.mark.parametrize("page", ["/", "/maatregelen/1/", "/partijen/ilt/", "/moties/m/"])
@pytest.mark.parametrize("file", ["nieuws.atom", "agenda.ics"])
def test_however_many_records_the_number_of_queries_is_the_same(client, page, file):
    party, letter = make_party(slug="ilt"), make_letter(date=date(2026, 1, 1))
    motion = make_motion(slug="m")
    numbers = []
    for _ in range(2):
        for _ in range(15):
            measure = make_measure(lead=party, deadline=date(2027, 1, 1))
            report(measure, Status.PLANNED, on=date(2026, 1, 1), letter=letter)
            shift(measure, date(2028, 1, 1), on=date(2026, 1, 1), letter=letter)
            motion.measures.add(measure)
            make_commitment(measures=[measure])
        first = Measure.objects.order_by("number").first()
        address = page.replace("/1/", f"/{first.number}/")
        client.get(f"{address}{file}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"{address}{file}")
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 20


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60).filter(
    lambda text: text.strip() and "\x00" not in text
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=TEXTS, text=TEXTS)
def test_whatever_somebody_typed_a_feed_is_well_formed(name, text):
    subject = subjects.Subject(subjects.Kind.MEASURE, 7, "7", name, "/maatregelen/7/")
    change = news.Change(news.Kind.UPDATE, 1, at(3), name, (text,), "/maatregelen/7/#stand-1")

    tree = etree.fromstring(feeds.atom(subject, [change]))

    assert tree.findtext(f"{ATOM}entry/{ATOM}id") == "tag:127.0.0.1,2026:stand/1"


RECORDS = st.lists(
    st.tuples(
        st.integers(0, 3),  # which measure
        st.sampled_from(["update", "shift", "letter", "motion", "commitment"]),
        st.booleans(),  # with the letter
    ),
    max_size=8,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(records=RECORDS, hidden=st.integers(0, 3))
def test_a_change_belongs_to_the_subjects_whose_news_it_is_in(records, hidden, atomic_example):
    with atomic_example():
        parties = [make_party(), make_party(publication=CONCEPT)]
        themes = [make_theme(), make_theme()]
        measures = [
            make_measure(
                theme=themes[n % 2],
                lead=parties[n % 2],
                publication=CONCEPT if n == hidden else Publication.PUBLIC,
            )
            for n in range(4)
        ]
        Involvement.objects.create(measure=measures[1], party=parties[0])
        letter = make_letter()
        for n, kind, in_letter in records:
            measure, told = measures[n], {"letter": letter} if in_letter else {}
            if kind == "update":
                report(measure, Status.PLANNED, on=date(2026, 1, 1), **told)
            elif kind == "shift":
                shift(measure, date(2027, 1, 1), on=date(2026, 1, 1), **told)
            elif kind == "letter":
                make_letter()
            elif kind == "motion":
                make_motion(measures=[measure], fulfilled_by=letter if in_letter else None)
            else:
                make_commitment(measures=[measure])
        everything = news.latest(subjects.everything(), 100)
        scopes = news.scopes(everything)
        known = [subjects.everything(), *map(subjects.of, themes), subjects.of(parties[0])]
        known += [subjects.of(m) for m in Measure.objects.public()]
        known += [subjects.of(m) for m in Motion.objects.public()]

        for subject in known:
            told = {change.key for change in news.latest(subject, 100)}
            assert told == {key for key, found in scopes.items() if subject.scope in found}
        assert set().union(*scopes.values()) <= {subject.scope for subject in known}
