"""Every filter, every order, a day in the past and a search are answered along an index."""

import re
from itertools import chain

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from measures import demo, search
from measures.filters import SORT_CHOICES, MeasureFilter
from measures.models import Involvement, Measure
from tests.bench_fill import involve_parties

pytestmark = pytest.mark.django_db

BIG = (
    "measures_measure",
    "measures_progressupdate",
    "measures_deadlinechange",
    "measures_searchdocument",
    "measures_involvement",
)
# A choice for every filter of the list; one that is not here fails the first test.
CHOICES = {
    "q": ["q=overleg", "q=M77"],
    "status": ["status=geimplementeerd", "status=gepland&status=in-uitwerking"],
    "hoofdlijn": ["hoofdlijn=fictieve-hoofdlijn-2"],
    "datum": [f"datum={state}" for state in ("te-laat", "nadert", "op-schema", "nvt")],
    "partij": ["partij=fictieve-organisatie-3", "partij=fictieve-organisatie-3&rol=trekker"],
    "rol": ["rol=trekker", "rol=betrokken", "rol=vervolg"],
    "sorteer": [f"sorteer={order}" for order, _ in SORT_CHOICES],
}
PAST = ["peildatum=2024-06-30", "peildatum=2024-06-30&bekend_op=2024-06-30"]
PAGES = [
    "/maatregelen/7/",
    *(f"/maatregelen/7/?{past}" for past in PAST),
    *(f"/maatregelen/?{past}" for past in PAST),
    *(f"/maatregelen/?q=overleg&{past}" for past in PAST),
    "/zoeken/?q=overleg",
    *(f"/zoeken/?q=overleg&{past}" for past in PAST),
    "/partijen/fictieve-organisatie-3/",
    "/hoofdlijnen/fictieve-hoofdlijn-2/",
]


@pytest.fixture
def many():
    demo.generate(measures=1500, updates=3, seed=1)
    involve_parties()
    few = Measure.objects.filter(number__lte=30)
    Involvement.objects.bulk_create(
        Involvement(measure=measure, group="Fictieve groep", role="vervolg") for measure in few
    )
    search.catch_up()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def plans(client, address) -> list[tuple[str, str]]:
    """Every query of a page with its plan. What is counted once was counted before."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    found = []
    if connection.vendor == "postgresql":
        # To read fifteen hundred rows is no work; whether there is another way is what counts.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    for sql in [query["sql"] for query in queries if query["sql"].startswith("SELECT")]:
        with connection.cursor() as cursor:
            cursor.execute(f"{explain} {sql}".replace("%", "%%"), [])
            rows = cursor.fetchall()
        found.append((sql, "\n".join(str(row[-1]) for row in rows)))
    return found


def whole_tables(sql: str, plan: str) -> list[str]:
    """The big tables of which a plan reads all rows, whatever they are called in it."""
    if connection.vendor == "postgresql":
        return [table for table in BIG if re.search(rf"Seq Scan on {table}\b", plan)]
    names = {table: table for table in BIG}
    for table, alias in re.findall(r'"?(\w+)"? (?:AS )?"?([TU]\d+|document)"?', sql):
        names[alias] = table
    # 'SCAN x USING INDEX' walks along an index until the page is full.
    scanned = re.findall(r"^SCAN (\w+)$", plan, re.MULTILINE)
    return [name for name in scanned if names.get(name) in BIG]


def sorts(plan: str) -> bool:
    """Whether the rows are put in order after they were all found."""
    return "TEMP B-TREE FOR ORDER BY" in plan or bool(re.search(r"^ *(-> +)?Sort\b", plan, re.M))


def list_query(found: list[tuple[str, str]]) -> tuple[str, str]:
    """The query that reads the rows of a page of the list, with its plan."""
    return next(q for q in found if 'FROM "measures_measure"' in q[0] and "LIMIT 25" in q[0])


def test_every_filter_of_the_list_has_an_index(client, many, monkeypatch):
    assert CHOICES.keys() == MeasureFilter.base_filters.keys()

    # More than this are walked along, fewer are found first; either way by an index.
    monkeypatch.setattr("measures.filters.MANY", 100)
    for query in chain.from_iterable(CHOICES.values()):
        for sql, plan in plans(client, f"/maatregelen/?{query}"):
            assert not whole_tables(sql, plan), f"{query}\n{sql}\n{plan}"


def test_every_order_of_the_list_is_that_of_an_index(client, many):
    for order, _ in SORT_CHOICES:
        sql, plan = list_query(plans(client, f"/maatregelen/?sorteer={order}"))
        assert not sorts(plan), f"{order}\n{sql}\n{plan}"


def test_a_measure_a_past_day_and_a_search_have_indexes(client, many):
    for address in PAGES:
        for sql, plan in plans(client, address):
            assert not whole_tables(sql, plan), f"{address}\n{sql}\n{plan}"
