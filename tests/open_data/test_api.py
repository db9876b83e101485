"""The API: what it tells, what may be asked, and what every answer has."""

from datetime import date

import pytest
import time_machine
from django.db import OperationalError

from measures.api import VERSION, resources
from measures.models import Contribution, Measure, Provenance, Status, Theme
from parties.certainty import Certainty
from tests.factories import (
    CONCEPT,
    make_commitment,
    make_effect,
    make_evidence,
    make_finding,
    make_letter,
    make_measure,
    make_motion,
    make_party,
    make_source,
    make_theme,
    report,
    shift,
)

pytestmark = pytest.mark.django_db

API = "/api/v1"
RESOURCES = [resource.name for resource in resources.RESOURCES]


def ask(client, path, **headers):
    return client.get(f"{API}{path}", headers=headers)


def numbers(response) -> list[int]:
    return [row["nummer"] for row in response.json()["resultaten"]]


# What it tells.


def test_a_measure_tells_what_its_page_tells(client):
    source = make_source(key="S09", title="Een rapport", url="https://voorbeeld.example/rapport")
    lead = make_party("Bodem+", slug="bodemplus", abbreviation="RWS")
    measure = make_measure(
        "Een loket",
        number=7,
        lead=lead,
        theme=make_theme("Sturing", slug="sturing"),
        sources=[source],
        deadline=date(2025, 12, 31),
        deadline_precision="jaar",
    )
    report(measure, Status.IMPLEMENTED, on=date(2024, 5, 1), explanation="Open.", sources=[source])

    found = ask(client, "/maatregelen/7").json()

    assert (found["nummer"], found["code"], found["titel"]) == (7, "M7", "Een loket")
    assert found["trekker"] == {"code": "bodemplus", "naam": "Bodem+", "afkorting": "RWS"}
    assert found["hoofdlijn"] == {"code": "sturing", "titel": "Sturing"}
    assert found["status"] == "geimplementeerd"
    assert found["statusSinds"]["datum"] == "2024-05-01"
    assert found["standVanZaken"]["tekst"] == "Open."
    assert found["streefdatum"] == {
        "datum": "2025-12-31",
        "nauwkeurigheid": "jaar",
        "tekst": "2025",
    }
    assert found["webpagina"] == "http://testserver/maatregelen/7/"


def test_every_statement_has_its_certainty_and_its_sources(client):
    source = make_source(key="S09", title="Een rapport", url="https://voorbeeld.example/rapport")
    measure = make_measure(number=7, certainty=Certainty.INFERRED, remark="Zo lezen wij het.")
    measure.sources.add(source)
    Provenance.objects.create(measure=measure, field="lead", certainty="vermeld").sources.add(
        source
    )
    link = make_finding(key="F1", measures=[measure]).measure_links.get()
    link.sources.add(source)

    found = ask(client, "/maatregelen/7").json()

    named = {
        "code": "S09",
        "verwijzing": "Een rapport",
        "webadres": "https://voorbeeld.example/rapport",
    }
    assert found["zekerheid"] == "afgeleid"
    assert found["opmerking"] == "Zo lezen wij het."
    assert found["bronnen"] == [named]
    assert found["herkomst"][0]["gegeven"] == "trekker"
    assert found["herkomst"][0]["bronnen"] == [named]
    assert found["verbeterpunten"][0]["zekerheid"] == "afgeleid"
    assert found["verbeterpunten"][0]["bronnen"] == [named]


def test_what_is_not_known_is_null(client):
    make_measure(number=7)

    found = ask(client, "/maatregelen/7").json()

    for name in ["omschrijving", "trekker", "standVanZaken", "hoortBijProgramma", "opmerking"]:
        assert found[name] is None, name
    assert found["status"] == "onbekend"
    assert found["statusSinds"] == {
        "datum": None,
        "nauwkeurigheid": "onbekend",
        "tekst": "onbekend",
    }


def test_moments_are_in_utc(client):
    with time_machine.travel("2024-07-01 14:00:00+02:00", tick=False):
        make_measure(number=7)

    assert ask(client, "/maatregelen/7").json()["openbaarSinds"] == "2024-07-01T12:00:00Z"


