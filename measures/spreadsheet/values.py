"""What a cell means: a text, a day, a status, a party. Every complaint is Dutch."""

import math
import re
from datetime import date, datetime

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from ..models import Status
from ..periods import Precision
from .cells import Cell, tidy

# Days outside these years are a slip of the hand or of a spreadsheet program.
YEARS = range(1990, 2101)
_MONTHS = "januari februari maart april mei juni juli augustus september oktober november december"
_SHORT = {"mrt": 3}
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_IN_WORDS = re.compile(r"(\d{1,2})[- ]([a-z]{3,9})\.?[- ](\d{4})")


class Unreadable(ValueError):
    """A cell that is not what its column asks; the message is Dutch."""


def text(cell: Cell) -> str:
    """The cell as text, of which only the spaces at the ends of lines are left out."""
    if cell.is_formula:
        raise Unreadable(
            "hier staat een formule. Zet er de uitkomst zelf neer (plakken als waarde)"
        )
    value = cell.value
    if isinstance(value, bool):
        raise Unreadable("hier staat WAAR of ONWAAR; wij verwachten tekst")
    if isinstance(value, date):
        raise Unreadable(
            f"de spreadsheet maakte hier een datum van ({value:%d-%m-%Y}); wij verwachten tekst"
        )
    if isinstance(value, float):
        value = str(int(value)) if math.isfinite(value) and value.is_integer() else str(value)
    return tidy(str(value))


def line(cell: Cell) -> str:
    """A text of one line."""
    return " ".join(text(cell).split())


def number(cell: Cell) -> int:
    """'M7', '7' or 7 → 7."""
    found = line(cell).upper().removeprefix("M").strip()
    if not found.isascii() or not found.isdecimal() or len(found) > 9:
        raise Unreadable("wij verwachten het nummer van een maatregel, zoals M7")
    return int(found)


def day(cell: Cell) -> date | None:
    """A day, from a date cell, the number of a day, or a Dutch date in words or figures."""
    value = cell.value
    if isinstance(value, date) and not cell.is_formula:
        return _plausible(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not cell.is_formula:
        return _serial(value, from_1904=cell.from_1904)
    told = line(cell).lower()
    if not told or told == "onbekend":
        return None
    if told.isascii() and told.isdecimal() and len(told) == 5:
        return _serial(int(told), from_1904=False)
    if found := _DAY_FIRST.fullmatch(told):
        return _made(told, int(found[3]), int(found[2]), int(found[1]))
    if found := _YEAR_FIRST.fullmatch(told):
        return _made(told, int(found[1]), int(found[2]), int(found[3]))
    if (found := _IN_WORDS.fullmatch(told)) and (month := _month(found[2])):
        return _made(told, int(found[3]), month, int(found[1]))
    raise Unreadable(f"‘{_short(told)}’ lezen wij niet als dag. Schrijf bijvoorbeeld 31-12-2026")


def _month(name: str) -> int | None:
    months = [n for n, month in enumerate(_MONTHS.split(), start=1) if month.startswith(name)]
    return _SHORT.get(name) or (months[0] if len(months) == 1 else None)


def _serial(value: float, *, from_1904: bool) -> date:
    if not math.isfinite(value) or value != int(value) or not 0 < value < 100_000:
        raise Unreadable(f"{value} is geen dag. Schrijf bijvoorbeeld 31-12-2026")
    found = from_excel(value, CALENDAR_MAC_1904 if from_1904 else CALENDAR_WINDOWS_1900)
    if not isinstance(found, date):
        raise Unreadable(f"{value} is geen dag. Schrijf bijvoorbeeld 31-12-2026")
    return _plausible(found.date() if isinstance(found, datetime) else found)


def _made(told: str, year: int, month: int, day: int) -> date:
    try:
        return _plausible(date(year, month, day))
    except ValueError as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"de dag ‘{_short(told)}’ bestaat niet") from error


def _plausible(found: date) -> date:
    if found.year not in YEARS:
        raise Unreadable(
            f"{found.day}-{found.month}-{found.year} kan niet kloppen; "
            f"wij verwachten een jaar van {YEARS[0]} tot {YEARS[-1]}"
        )
    return found


def precision(cell: Cell) -> Precision | None:
    """How exactly a day is known; None when the cell is empty or says 'onbekend'."""
    told = line(cell).lower()
    if not told or told == Precision.UNKNOWN:
        return None
    if told in Precision.values:
        return Precision(told)
    known = ", ".join(value for value in Precision.values if value != Precision.UNKNOWN)
    raise Unreadable(f"‘{_short(told)}’ kennen wij niet. Kies uit: {known}")


def status(cell: Cell) -> tuple[Status, int | None]:
    """A status, and for 'opgegaan in M5' the number of that measure."""
    told = line(cell).lower()
    merged = re.fullmatch(r"opgegaan[ -]in:? m?(\d{1,9})", told)
    if merged:
        return Status.MERGED, int(merged[1])
    for found in Status:
        if told in (found.value, found.label.lower()):
            if found == Status.MERGED:
                raise Unreadable("schrijf erbij in welke maatregel, zoals ‘opgegaan in M5’")
            return found, None
    known = ", ".join(value.label.lower() for value in Status if value != Status.MERGED)
    raise Unreadable(
        f"‘{_short(told)}’ kennen wij niet. Kies uit: {known}, of bijvoorbeeld ‘opgegaan in M5’"
    )


def _short(told: str) -> str:
    return told if len(told) <= 40 else f"{told[:39]}…"
