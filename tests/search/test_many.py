"""A word in very many measures: each is looked at by itself, and the same ones are found."""

import re
from datetime import date

import pytest
from django.db import connection

from measures import demo, search
from measures.models import Measure
from measures.search import Question, among_measures

pytestmark = pytest.mark.django_db

POINTS = [(None, None), (date(2024, 6, 30), None), (date(2024, 6, 30), date(2024, 6, 30))]
TYPED = [
    "overleg",
    "overl",
    "de proef is gestart",
    "M7",
    "toezicht verslag",
    "steekproef overleg",
    "test-loopt",
    "bestaatniet",
]


@pytest.fixture
def many():
    demo.generate(measures=60, updates=4, seed=1)
    search.catch_up()


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("typed", TYPED)
def test_looking_at_each_measure_finds_what_the_index_finds(many, typed, point):
    measures = Measure.objects.public_as_of(*point)
    question = Question.read(typed)

    by_index = among_measures(measures, question, *point)
    one_by_one = among_measures(measures, question, *point, are_many=True)

    found = list(one_by_one.order_by("number").values_list("number", flat=True))
    assert found == list(by_index.order_by("number").values_list("number", flat=True))
    assert found or typed in ("bestaatniet", "toezicht verslag")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows conditions.")
@pytest.mark.parametrize("point", POINTS)
def test_the_index_gives_the_documents_and_nobody_looks_through_all(many, point):
    found = among_measures(Measure.objects.public_as_of(*point), Question.read("M7"), *point)

    plan = found.values("pk").explain()

    assert "measures_searchindex" in plan
    # As SQLite says that an inner query reads all rows of its table.
    assert not re.search(r"SCAN (U\d|measures_searchdocument)", plan), plan
