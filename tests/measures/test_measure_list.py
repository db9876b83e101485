"""Finding measures: filters, counts, order and pages, each an address."""

import csv
import io
import json
import re
from datetime import date
from html import unescape

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html
from odfdo import Document

from measures import search
from measures.filters import SORT_CHOICES
from measures.models import InternalNote, Involvement, Status
from parties.models import Party
from parties.publication import Publication
from tests.factories import CONCEPT, make_measure, make_party, make_source, make_theme, report

pytestmark = pytest.mark.django_db


def titles(response):
    return [measure.title for measure in response.context["page_obj"]]


def panel(client, address):
    text = client.get(address).text
    return re.search(r'<details class="site-filters".*?</details>', text, re.S)[0]


def choices(client, address, name):
    """{value: what people read} of a filter in the panel of a page."""
    form = html.fromstring(panel(client, address))
    options = form.xpath(f"//select[@name='{name}']/option")
    boxes = form.xpath(f"//label[input[@name='{name}']]")
    return {option.get("value"): option.text_content().strip() for option in options} | {
        box.find("input").get("value"): box.text_content().strip() for box in boxes
    }


@pytest.fixture
def measures():
    """Four measures that differ in everything one can choose by."""
    steering, trust = (
        make_theme("Sturing", slug="sturing"),
        make_theme("Vertrouwen", slug="vertrouwen"),
    )
    ilt = make_party("Inspectie", abbreviation="ILT", slug="ilt")
    sikb = make_party("Stichting", abbreviation="SIKB", slug="sikb")
    desk = make_measure("Loket voor vragen", theme=steering, lead=ilt, number=1)
    norms = make_measure("Normdocumenten", theme=steering, description="Eisen strenger.", number=2)
    talks = make_measure(
        "Overleg",
        theme=trust,
        lead=ilt,
        number=3,
        deadline=date(2024, 3, 31),
        deadline_precision="dag",
    )
    protocol = make_measure(
        "Protocol", theme=trust, number=4, deadline=date(2099, 12, 31), deadline_precision="jaar"
    )
    norms.involvements.create(party=sikb, role=Involvement.Role.CONSULTED)
    talks.involvements.create(party=sikb, role=Involvement.Role.INVOLVED)
    talks.involvements.create(party=ilt, role=Involvement.Role.INVOLVED)
    report(desk, Status.IMPLEMENTED, on=date(2023, 11, 1), explanation="Het loket is open.")
    report(talks, Status.PLANNED, on=date(2023, 1, 1))
    report(protocol, Status.IN_DEVELOPMENT, on=date(2024, 1, 1))
    return desk, norms, talks, protocol


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Loket voor vragen", "Normdocumenten", "Overleg", "Protocol"]),
        ("status=gepland", ["Overleg"]),
        ("status=gepland&status=onbekend", ["Normdocumenten", "Overleg"]),
        ("hoofdlijn=vertrouwen", ["Overleg", "Protocol"]),
        ("hoofdlijn=vertrouwen&status=gepland", ["Overleg"]),
        ("datum=te-laat", ["Overleg"]),
        ("datum=op-schema", ["Protocol"]),
        ("datum=nvt", ["Loket voor vragen"]),
        ("datum=geen-datum", ["Normdocumenten"]),
        ("partij=ilt", ["Loket voor vragen", "Overleg"]),
        ("partij=ilt&rol=trekker", ["Loket voor vragen", "Overleg"]),
        ("partij=ilt&rol=betrokken", ["Overleg"]),
        ("partij=sikb", ["Normdocumenten", "Overleg"]),
        ("partij=sikb&rol=trekker", []),
        ("rol=trekker", ["Loket voor vragen", "Overleg"]),
        ("rol=geraadpleegd", ["Normdocumenten"]),
        ("q=LOKET", ["Loket voor vragen"]),
        ("q=strenger", ["Normdocumenten"]),
        ("q=open", ["Loket voor vragen"]),
        ("q=loket+open", ["Loket voor vragen"]),
        ("q=loket+strenger", []),
        ("q=M3", ["Overleg"]),
        ("q=4", ["Protocol"]),
        ("q=%25", []),
        ("q=één", []),
    ],
)
def test_a_filter_leaves_what_fits(client, measures, query, found):
    assert titles(client.get(f"/maatregelen/?{query}")) == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("nummer", [1, 2, 3, 4]),
        ("-nummer", [4, 3, 2, 1]),
        ("titel", [1, 2, 3, 4]),
        ("-titel", [4, 3, 2, 1]),
        ("status", [2, 3, 4, 1]),
        ("-status", [1, 4, 3, 2]),
        ("streefdatum", [3, 4, 1, 2]),
        ("-streefdatum", [4, 3, 1, 2]),
        ("bijgewerkt", [3, 1, 4, 2]),
        ("-bijgewerkt", [4, 1, 3, 2]),
    ],
)
def test_every_order_puts_what_is_unknown_last_and_is_total(client, measures, order, found):
    page = client.get(f"/maatregelen/?sorteer={order}").context["page_obj"]

    assert [measure.number for measure in page] == found
    assert page.paginator.object_list.totally_ordered
    assert order in dict(SORT_CHOICES)