def test_the_updates_of_a_measure_are_all_there_the_latest_first(client):
    measure = make_measure(number=7)
    first = report(measure, Status.PLANNED, on=date(2023, 1, 1))
    letter = make_letter(key="brief-2024")
    report(measure, Status.IMPLEMENTED, on=date(2024, 1, 1), letter=letter, corrects=first)
    make_evidence(first, "Verslag", content=b"Wat er is besproken.")

    latest, before = ask(client, "/maatregelen/7/standen-van-zaken").json()["resultaten"]

    assert (latest["status"], latest["brief"]) == ("geimplementeerd", "brief-2024")
    assert latest["verbetert"] == before["id"]
    assert before["isVerbeterd"] is True
    assert before["bewijsstukken"][0]["titel"] == "Verslag"
    assert before["bewijsstukken"][0]["webadres"].startswith("http://testserver/bewijsstukken/")


def test_the_deadlines_of_a_measure_are_all_there_with_their_reason(client):
    measure = make_measure(number=7, deadline=date(2024, 1, 1))
    shift(measure, date(2025, 6, 1), on=date(2024, 1, 1), reason="De proef liep uit.")

    latest, first = ask(client, "/maatregelen/7/streefdata").json()["resultaten"]

    assert (latest["streefdatum"]["datum"], latest["reden"]) == ("2025-06-01", "De proef liep uit.")
    assert (first["isEerste"], first["reden"]) == (True, None)


def test_what_a_party_says_is_under_its_own_name(client, django_user_model):
    measure, party = make_measure(number=7), make_party("Bodem+", slug="bodemplus")
    who = django_user_model.objects.create(username="contact")
    Contribution.objects.create(
        measure=measure,
        party=party,
        author=who,
        kind="voorstel",
        reporting_date=date(2024, 1, 1),
        explanation="Wij zijn verder.",
        shown_at="2024-02-01T00:00:00Z",
        shown_by=who,
    )

    (found,) = ask(client, "/maatregelen/7/inbreng").json()["resultaten"]

    assert (found["partij"]["code"], found["tekst"]) == ("bodemplus", "Wij zijn verder.")
    assert "contact" not in str(found)


def test_a_letter_tells_what_it_froze_and_its_control_value(client, reconstructed):
    letter = ask(client, "/kamerbrieven/slotbrief-2025").json()
    frozen = ask(client, "/kamerbrieven/slotbrief-2025/momentopname").json()

    (moment,) = letter["peilmomenten"]
    assert moment["isReconstructie"] is True
    assert moment["sha256"] == frozen["sha256"]
    assert frozen["inhoud"]["bijlage"]["sections"]
    document = client.get(frozen["bestand"].removeprefix("http://testserver"))
    assert document.json() == frozen["inhoud"]


def test_a_broken_snapshot_is_not_shown_as_if_it_were_whole(client, reconstructed, monkeypatch):
    monkeypatch.setattr("measures.snapshot.sha256_of", lambda document: "0" * 64)
    client.raise_request_exception = False

    response = ask(client, "/kamerbrieven/slotbrief-2025/momentopname")

    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.fixture
def reconstructed():
    from measures.loading import SHIPPED, load, reconstructions

    load(SHIPPED)
    reconstructions.finish()


