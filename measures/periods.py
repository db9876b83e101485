"""Dates that are known to the day, the month, or only the year.

A period is stored as one date with a precision. For something that happened
(`period_start`) and for a deadline or a reported state (`period_end`) the
stored day is the first or the last day of the period, so that a plain
comparison of dates is right: a deadline 'in 2025' is only passed in 2026, and
something reported 'in 2022' was certainly so on the last day of 2022.
"""

import calendar
from datetime import date
from functools import lru_cache

from django.db import models
from django.utils import formats


class Precision(models.TextChoices):
    """How exactly a date is known."""

    DAY = "dag", "Dag"
    MONTH = "maand", "Maand"
    QUARTER = "kwartaal", "Kwartaal"
    SEASON = "seizoen", "Seizoen"
    YEAR = "jaar", "Jaar"
    UNKNOWN = "onbekend", "Onbekend"


_SEASONS = {3: "voorjaar", 6: "zomer", 9: "najaar", 12: "winter"}


def _first_month(day: date, precision: str) -> tuple[int, int]:
    """Year and month with which the period of `day` begins."""
    match precision:
        case Precision.YEAR:
            return day.year, 1
        case Precision.QUARTER:
            return day.year, 3 * ((day.month - 1) // 3) + 1
        case Precision.SEASON:
            # Winter runs from December into the next year.
            if day.month < 3:
                return day.year - 1, 12
            return day.year, 3 * (day.month // 3)
    return day.year, day.month


_MONTHS: dict[str, int] = {
    Precision.MONTH: 1,
    Precision.QUARTER: 3,
    Precision.SEASON: 3,
    Precision.YEAR: 12,
}


def period_start(day: date, precision: str) -> date:
    """First day of the period that `day` lies in."""
    if precision not in _MONTHS:
        return day
    year, month = _first_month(day, precision)
    return date(year, month, 1)


def period_end(day: date, precision: str) -> date:
    """Last day of the period that `day` lies in."""
    if precision not in _MONTHS:
        return day
    year, month = _first_month(day, precision)
    last = month + _MONTHS[precision] - 1
    year, month = year + (last - 1) // 12, (last - 1) % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


# There are few days and many records: each is written once.
@lru_cache(maxsize=8192)
def format_period(day: date | None, precision: str) -> str:
    """The period in Dutch: '4 april 2022', 'najaar 2018', '4e kwartaal 2025'.

    An unknown date is 'onbekend', never an empty place.
    """
    if day is None or precision == Precision.UNKNOWN:
        return "onbekend"
    match precision:
        case Precision.YEAR:
            return str(day.year)
        case Precision.QUARTER:
            return f"{(day.month - 1) // 3 + 1}e kwartaal {day.year}"
        case Precision.SEASON:
            start = period_start(day, precision)
            if start.month == 12:
                return f"winter {start.year}-{start.year + 1}"
            return f"{_SEASONS[start.month]} {start.year}"
        case Precision.MONTH:
            return formats.date_format(day, "F Y")
    return formats.date_format(day, "j F Y")