def test_every_count_is_what_the_choice_gives(client, measures):
    """Under any other filter: follow each choice and count."""
    for others in [
        "",
        "q=o",
        "status=gepland",
        "hoofdlijn=sturing",
        "partij=ilt",
        "partij=sikb",
        "rol=trekker",
        "rol=geraadpleegd",
    ]:
        for name in ("status", "hoofdlijn", "datum", "partij", "rol"):
            if others.startswith(name):
                continue
            for value, label in choices(client, f"/maatregelen/?{others}", name).items():
                if not value:
                    continue
                promised = int(re.search(r"\((\d+)\)$", label)[1])
                page = client.get(f"/maatregelen/?{others}&{name}={value}").context["page_obj"]
                assert page.paginator.count == promised, (others, name, value)


def test_a_count_is_of_what_one_gets_by_choosing_otherwise(client, measures):
    """Beside a chosen party and role stand the numbers of the other parties and roles."""
    address = "/maatregelen/?partij=ilt&rol=betrokken"
    parties, roles = choices(client, address, "partij"), choices(client, address, "rol")

    assert list(parties) == ["", "ilt", "sikb"]
    assert parties["ilt"] == "Inspectie (1)"
    assert parties["sikb"] == "Stichting (1)"
    assert roles["trekker"] == "Trekker (2)"
    assert roles["geraadpleegd"] == "Geraadpleegd (0)"

    roles = choices(client, "/maatregelen/?rol=geraadpleegd", "rol")
    assert roles["trekker"] == "Trekker (2)"


def test_the_panel_of_filters_is_of_this_choice_this_day_and_this_version(client, measures):
    now = panel(client, "/maatregelen/")
    assert "Sturing (2)" in now
    assert panel(client, "/maatregelen/?utm_source=nieuwsbrief") == now
    for other in ("?status=gepland", "?sorteer=titel", "?peildatum=2023-06-01", "?q=loket"):
        assert panel(client, f"/maatregelen/{other}") != now

    make_measure("Vijfde", theme=measures[0].theme)

    assert "Sturing (3)" in panel(client, "/maatregelen/")


def test_who_filters_on_a_past_day_stays_on_it(client, measures):
    found = panel(client, "/maatregelen/?peildatum=2024-06-01&bekend_op=2024-07-01")

    assert '<input type="hidden" name="peildatum" value="2024-06-01">' in found
    assert '<input type="hidden" name="bekend_op" value="2024-07-01">' in found


@pytest.mark.parametrize("typed", ["één", "ÉÉN", "Één"])
def test_capitals_make_no_difference_with_accents_either(client, typed):
    make_measure("Één loket")
    make_measure("Naar één norm")
    make_measure("Vervolg")

    assert titles(client.get("/maatregelen/", {"q": typed})) == ["Één loket", "Naar één norm"]


