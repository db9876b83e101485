"""A line of time from left to right."""

from dataclasses import dataclass
from datetime import date

from django.utils import formats

from .drawing import Rule, Shape, Words

# Months between two ticks.
STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 12_000)
MOST_YEARS = 6
MOST_MONTHS = 4


@dataclass(frozen=True)
class Axis:
    """Days between `left` and `right` per cent of the width, `start` and `end` included."""

    start: date
    end: date
    left: float = 0
    right: float = 100

    def at(self, day: date) -> float:
        """Where a day lies; what lies outside is put at the end that it is nearest to."""
        length = (self.end - self.start).days or 1
        part = min(max((day - self.start).days / length, 0), 1)
        return round(self.left + part * (self.right - self.left), 3)

    @property
    def ticks(self) -> list[tuple[date, str]]:
        """First days of months or years, so few that their names fit on a phone."""
        for step in STEPS:
            days = self._every(step)
            if len(days) <= (MOST_YEARS if step >= 12 else MOST_MONTHS):
                return [(day, _label(day, step)) for day in days]
        return []

    def _every(self, step: int) -> list[date]:
        """The days on which a step of so many months begins; too many are not all counted."""
        first = self.start.year * 12 + self.start.month - 1 + (self.start.day > 1)
        first = -(-first // step) * step
        found = []
        for months in range(first, self.end.year * 12 + self.end.month, step):
            found.append(date(months // 12, months % 12 + 1, 1))
            if len(found) > MOST_YEARS:
                break
        return found

    def drawn(self, top: float, bottom: float) -> list[Shape]:
        """The line at `bottom`, and a tick with its name for each date; 24 pixels below it."""
        shapes: list[Shape] = [Rule(self.left, bottom, self.right, bottom, "site-chart__axis")]
        for day, label in self.ticks:
            x = self.at(day)
            anchor = "start" if x < 6 else "end" if x > 94 else "middle"
            shapes += [
                Rule(x, top, x, bottom + 5),
                Words(x, bottom + 20, label, "site-chart__small", anchor),
            ]
        return shapes


def _label(day: date, step: int) -> str:
    return str(day.year) if step >= 12 else formats.date_format(day, "M Y").lower()
