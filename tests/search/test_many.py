"""A word in very many measures: each is looked at by itself, and the same ones are found."""

from datetime import date

import pytest

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