@pytest.mark.parametrize("name", RESOURCES)
def test_every_record_of_a_list_is_found_at_its_own_address(client, reconstructed, name):
    first = ask(client, f"/{name}?paginaGrootte=100").json()["resultaten"]
    assert first

    for row in first[:: max(1, len(first) // 5)]:
        key = row.get("nummer") or row["code"]
        assert ask(client, f"/{name}/{key}").json() == row


# Which day, and which choice: as on the site.


def test_peildatum_and_bekend_op_ask_what_the_pages_ask(client):
    with time_machine.travel("2025-03-01"):
        measure = make_measure(number=7)
        report(measure, Status.PLANNED, on=date(2023, 1, 1))
        report(measure, Status.IMPLEMENTED, on=date(2024, 1, 1))
    with time_machine.travel("2025-09-01"):
        report(measure, Status.DROPPED, on=date(2024, 6, 1))

    def status(query):
        return ask(client, f"/maatregelen/7{query}").json()["status"]

    assert status("") == "vervallen"
    assert status("?peildatum=2023-06-01") == "gepland"
    assert status("?bekendOp=2025-04-01") == "geimplementeerd"
    assert ask(client, "/maatregelen/7?bekendOp=2025-01-01").status_code == 404
    page = ask(client, "/maatregelen/7?peildatum=2023-06-01&bekendOp=2025-04-01").json()
    assert page["webpagina"].endswith("/maatregelen/7/?peildatum=2023-06-01&bekend_op=2025-04-01")


CHOICES = [
    "",
    "status=onbekend&status=gepland",
    "status=geimplementeerd",
    "hoofdlijn=publieke-sturing-op-het-stelsel",
    "partij=inspectie-leefomgeving-en-transport",
    "partij=inspectie-leefomgeving-en-transport&rol=trekker",
    "rol=betrokken",
    "datum=geen-datum",
    "q=toezicht",
    "q=M4",
    "sorteer=-titel",
    "sorteer=status",
    "sorteer=streefdatum&peildatum=2024-12-31",
    "status=geimplementeerd&peildatum=2023-01-01",
]


def test_every_choice_gives_what_the_list_on_the_site_gives(client, reconstructed):
    for choice in CHOICES:
        site = client.get(f"/maatregelen.json?{choice}").json()["maatregelen"]

        found = ask(client, f"/maatregelen?{choice}")

        assert [f"M{number}" for number in numbers(found)] == [row["nummer"] for row in site]
        assert found.json()["aantal"] == len(site), choice


def test_motions_are_searched_as_on_the_site(client, reconstructed):
    found = ask(client, "/moties?q=kst-30015-87").json()["resultaten"]

    assert [row["code"] for row in found] == ["30015-87"]


def test_the_timeline_of_a_past_day_leaves_out_what_came_later(client, reconstructed):
    now = ask(client, "/gebeurtenissen").json()["aantal"]

    then = ask(client, "/gebeurtenissen?peildatum=2022-01-01&paginaGrootte=100").json()

    assert 0 < then["aantal"] < now
    assert all(row["wanneer"]["datum"] <= "2022-01-01" for row in then["resultaten"])


# Pages.


def test_pages_are_linked_in_the_body_and_in_a_header(client):
    for _ in range(5):
        make_measure()

    first = ask(client, "/maatregelen?paginaGrootte=2&status=onbekend")
    second = client.get(first.json()["volgende"])
    last = client.get(second.json()["volgende"])

    assert numbers(first) + numbers(second) + numbers(last) == [
        measure.number for measure in Measure.objects.all()
    ]
    assert first.json()["vorige"] is None
    assert last.json()["volgende"] is None
    assert second.json()["vorige"].endswith("?paginaGrootte=2&status=onbekend&pagina=1")
    link = second.headers["Link"]
    assert 'pagina=1>; rel="prev"' in link
    assert 'pagina=3>; rel="next"' in link
    assert 'pagina=3>; rel="last"' in link


def test_a_page_that_is_not_there_says_which_is_the_last(client):
    make_measure()

    response = ask(client, "/maatregelen?pagina=2")

    assert response.status_code == 404
    assert response.json()["detail"] == "Pagina 2 is er niet. De laatste is 1."


# What is wrong.


def test_all_faults_in_a_question_are_told_at_once(client):
    response = ask(
        client,
        "/maatregelen?peildatum=31-12-2024&bekendOp=2999-01-01&pagina=0&paginaGrootte=500"
        "&status=klaar&rol=&stauts=gepland&sorteer=nummer&sorteer=titel",
    )

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert {"type", "title", "status", "detail", "errors"} == set(problem)
    told = {error["name"]: error["detail"] for error in problem["errors"]}
    assert set(told) == {
        *("peildatum", "bekendOp", "pagina", "paginaGrootte"),
        *("status", "rol", "stauts", "sorteer"),
    }
    assert "jaar-maand-dag" in told["peildatum"]
    assert "toekomst" in told["bekendOp"]
    assert "1 tot en met 100" in told["paginaGrootte"]
    assert "Kies uit: onbekend, gepland" in told["status"]
    assert "kennen wij hier niet" in told["stauts"]


NOTHING_THERE = [
    "/maatregelen/99",
    "/maatregelen/99/standen-van-zaken",
    "/maatregelen/999999999",
    "/maatregelen/9999999999",
    "/maatregelen/zeven",
    "/maatregelen/",
    "/maatregelen.json",
    "/partijen/niemand",
    "/partijen/%00",
    "/kamerbrieven/geen/momentopname",
    "/openapi.json/",
    "/",
    "/nergens",
]


@pytest.mark.parametrize("path", NOTHING_THERE)
def test_what_is_not_there_is_a_problem_and_never_a_redirect(client, path):
    response = ask(client, path)

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 404
    assert response.json()["detail"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["/maatregelen", "/maatregelen/7", "/openapi.json"])
def test_nothing_can_be_written(client, method, path):
    make_measure(number=7)

    response = getattr(client, method)(f"{API}{path}")

    assert response.status_code == 405
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "GET" in response.headers["Allow"]


def test_another_format_is_refused_with_what_there_is(client):
    response = ask(client, "/maatregelen", accept="text/csv")

    assert response.status_code == 406
    assert response.json()["detail"].startswith("Wij antwoorden in JSON.")
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("failure", "status"), [(RuntimeError("kapot"), 500), (OperationalError("weg"), 503)]
)
def test_a_failure_of_ours_is_a_problem_that_tells_nothing_of_it(
    client, monkeypatch, failure, status
):
    def fail(*args):
        raise failure

    monkeypatch.setattr("measures.api.pages.Pages.__init__", fail)
    client.raise_request_exception = False

    response = ask(client, "/maatregelen")

    assert response.status_code == status
    assert response.json()["status"] == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "kapot" not in response.text
    assert ("Retry-After" in response.headers) == (status == 503)


def test_a_name_that_is_not_ours_gets_a_problem_too(client):
    response = client.get(f"{API}/maatregelen", headers={"host": "elders.example"})

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"


# What every answer has.

ANSWERS = {
    "200": "/maatregelen",
    "200 of the document": "/openapi.json",
    "400": "/maatregelen?pagina=0",
    "404 of a view": "/maatregelen/99",
    "404 of no view": "/nergens",
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_names_the_version_and_may_be_read_by_any_page(client, kind):
    response = ask(client, ANSWERS[kind], origin="https://elders.example")

    assert response.headers["API-Version"] == VERSION
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Link" in response.headers["Access-Control-Expose-Headers"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_a_redirect_to_https_names_the_version_too(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    response = ask(client, "/maatregelen")

    assert response.status_code == 301
    assert response.headers["API-Version"] == VERSION


def test_a_browser_may_ask_first(client):
    response = client.options(
        f"{API}/maatregelen",
        headers={"origin": "https://elders.example", "access-control-request-method": "GET"},
    )

    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]


def test_an_unchanged_answer_is_304_until_the_data_change(client):
    measure = make_measure(number=7)
    first = ask(client, "/maatregelen/7")
    etag = {"if-none-match": first.headers["ETag"]}

    unchanged = ask(client, "/maatregelen/7", **etag)
    measure.title = "Een betere titel"
    measure.save()
    changed = ask(client, "/maatregelen/7", **etag)

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["ETag"] == first.headers["ETag"]
    assert unchanged.headers["API-Version"] == VERSION
    assert changed.status_code == 200
    assert changed.json()["titel"] == "Een betere titel"
    assert first.headers["Cache-Control"] == "public, max-age=60"


def test_the_next_day_is_another_answer(client):
    """A deadline passes without any change of the data."""
    make_measure(number=7, deadline=date(2026, 3, 1))
    with time_machine.travel("2026-03-01 12:00"):
        before = ask(client, "/maatregelen/7")
    with time_machine.travel("2026-03-02 12:00"):
        after = ask(client, "/maatregelen/7", **{"if-none-match": before.headers["ETag"]})

    assert before.json()["standStreefdatum"] == "nadert"
    assert after.json()["standStreefdatum"] == "te-laat"


def test_another_question_has_another_etag_and_nothing_at_all_is_no_304(client):
    make_measure(number=7)

    assert ask(client, "/maatregelen").headers["ETag"] != ask(client, "/partijen").headers["ETag"]
    assert ask(client, "/maatregelen/99", **{"if-none-match": "*"}).status_code == 404


def test_head_gives_the_headers_alone(client):
    make_measure()

    response = client.head(f"{API}/maatregelen")

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["ETag"]


# What it costs.


def fill(rows: int) -> None:
    """So many of everything, tied together."""
    source = make_source()
    lead = make_party()
    for _ in range(rows):
        measure = make_measure(lead=lead, sources=[source], deadline=date(2025, 1, 1))
        party, letter = make_party(), make_letter()
        letter.sources.add(source)
        measure.involvements.create(party=party).sources.add(source)
        Provenance.objects.create(measure=measure, field="lead").sources.add(source)
        update = report(
            measure, Status.PLANNED, on=date(2024, 1, 1), sources=[source], letter=letter
        )
        make_evidence(update)
        shift(measure, date(2025, 6, 1), on=date(2024, 6, 1), letter=letter).sources.add(source)
        make_finding(measures=[measure]).measure_links.get().sources.add(source)
        make_motion(measures=[measure], proposers=[("Lid", "Fractie")], fulfilled_by=letter)
        make_commitment(measures=[measure], fulfilled_by=letter)
        make_effect(measures=[measure])


ADDRESSES = [
    *(f"/{name}?paginaGrootte=100" for name in RESOURCES),
    "/maatregelen?paginaGrootte=100&peildatum=2024-12-31&status=gepland&sorteer=status",
    "/maatregelen/1/standen-van-zaken",
    "/maatregelen/1/streefdata",
]


def test_forty_rows_cost_as_many_queries_as_one(client, django_assert_max_num_queries):
    def cost():
        found = {}
        for address in ADDRESSES:
            with django_assert_max_num_queries(30) as queries:
                assert ask(client, address).status_code == 200
            found[address] = len(queries)
        return found

    fill(1)
    Measure.objects.update(number=1)
    one = cost()
    measure = Measure.objects.get()
    source, letter = measure.sources.get(), measure.updates.get().letter
    for day in range(1, 29):
        made = {"on": date(2024, 2, day), "sources": [source], "letter": letter}
        make_evidence(report(measure, Status.PLANNED, **made))
    fill(39)

    assert cost() == one


def test_an_unchanged_answer_costs_one_query(client, django_assert_num_queries):
    etag = {"if-none-match": ask(client, "/maatregelen").headers["ETag"]}

    with django_assert_num_queries(1):
        assert ask(client, "/maatregelen", **etag).status_code == 304


def test_the_last_page_of_ten_thousand_measures_costs_what_the_first_costs(
    client, django_assert_num_queries
):
    theme = make_theme()
    Measure.objects.bulk_create(
        Measure(number=n, title=f"Maatregel {n}", theme=theme, publication="openbaar")
        for n in range(1, 10_001)
    )

    # The first to ask after a change counts; see measures/once.py.
    ask(client, "/maatregelen")
    with django_assert_num_queries(13):
        first = ask(client, "/maatregelen")
    with django_assert_num_queries(13):
        last = ask(client, "/maatregelen?pagina=400")

    assert numbers(first) == list(range(1, 26))
    assert numbers(last) == list(range(9_976, 10_001))
    assert last.json()["aantal"] == 10_000


def test_what_is_not_public_is_not_there(client):
    make_measure(number=7, publication=CONCEPT)
    make_party(slug="concept", publication=CONCEPT)
    hidden = make_motion(slug="concept", publication=CONCEPT)
    public = make_measure(number=8)
    hidden.measures.add(public)

    assert numbers(ask(client, "/maatregelen")) == [8]
    assert ask(client, "/maatregelen/8").json()["moties"] == []
    for path in ["/maatregelen/7", "/maatregelen/7/streefdata", "/partijen/concept"]:
        assert ask(client, path).status_code == 404
    assert Theme.objects.count() == 1
