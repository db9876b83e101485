"""The page `/zoeken/`, and the box on every page that leads to it."""

from datetime import date
from html import unescape

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from measures import search
from measures.models import Status
from tests.factories import (
    make_commitment,
    make_letter,
    make_measure,
    make_motion,
    make_party,
    report,
)


def fill(number):
    for n in range(number):
        measure = make_measure("Steekproef bij het lab", number=n + 1)
        report(measure, Status.PLANNED, on=date(2023, 1, 1), explanation="De steekproef komt.")
        report(measure, Status.PLANNED, on=date(2024, 1, 1), explanation="De steekproef loopt.")
        make_motion("Motie over de steekproef", proposers=[("Moorlag", "PvdA"), ("Laçin", "SP")])
        make_commitment("Toezegging over de steekproef")
        make_letter("Brief over de steekproef")
        make_party(f"Bureau Steekproef {n}")
    search.catch_up()


@pytest.mark.django_db
class TestThePage:
    def test_it_shows_each_result_with_kind_status_and_marked_words(self, client):
        measure = make_measure("Een loket", number=7)
        report(measure, Status.IMPLEMENTED, on=date(2023, 11, 1), explanation="Het is open.")

        page = client.get("/zoeken/?q=loket").text

        assert 'href="/maatregelen/7/">Een <mark>loket</mark></a>' in page
        assert "M7 · laatst gemeld: 1 november 2023" in page
        assert "Geïmplementeerd" in page
        assert "Gevonden voor ‘loket’: 1." in " ".join(page.split())

    def test_an_update_leads_to_its_own_address_on_that_day(self, client):
        update = report(
            make_measure("Een loket", number=7),
            Status.IMPLEMENTED,
            on=date(2023, 11, 1),
            explanation="Het is geopend.",
        )

        page = client.get("/zoeken/?q=geopend&soort=stand&peildatum=2024-01-01").text

        assert f'href="/maatregelen/7/standen/{update.pk}/?peildatum=2024-01-01"' in page

    def test_the_kinds_are_counted_and_can_be_chosen(self, client):
        fill(2)

        page = client.get("/zoeken/?q=steekproef")
        counts = {choice.name: choice.number for choice in page.context["choices"]}

        assert counts == {
            "": 14,
            "maatregel": 2,
            "stand": 4,
            "motie": 2,
            "toezegging": 2,
            "brief": 2,
            "partij": 2,
        }
        for choice in page.context["choices"]:
            chosen = client.get(choice.url).context
            assert chosen["page_obj"].paginator.count == choice.number, choice.name
            assert {r.kind.name for r in chosen["results"]} <= {choice.name} or not choice.name

    def test_a_long_list_has_pages_and_says_which_there_are(self, client):
        for n in range(45):
            make_party(f"Bureau Steekproef {n}")

        second = client.get("/zoeken/?q=steekproef&pagina=2")
        missing = client.get("/zoeken/?q=steekproef&pagina=9")

        assert len(second.context["results"]) == 20
        assert 'start="21"' in second.text
        assert "?q=steekproef&amp;pagina=3" in second.text
        assert missing.status_code == 404
        assert "/zoeken/?q=steekproef&amp;pagina=3" in missing.text

    def test_nothing_found_helps_further(self, client):
        make_measure("Toezicht op granuliet")

        page = client.get("/zoeken/?q=toezigt granuliet").text

        assert "Wij vonden niets voor ‘toezigt granuliet’." in page
        assert 'href="/zoeken/?q=toezicht+granuliet"' in page
        assert "Bedoelde u" in page
        assert 'href="/zoeken/?q=granuliet"' in page
        assert 'href="/maatregelen/"' in page

    def test_an_empty_question_gives_the_form_and_tips(self, client):
        page = client.get("/zoeken/").text

        assert "Zo vindt u het" in page
        assert "noindex" not in page

    def test_a_kind_that_is_not_there_is_named_with_those_that_are(self, client):
        answer = client.get("/zoeken/?q=loket&soort=kip")

        assert answer.status_code == 400
        assert "‘kip’ kennen wij niet. Kies uit: maatregel, stand, motie" in answer.text
        assert 'value="loket"' in answer.text

    def test_what_was_typed_is_only_ever_text(self, client):
        page = client.get("/zoeken/", {"q": "<script>alert(1)</script>"}).text

        assert "<script>alert" not in page
        assert "‘&lt;script&gt;alert(1)&lt;/script&gt;’" in page

    def test_a_long_question_is_cut_and_the_page_says_so(self, client):
        page = unescape(client.get("/zoeken/", {"q": "loket " * 10_000}).text)

        assert "Uw vraag is lang." in page

    @pytest.mark.parametrize("address", ["/", "/maatregelen/", "/partijen/", "/bestaat-niet/"])
    def test_a_box_to_search_is_on_every_page(self, client, address):
        page = client.get(address).text

        assert 'action="/zoeken/"' in page
        assert 'role="search"' in page

    def test_the_box_stays_on_the_day_of_the_page(self, client):
        page = client.get("/?peildatum=2024-12-31&bekend_op=2025-01-31").text
        box = page.partition('class="site-search-box"')[2].partition("</form>")[0]

        assert 'name="peildatum" value="2024-12-31"' in box
        assert 'name="bekend_op" value="2025-01-31"' in box

    def test_no_cookie_and_no_post(self, client):
        assert not client.get("/zoeken/?q=loket").cookies
        assert client.post("/zoeken/", {"q": "loket"}).status_code == 405


