"""Dates that are known to the day, the month or only the year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.periods import Precision, format_period, period_end, period_start

KNOWN = st.sampled_from([p for p in Precision if p != Precision.UNKNOWN])
DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))


@pytest.mark.parametrize(
    ("day", "precision", "start", "end", "text"),
    [
        (date(2022, 4, 4), "dag", date(2022, 4, 4), date(2022, 4, 4), "4 april 2022"),
        (date(2024, 2, 9), "maand", date(2024, 2, 1), date(2024, 2, 29), "februari 2024"),
        (date(2025, 11, 3), "kwartaal", date(2025, 10, 1), date(2025, 12, 31), "4e kwartaal 2025"),
        (date(2018, 10, 1), "seizoen", date(2018, 9, 1), date(2018, 11, 30), "najaar 2018"),
        (date(2021, 1, 5), "seizoen", date(2020, 12, 1), date(2021, 2, 28), "winter 2020-2021"),
        (date(2025, 3, 1), "jaar", date(2025, 1, 1), date(2025, 12, 31), "2025"),
    ],
)
def test_a_period_runs_from_its_first_to_its_last_day(day, precision, start, end, text):
    assert period_start(day, precision) == start
    assert period_end(day, precision) == end
    assert format_period(day, precision) == text


def test_an_unknown_date_is_said_to_be_unknown():
    assert format_period(None, Precision.UNKNOWN) == "onbekend"


@given(DAYS, KNOWN)
def test_every_day_of_a_period_gives_the_same_period(day, precision):
    start, end = period_start(day, precision), period_end(day, precision)

    assert start <= day <= end
    assert {period_start(start, precision), period_start(end, precision)} == {start}
    assert {period_end(start, precision), period_end(end, precision)} == {end}
    assert format_period(start, precision) == format_period(end, precision)
