"""What holds for every page about parties, Parliament, evaluations and sources."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from measures.models import (
    GlossaryTerm,
    InternalNote,
    Involvement,
    Statement,
    Status,
    TimelineEvent,
)
from parties.publication import Publication
from tests.factories import (
    make_commitment,
    make_effect,
    make_evaluation,
    make_finding,
    make_letter,
    make_measure,
    make_motion,
    make_party,
    make_source,
    make_theme,
    report,
)

pytestmark = pytest.mark.django_db

PAGES = [
    "/partijen/",
    "/partijen/inspectie/",
    "/moties/",
    "/moties/30015-87/",
    "/hoofdlijnen/",
    "/hoofdlijnen/sturing/",
    "/evaluaties/",
    "/tijdlijn/",
    "/begrippen/",
    "/verantwoording/",
]
MARK = "GEHEIM"


@pytest.fixture
def record():
    """One public record of every kind, and a measure that has them all."""
    theme = make_theme("Sturing", slug="sturing")
    party = make_party("Inspectie", slug="inspectie")
    measure = make_measure("Loket", theme=theme, lead=party)
    Involvement.objects.create(measure=measure, party=party)
    report(measure, Status.IN_DEVELOPMENT, on=date(2023, 1, 1))
    motion = make_motion(
        "Motie", slug="30015-87", measures=[measure], proposers=[("Moorlag", "PvdA")]
    )
    commitment = make_commitment(measures=[measure])
    finding = make_finding(measures=[measure])
    evaluation = make_evaluation()
    finding.evaluations.set([evaluation])
    event = TimelineEvent.objects.create(
        key="gebeurtenis", text="Brief", date=date(2022, 4, 4), publication=Publication.PUBLIC
    )
    term = GlossaryTerm.objects.create(
        term="BRL", slug="brl", definition="Richtlijn.", publication=Publication.PUBLIC
    )
    statement = Statement.objects.create(
        key="totaal", topic="totaal", text="circa 40", publication=Publication.PUBLIC
    )
    return locals()


def hide_beside(record, publication):
    """Put a marked record of every kind, in this state of publication, beside the public ones."""
    hidden = {"publication": publication}
    measure, theme, party = record["measure"], record["theme"], record["party"]
    secret_source = make_source(f"{MARK} bron", remark=MARK, **hidden)
    secret_letter = make_letter(f"{MARK} brief", **hidden)
    secret_party = make_party(f"{MARK} partij", slug="geheim", role=MARK, **hidden)
    secret_measure = make_measure(
        f"{MARK} maatregel", theme=theme, lead=party, publication=Publication.CONCEPT
    )
    Involvement.objects.create(measure=secret_measure, party=party)
    Involvement.objects.create(measure=measure, party=secret_party)
    make_measure("Met verborgen trekker", theme=theme, lead=secret_party)
    make_motion(
        f"{MARK} motie",
        slug="30015-99",
        date=date(2020, 12, 2),
        date_precision="dag",
        request=MARK,
        proposers=[(MARK, MARK)],
        **hidden,
    )
    make_commitment(f"{MARK} toezegging", text=MARK, **hidden)
    secret_finding = make_finding(f"{MARK} punt", measures=[measure, secret_measure], **hidden)
    secret_evaluation = make_evaluation(f"{MARK} rapport", **hidden)
    make_effect(f"{MARK} effect", text=MARK, measures=[measure], **hidden)
    TimelineEvent.objects.create(key="g2", text=MARK, date=date(2022, 4, 5), **hidden)
    GlossaryTerm.objects.create(term=f"{MARK} woord", slug="woord", definition=MARK, **hidden)
    Statement.objects.create(key="u2", topic="totaal", text=MARK, **hidden)
    InternalNote.objects.create(measure=measure, text=MARK)
    report(
        measure,
        Status.IMPLEMENTED,
        on=date(2024, 1, 1),
        explanation=MARK,
        publication=publication,
        withdrawal_reason=MARK,
        published_at=timezone.now(),
    )

    # And hang the hidden ones on the public ones.
    record["motion"].measures.add(secret_measure)
    record["commitment"].measures.add(secret_measure)
    record["finding"].measure_links.create(measure=secret_measure)
    record["finding"].evaluations.add(secret_evaluation)
    secret_finding.evaluations.add(record["evaluation"])
    for kind in ("motion", "commitment"):
        record[kind].fulfilled_by = secret_letter
        record[kind].save()
    record["event"].letter = secret_letter
    record["event"].save()
    secret_source.parties.add(party)
    shown = ("theme", "measure", "motion", "commitment", "finding", "evaluation")
    for kind in (*shown, "event", "term", "statement"):
        record[kind].sources.add(secret_source)
    record["motion"].proposers.get().sources.add(secret_source)
    for row in [*measure.involvements.all(), *measure.finding_links.all()]:
        row.sources.add(secret_source)


@pytest.mark.parametrize("publication", [Publication.CONCEPT, Publication.WITHDRAWN])
@pytest.mark.parametrize("day", ["", "?peildatum=2024-12-31"])
def test_what_is_not_public_is_on_no_page(client, record, publication, day):
    hide_beside(record, publication)

    for address in [*(f"{page}{day}" for page in PAGES), f"/moties/?q={MARK}"]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = answer.text.replace(f"‘{MARK}’", "").replace(f'value="{MARK}"', "")
        assert MARK not in page, address
        assert "Geïmplementeerd" not in page, address


@pytest.mark.parametrize("publication", [Publication.CONCEPT, Publication.WITHDRAWN])
def test_what_is_not_public_has_no_page(client, record, publication):
    hide_beside(record, publication)

    assert client.get("/partijen/geheim/").status_code == 404
    assert client.get("/moties/30015-99/").status_code == 404


def test_what_is_not_public_changes_no_count(client, record):
    def counts():
        return {
            "Trekt 1": client.get("/partijen/").text.count("Trekt 1"),
            "Betrokken bij 1": client.get("/partijen/").text.count("Betrokken bij 1"),
            "later": client.get("/moties/?peildatum=2001-01-01").text.count("van na de peildatum"),
            "left out": client.get("/tijdlijn/?peildatum=2001-01-01").text.count("1 gebeurtenis"),
        }

    before = counts()
    hide_beside(record, Publication.CONCEPT)

    assert counts() == before
    assert before["Trekt 1"] == before["Betrokken bij 1"] == before["left out"] == 1


@pytest.mark.parametrize("page", PAGES)
def test_a_public_page_sets_no_cookie(client, record, page):
    answer = client.get(page)

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert not answer.cookies


@pytest.mark.parametrize("page", PAGES)
def test_a_public_page_is_only_read(client, record, page):
    assert client.post(page).status_code == 405


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_and_keeps_the_reference_date(client, record, page):
    text = client.get(f"{page}?peildatum=2024-12-31").text

    assert '<time datetime="2024-12-31">31 december 2024</time>' in text
    assert 'href="/maatregelen/?peildatum=2024-12-31"' in text


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("day", ["2024-02-30", "gisteren", "31-12-2024"])
def test_a_day_that_does_not_exist_gets_a_dutch_answer(client, record, page, day):
    answer = client.get(f"{page}?peildatum={day}")

    assert answer.status_code == 400
    assert f"De peildatum ‘{day}’ bestaat niet." in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_a_day_in_the_future_gets_a_dutch_answer(client, record, page):
    tomorrow = timezone.localdate() + timedelta(days=1)

    answer = client.get(f"{page}?peildatum={tomorrow}")

    assert answer.status_code == 400
    assert "ligt in de toekomst" in answer.text


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_day_is_today(client, record, page):
    assert client.get(f"{page}?peildatum=").status_code == 200


def test_the_admin_reads_no_reference_date(client):
    assert client.get("/beheer/login/?peildatum=gisteren").status_code == 200
