"""The pictures of the site: their names, what they say in a sentence, and their figures.

Brings the public figures of a day to `measures/charts/`, which draws them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from .charts import Drawing, deadlines, matrix, measure_line, over_time, per_theme
from .charts.measure_line import Entry
from .documents import Table
from .models import (
    DeadlineChange,
    Finding,
    FindingLink,
    Letter,
    Measure,
    ProgressUpdate,
    ReportingMoment,
    Theme,
)
from .once import once
from .reference_date import ReferenceDate
from .status_steps import status_steps


@dataclass(frozen=True)
class Picture:
    """A picture with its figures.

    `sentence` says in plain Dutch what one sees. `shown` is the table on the page, `table`
    that of the file; they differ when there are more rows than anybody reads on a page.
    """

    chart: Drawing
    sentence: str
    table: Table
    shown: Table
    remark: str = ""

    @property
    def name(self) -> str:
        return self.chart.name

    @property
    def title(self) -> str:
        return self.chart.title

    @property
    def is_shortened(self) -> bool:
        return len(self.shown.rows) < len(self.table.rows)

    def get_absolute_url(self) -> str:
        return reverse("picture", args=[self.name])


def per_theme_picture(reference: ReferenceDate) -> Picture:
    tally = Measure.objects.tally(*reference.point)
    themes = [(theme.title, tally.by_status(theme.slug)) for theme in Theme.objects.all()]
    table = per_theme.table(themes)
    return Picture(
        per_theme.draw(themes),
        "Voor elke hoofdlijn ziet u hoeveel maatregelen klaar zijn, hoeveel nog niet, en van "
        "hoeveel wij het niet weten.",
        table,
        table,
    )


def over_time_picture(reference: ReferenceDate) -> Picture:
    about = ("steps", None, reference.point, timezone.localdate())
    history = once(about, lambda: status_steps(None, *reference.point))
    return Picture(
        over_time.draw(history, reference.day),
        "U ziet hoeveel maatregelen op elke dag een status hadden. Een trede omhoog of omlaag is "
        "een nieuwe melding.",
        over_time.table(history),
        over_time.table(over_time.shortened(history)),
        "Een maatregel telt mee als onbekend tot de eerste dag waarover een bron iets zegt.",
    )


def deadlines_picture(reference: ReferenceDate) -> Picture:
    found = (
        Measure.objects.public_as_of(*reference.point)
        .with_deadline_state(reference.day)
        .remaining()
        .count_by_deadline()
    )
    table = deadlines.table(found, reference.day)
    return Picture(
        deadlines.draw(found, reference.day),
        "U ziet wanneer maatregelen klaar moeten zijn die nog niet klaar zijn, en van hoeveel de "
        "streefdatum voorbij is.",
        table,
        table,
        "Is alleen een maand, kwartaal of jaar bekend? Dan telt de laatste dag daarvan.",
    )


def matrix_picture(reference: ReferenceDate) -> Picture:
    findings = list(Finding.objects.public(reference.known_on).values_list("pk", "text"))
    links = [
        matrix.Link(*row) for row in FindingLink.objects.public().of_day(*reference.point).as_rows()
    ]
    known = {pk for pk, _ in findings}
    links = [link for link in links if link.finding in known]
    table = matrix.table(findings, links)
    return Picture(
        matrix.draw(findings, links),
        "U ziet welke maatregel een antwoord is op welk verbeterpunt uit de evaluaties.",
        table,
        Table(table.title, table.columns, table.rows[:MOST_ROWS]),
        "Staat er ‘onze lezing’? Dan legden wij de koppeling zelf. Geen bron zegt het zo.",
    )


# Of a longer table a page shows the first rows; the file has them all.
MOST_ROWS = 100

PICTURES: dict[str, Callable[[ReferenceDate], Picture]] = {
    per_theme.NAME: per_theme_picture,
    over_time.NAME: over_time_picture,
    deadlines.NAME: deadlines_picture,
    matrix.NAME: matrix_picture,
}
TITLES = {module.NAME: module.TITLE for module in (per_theme, over_time, deadlines, matrix)}


def of_measure(number: int, reference: ReferenceDate) -> Picture | None:
    """The line of time of a measure by its number; None when there is no such measure."""
    measure = (
        Measure.objects.public_as_of(*reference.point)
        .with_public_updates(*reference.point)
        .with_deadline_changes(*reference.point)
        .filter(number=number)
        .first()
    )
    if measure is None:
        return None
    return measure_picture(
        measure,
        ReportingMoment.objects.public(reference.known_on).telling(number, reference.day),
        reference.day,
    )


def measure_picture(measure: Measure, moments: Iterable[ReportingMoment], day: date) -> Picture:
    """The line of time of a measure with its public updates and deadlines up to `day`.

    `moments` are the public ones, each with its letter, that tell of the measure.
    """
    number = measure.number
    entries = [_of_update(update) for update in measure.public_updates]
    entries += [_of_deadline(change) for change in measure.public_deadline_changes]
    entries += [_of_letter(moment.letter) for moment in moments]
    entries.sort(key=lambda entry: (entry.day is not None, entry.day or day, entry.what))
    table = measure_line.table(number, entries)
    return Picture(
        measure_line.draw(number, entries, day),
        f"U ziet wat er met M{number} gebeurde: de stand, de streefdatum en de Kamerbrieven, "
        "op één lijn van de tijd.",
        table,
        table,
    )


def _of_update(update: ProgressUpdate) -> Entry:
    return Entry(
        update.reporting_date,
        Entry.What.UPDATE,
        update.status_label,
        update.reporting_date_label,
        status=update.status,
    )


def _of_deadline(change: DeadlineChange) -> Entry:
    return Entry(
        change.reporting_date,
        Entry.What.FIRST_DEADLINE if change.is_original else Entry.What.SHIFT,
        change.label,
        change.reporting_date_label if change.reporting_date else "",
        to=change.deadline,
    )


def _of_letter(letter: Letter) -> Entry:
    return Entry(letter.date, Entry.What.LETTER, letter.title, letter.date_label)