def test_a_chosen_filter_can_be_taken_away_by_a_link(client, measures):
    page = client.get("/maatregelen/?status=gepland&status=onbekend&q=e&peildatum=2026-01-01")

    active = {item["label"]: item["url"] for item in page.context["active"]}

    assert set(active) == {
        "Zoek in nummer, titel en tekst: e",
        "Status: Gepland",
        "Status: Onbekend",
    }
    assert active["Status: Gepland"] == "?status=onbekend&q=e&peildatum=2026-01-01"


@pytest.mark.parametrize(
    ("query", "typed"),
    [
        ("status=klaar", "klaar"),
        ("hoofdlijn=bestaat-niet", "bestaat-niet"),
        ("partij=niemand", "niemand"),
        ("rol=baas", "baas"),
        ("datum=morgen", "morgen"),
        ("sorteer=kleur", "kleur"),
    ],
)
def test_a_value_that_does_not_exist_is_named_with_what_does(client, measures, query, typed):
    response = client.get(f"/maatregelen/?q=loket&{query}")
    text = unescape(response.text)

    assert response.status_code == 400
    assert f"‘{typed}’ kennen wij niet. Kies uit: " in text
    assert "Traceback" not in text
    assert 'value="loket"' in text
    assert not titles(response)


def test_a_wrong_filter_is_told_before_anything_else(client, measures):
    response = client.get("/maatregelen/?status=klaar&pagina=9")
    main = response.text.partition("<main")[2]

    assert response.status_code == 400
    assert main.index("site-alert--error") < main.index("<details")
    assert main.count('role="alert"') == 1
    assert '<details class="site-filters" open>' in main
    assert "<title>Fout: Maatregelen" in response.text


def test_nothing_found_says_what_to_do(client, measures):
    page = client.get("/maatregelen/?q=bestaatniet").text

    assert "Geen maatregel past bij deze filters." in page


class TestPages:
    @pytest.fixture
    def many(self):
        theme = make_theme()
        for n in range(60):
            # Of a third the date is unknown, and the others share theirs by five.
            deadline = date(2027, 1, 1 + n % 8) if n % 3 else None
            make_measure(f"Maatregel {n}", theme=theme, deadline=deadline)

    def test_a_page_holds_25_and_keeps_the_filters(self, client, many):
        page = client.get("/maatregelen/?status=onbekend&pagina=2")

        assert len(titles(page)) == 25
        assert "?status=onbekend&amp;pagina=3" in page.text

    def test_an_empty_page_number_is_the_first(self, client, many):
        assert client.get("/maatregelen/?pagina=").context["page_obj"].number == 1

    @pytest.mark.parametrize("order", [order for order, _ in SORT_CHOICES])
    def test_the_pages_together_are_the_list_in_its_order(self, client, many, order):
        pages = [
            client.get(f"/maatregelen/?sorteer={order}&pagina={n}").context["page_obj"]
            for n in (1, 2, 3)
        ]

        shown = [measure.number for page in pages for measure in page]
        assert shown == [measure.number for measure in pages[0].paginator.object_list]
        assert [len(page) for page in pages] == [25, 25, 10]

    def test_the_last_page_is_read_from_its_own_end(self, client, many):
        with CaptureQueriesContext(connection) as queries:
            client.get("/maatregelen/?pagina=3")

        (rows,) = [q["sql"] for q in queries if " LIMIT 10" in q["sql"]]
        assert "OFFSET" not in rows

    @pytest.mark.parametrize("asked", ["9999", "0", "-1", "abc", "1e9", "9" * 50])
    def test_a_page_that_is_not_there_leads_to_the_last(self, client, many, asked):
        response = client.get(f"/maatregelen/?status=onbekend&pagina={asked}")

        assert response.status_code == 404
        assert "De lijst heeft 3 pagina’s." in response.text
        assert "?status=onbekend&amp;pagina=3" in response.text


