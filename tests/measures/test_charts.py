"""Figures as shapes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.charts import status_bar
from measures.models import Status

COUNTS = st.dictionaries(st.sampled_from(list(Status)), st.integers(0, 10_000))


@given(COUNTS)
def test_a_bar_shows_every_measure_once_and_fills_its_length(counts):
    bar = status_bar("Stand", counts)

    if not sum(counts.values()):
        assert bar is None
        return
    assert sum(segment.value for segment in bar.segments) == sum(counts.values())
    assert sum(segment.width for segment in bar.segments) == pytest.approx(100, abs=0.01)
    for left, right in zip(bar.segments, bar.segments[1:], strict=False):
        assert right.x == pytest.approx(left.x + left.width, abs=0.01)


def test_a_bar_says_in_words_what_it_shows():
    bar = status_bar("Stand", {Status.PLANNED: 1, Status.IMPLEMENTED: 3})

    assert bar.description == "Van 4: Geïmplementeerd: 3, Gepland: 1."
    assert [segment.css_class for segment in bar.segments] == [
        "site-status--geimplementeerd",
        "site-status--gepland",
    ]