@pytest.mark.django_db
class TestAtScale:
    @pytest.mark.parametrize("number", [1, 15])
    @pytest.mark.parametrize(
        ("query", "most"),
        [
            ("?q=steekproef", 22),
            ("?q=steekproef&peildatum=2023-06-01", 23),
            ("?q=steekproev", 25),
            ("?q=bestaatniet", 9),
            ("", 0),
        ],
    )
    def test_a_search_takes_as_many_queries_however_much_there_is(
        self, client, django_assert_max_num_queries, number, query, most
    ):
        fill(number)
        # How common a word is, is found out once.
        client.get(f"/zoeken/{query}")

        with django_assert_max_num_queries(most):
            client.get(f"/zoeken/{query}")

    @pytest.mark.parametrize("query", ["q=steekproef", "q=steekproef&peildatum=2023-06-01"])
    def test_the_list_of_measures_takes_as_many_queries_with_a_word_as_without(self, client, query):
        def queries(address):
            with CaptureQueries() as captured:
                client.get(address)
            return captured.number

        fill(2)
        few = queries(f"/maatregelen/?{query}")
        for _ in range(20):
            make_measure("Steekproef")
        search.catch_up()

        assert queries(f"/maatregelen/?{query}") == few

    def test_both_databases_search_by_their_index(self):
        fill(3)
        answer = search.Question.read("steekproef loopt")
        lot = search.engine.Lot(("motie", "brief"))

        plan = explain(*search.engine.engine().ranked(answer, lot, None, is_common=False))

        if connection.vendor == "postgresql":
            assert "Bitmap Index Scan on search_document_vector" in plan
        else:
            assert "SCAN measures_searchindex VIRTUAL TABLE INDEX" in plan
            assert "SEARCH document USING INTEGER PRIMARY KEY" in plan
        assert "Seq Scan" not in plan

    def test_the_list_of_measures_searches_by_the_same_index(self):
        from measures.models import Measure

        fill(3)
        asked = search.ask("steekproef")
        for point in [(None, None), (date(2023, 6, 1), None), (date(2023, 6, 1), date(2025, 1, 1))]:
            chosen = search.among_measures(Measure.objects.public(), asked, *point)

            plan = explain(*chosen.query.sql_with_params())

            # By the words, or, of so few measures, by the document of each.
            index = {"postgresql": "search_document_", "sqlite": "VIRTUAL TABLE INDEX"}
            assert index[connection.vendor] in plan
            assert "Seq Scan on measures_searchdocument" not in plan

    def test_more_than_anybody_reads_is_capped_and_the_page_says_so(self, client, monkeypatch):
        monkeypatch.setattr(search.engine, "MOST", 3)
        for n in range(8):
            make_party(f"Bureau Steekproef {n}")

        page = client.get("/zoeken/?q=steekproef")

        assert page.context["page_obj"].paginator.count == 3
        assert "meer dan" in page.text


def explain(sql, values):
    """How the database would go about it on a large table: a small one it just reads."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # For a word that is everywhere it may also walk back from the newest.
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        kind = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{kind} {sql}", values)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


class CaptureQueries:
    def __enter__(self):
        from django.test.utils import CaptureQueriesContext

        self.context = CaptureQueriesContext(connection)
        self.context.__enter__()
        return self

    def __exit__(self, *error):
        self.context.__exit__(*error)
        self.number = len(self.context)


OPERATORS = st.sampled_from(
    [
        '"',
        "'",
        "*",
        "(",
        ")",
        "-",
        ":",
        "^",
        "AND",
        "OR",
        "NOT",
        "NEAR(",
        "&",
        "|",
        "!",
        "<->",
        "\\",
    ]
)
WORDS = st.sampled_from(
    [
        "loket",
        "toezicht",
        "30015-87",
        "M7",
        "title_words:",
        "kind : stand",
        "één",
        "🌱",
        "\x00",
        "%",
    ]
)
QUESTIONS = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(OPERATORS, WORDS, st.text(max_size=8)), max_size=15).map(" ".join),
    st.lists(st.one_of(OPERATORS, WORDS), max_size=15).map("".join),
)


class TestAnyQuestion(TestCase):
    @classmethod
    def setUpTestData(cls):
        fill(1)

    @settings(max_examples=150, deadline=None)
    @given(
        question=QUESTIONS,
        kind=st.sampled_from(["", *search.KINDS, "kip", "\x00"]),
        page=st.sampled_from(["", "1", "2", "0", "x", "9" * 30]),
        day=st.sampled_from(["", "2023-06-01", "2024-02-30"]),
    )
    def test_is_answered(self, question, kind, page, day):
        asked = {"q": question, "soort": kind, "pagina": page, "peildatum": day}

        answer = self.client.get("/zoeken/", asked)

        assert answer.status_code in (200, 400, 404), asked
        if answer.status_code == 400 and day != "2024-02-30":
            assert kind in ("kip", "\x00")

    @settings(max_examples=60, deadline=None)
    @given(question=QUESTIONS, day=st.sampled_from(["", "2023-06-01"]))
    def test_is_answered_by_the_list_of_measures(self, question, day):
        asked = {"q": question, "peildatum": day}

        assert self.client.get("/maatregelen/", asked).status_code in (200, 400), asked

    def test_of_ten_thousand_words_is_answered(self):
        question = " ".join(f"woord{n}" for n in range(10_000))

        assert self.client.get("/zoeken/", {"q": question}).status_code == 200