@pytest.mark.parametrize("number", [3, 50])
@pytest.mark.parametrize(
    "query",
    ["", "?peildatum=2024-06-30", "?q=maatregel&status=onbekend&rol=trekker&datum=geen-datum"],
)
def test_the_list_takes_six_queries_or_ten_with_a_word_however_many_measures(
    client, django_assert_max_num_queries, number, query
):
    lead, other = make_party(), make_party()
    for _ in range(number):
        measure = make_measure(lead=lead)
        measure.involvements.create(party=other)
        report(measure, Status.PLANNED, on=date(2023, 1, 1))

    search.catch_up()

    # The first to ask after a change counts; see measures/once.py.
    client.get(f"/maatregelen/{query}")
    # On a past day one more: what today says instead. With a word four: whether the index is
    # up to date (asked three times), and the compounds that the word is part of.
    most = 6 + ("peildatum" in query) + 4 * ("q=" in query)
    with django_assert_max_num_queries(most):
        client.get(f"/maatregelen/{query}")


def test_filters_counts_and_search_follow_the_reference_date(client, measures):
    then = client.get("/maatregelen/?peildatum=2023-06-30&status=onbekend")
    assert titles(then) == ["Loket voor vragen", "Normdocumenten", "Protocol"]

    assert titles(client.get("/maatregelen/?peildatum=2023-06-30&q=open")) == []
    assert titles(client.get("/maatregelen/?peildatum=2023-06-30&datum=op-schema")) == [
        "Overleg",
        "Protocol",
    ]
    assert "Onbekend (3)" in then.text


class TestAsAFile:
    @pytest.fixture
    def rows(self, client):
        """A function that reads the list back from a format, as lists of texts."""

        def read(name, query=""):
            data = b"".join(client.get(f"/maatregelen.{name}?{query}"))
            match name:
                case "csv":
                    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
                case "xlsx":
                    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
                    return [[cell or "" for cell in row] for row in sheet.values]
                case "ods":
                    sheet = Document(io.BytesIO(data)).body.tables[0]
                    return [[str(cell or "") for cell in row] for row in sheet.iter_values()]
                case "json":
                    found = json.loads(data)["maatregelen"]
                    return [list(found[0]), *(list(row.values()) for row in found)]

        return read

    @pytest.mark.parametrize("name", ["csv", "xlsx", "ods", "json"])
    def test_a_file_has_the_rows_and_order_of_the_page(self, client, measures, rows, name):
        query = "hoofdlijn=vertrouwen&sorteer=-nummer"

        head, *found = rows(name, query)

        assert [row[0] for row in found] == ["M4", "M3"]
        assert [row[1] for row in found] == titles(client.get(f"/maatregelen/?{query}"))
        assert head[0].lower() == "nummer"

    def test_a_file_says_what_is_known_and_what_is_not(self, measures, rows):
        desk = measures[0]
        desk.updates.get().sources.add(make_source("Nieuwsbericht"))

        head, first, second, *_ = rows("csv")
        loket, norms = dict(zip(head, first, strict=True)), dict(zip(head, second, strict=True))

        assert loket["Status"] == "Geïmplementeerd"
        assert loket["Stand op"] == "1 november 2023"
        assert loket["Stand van zaken"] == "Het loket is open."
        assert loket["Trekker"] == "Inspectie"
        assert loket["Bronnen"] == "Nieuwsbericht"
        assert loket["Adres"].endswith("/maatregelen/1/")
        assert (loket["Stand op, laatste dag"], loket["Streefdatum, laatste dag"]) == (
            "2023-11-01",
            "",
        )
        assert norms["Trekker"] == norms["Streefdatum"] == norms["Stand van zaken"] == "onbekend"

    def test_a_file_follows_the_reference_date(self, client, measures):
        data = client.get("/maatregelen.json?peildatum=2023-06-30").json()

        assert (data["peildatum"], data["aantal"]) == ("2023-06-30", 4)
        assert data["maatregelen"][0]["status"] == "Onbekend"

    def test_a_file_holds_all_rows(self, client):
        theme = make_theme()
        for _ in range(60):
            make_measure(theme=theme)

        assert client.get("/maatregelen.json").json()["aantal"] == 60

    @pytest.mark.parametrize("name", ["csv", "json", "xlsx", "ods"])
    def test_a_file_holds_nothing_that_is_not_public(self, client, measures, rows, name):
        hide("Zwartemarker", beside=measures[1])

        cells = [cell for row in rows(name) for cell in row]

        assert "Normdocumenten" in cells
        assert not [cell for cell in cells if "zwartemarker" in cell.lower()]

    @pytest.mark.parametrize("name", ["csv", "json", "xlsx", "ods"])
    def test_a_wrong_filter_is_refused_in_words(self, client, measures, name):
        response = client.get(f"/maatregelen.{name}?status=klaar")

        assert response.status_code == 400
        assert "‘klaar’ kennen wij niet" in response.text

    @pytest.mark.parametrize("name", ["csv", "xlsx", "ods"])
    def test_no_cell_becomes_a_formula(self, rows, name):
        make_measure("=HYPERLINK(1)")

        cell = rows(name)[1][1]

        assert cell.lstrip("'") == "=HYPERLINK(1)"
        assert name != "csv" or cell.startswith("'")

    @pytest.mark.parametrize("number", [3, 40])
    def test_a_file_takes_the_same_queries_however_many_measures(
        self, client, django_assert_max_num_queries, number
    ):
        for _ in range(number):
            report(make_measure(lead=make_party()), Status.PLANNED, on=date(2023, 1, 1))

        with django_assert_max_num_queries(12):
            client.get("/maatregelen.csv")


def hide(marker, *, beside):
    """Put a marker in everything of the list that the public may not see."""
    source = make_source(marker, publication=CONCEPT)
    party = make_party(marker, publication=CONCEPT, slug=marker.lower(), abbreviation=marker)
    hidden = make_measure(marker, publication=CONCEPT, theme=beside.theme, description=marker)
    report(hidden, Status.IMPLEMENTED, on=date(2024, 1, 1), explanation=marker)
    for n, state in enumerate([CONCEPT, Publication.WITHDRAWN]):
        report(
            beside,
            Status.IMPLEMENTED,
            on=date(2025, 1, 1 + n),
            explanation=marker,
            publication=state,
            withdrawal_reason=marker,
            **({"published_at": timezone.now()} if n else {}),
        )
    beside.lead = party
    beside.save()
    beside.sources.add(source)
    for role in Involvement.Role:
        beside.involvements.create(party=party, role=role, remark=marker)
        hidden.involvements.create(party=Party.objects.public().first(), role=role)
    InternalNote.objects.create(measure=beside, text=marker)


@pytest.mark.parametrize("query", ["", "peildatum=2026-01-01&"])
def test_what_is_not_public_is_neither_found_nor_counted(client, measures, query):
    def counts():
        names = ("status", "hoofdlijn", "datum", "partij", "rol")
        return {name: choices(client, f"/maatregelen/?{query}", name) for name in names}

    before = counts()
    hide("Zwartemarker", beside=measures[1])

    assert counts() == before
    assert before["status"]["gepland"] == "Gepland (1)"
    assert "zwartemarker" not in client.get(f"/maatregelen/?{query}").text.lower()
    assert titles(client.get(f"/maatregelen/?{query}q=zwarte")) == []
    assert client.get(f"/maatregelen/?{query}partij=zwartemarker").status_code == 400
    assert titles(client.get(f"/maatregelen/?{query}rol=medetrekker")) == []
    assert titles(client.get(f"/maatregelen/?{query}rol=trekker")) == [
        "Loket voor vragen",
        "Overleg",
    ]
