"""What a sheet would change, row by row and field by field, before anything is changed.

A cell counts as changed when it is not what stands in the database, and not what we wrote
in the file either: what a colleague changed since is left alone. When both changed the same
cell, the row is a problem. A file without our version column is compared with now.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.text import capfirst

from parties.changes import NOTHING, Change
from parties.models import Party
from parties.publication import Publication

from .. import rules
from ..documents.sheets import CUT
from ..models import DeadlineChange, Measure, ProgressUpdate, Status, Theme
from ..periods import Precision, format_period, period_end
from . import columns as c
from . import values
from .cells import Cell
from .columns import Column, canonical, mark, standing_of
from .reading import Row, Sheet
from .values import Unreadable
from .writing import with_standing_reports

NO_VERSION = (
    "De kolom ‘Versie’ ontbreekt of is gewijzigd. Wij vergelijken met wat er nu staat, en zien "
    "niet of een collega intussen iets wijzigde. Kijk het voorbeeld dus goed na."
)
CONFLICT = (
    "dit is gewijzigd nadat u het bestand ophaalde; er staat nu ‘{now}’. "
    "Haal de lijst opnieuw op, of zet hier wat er nu staat"
)


@dataclass(frozen=True)
class Problem:
    """What stands in the way: the row as the program counts, the column, and what we expected."""

    row: int
    column: str
    message: str

    def __str__(self):
        place = f"Rij {self.row}, kolom ‘{self.column}’" if self.column else f"Rij {self.row}"
        return f"{place}: {self.message}."


@dataclass
class RowPlan:
    """What one row changes: fields of the measure itself, and reports of it, unsaved."""

    row: int
    measure: Measure
    # As it is called before the change.
    title: str = ""
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    update: ProgressUpdate | None = None
    deadline: DeadlineChange | None = None


@dataclass
class Plan:
    """What a sheet changes, what stands in the way, and what we passed over."""

    rows: list[RowPlan]
    problems: list[Problem]
    notices: list[str]
    unchanged: int

    @property
    def digest(self) -> str:
        """The same for plans that do the same to the same measures."""
        told = [
            [
                row.measure.number,
                row.measure.version,
                getattr(standing_of(row.measure), "pk", None),
                [[change.label, change.before, change.after] for change in row.changes],
                [_days_of(row.update), _days_of(row.deadline)],
            ]
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    @property
    def reports(self) -> int:
        """How many reports, which a second person approves, this makes."""
        return sum(bool(row.update) + bool(row.deadline) for row in self.rows)


@dataclass
class _Known:
    """What is in the database, fetched once for all rows."""

    measures: dict[int, Measure]
    themes: dict[str, Theme]
    parties: dict[str, Party]
    updates: dict[int, list[ProgressUpdate]]
    deadlines: dict[int, list[DeadlineChange]]
    with_dates: set[int]

    @classmethod
    def fetch(cls) -> "_Known":
        concepts = {"publication": Publication.CONCEPT}
        parties: dict[str, Party] = {}
        for party in Party.objects.all():
            for name in (party.abbreviation, party.name):
                if name:
                    parties[name.casefold()] = party
        return cls(
            {measure.number: measure for measure in with_standing_reports(Measure.objects.all())},
            {theme.title.casefold(): theme for theme in Theme.objects.all()},
            parties,
            _by_measure(ProgressUpdate.objects.filter(**concepts).select_related("merged_into")),
            _by_measure(DeadlineChange.objects.filter(**concepts)),
            set(
                DeadlineChange.objects.exclude(publication=Publication.WITHDRAWN).values_list(
                    "measure", flat=True
                )
            ),
        )


def _by_measure(reports: Iterable) -> dict[int, list]:
    found = defaultdict(list)
    for report in reports:
        found[report.measure_id].append(report)
    return found


def plan(sheet: Sheet, user) -> Plan:
    """What this sheet would change when this person loads it. Changes nothing."""
    known = _Known.fetch()
    made = Plan([], [], list(sheet.notices), 0)
    has_versions = True
    seen: set[int] = set()
    for row in sheet.rows:
        try:
            number = values.number(row.cells[c.NUMBER])
            measure = known.measures.get(number)
            if measure is None:
                raise Unreadable(
                    f"M{number} is er niet. Een nieuwe maatregel maakt u in het beheer"
                )
            if number in seen:
                raise Unreadable(f"M{number} staat er twee keer in")
        except Unreadable as error:
            made.problems.append(Problem(row.number, c.NUMBER.heading, str(error)))
            continue
        seen.add(number)
        reading = _RowReading(row, measure, known, user)
        reading.read()
        has_versions &= reading.marks is not None
        made.problems += reading.problems
        made.notices += reading.notices
        if reading.plan.changes:
            made.rows.append(reading.plan)
        elif not reading.problems:
            made.unchanged += 1
    if made.rows and not has_versions:
        made.notices.insert(0, NO_VERSION)
    return made


class _RowReading:
    """One row, read against its measure."""

    def __init__(self, row: Row, measure: Measure, known: _Known, user):
        self.row, self.measure, self.known, self.user = row, measure, known, user
        self.plan = RowPlan(row.number, measure, measure.title)
        self.problems: list[Problem] = []
        self.notices: list[str] = []
        self.typed: dict[Column, str | date] = {}
        version = row.cells.get(c.VERSION)
        marks = c.marks_in(str(version.value)) if version else None
        self.marks = dict(zip(c.CHANGED, marks, strict=True)) if marks else None

    def complain(self, column: Column | str, message: str) -> None:
        self.problems.append(Problem(self.row.number, str(column), message.rstrip(".")))

    def read(self) -> None:
        readers: dict[Column, Callable[[Cell], str | date]] = {
            c.TITLE: values.line,
            c.THEME: values.line,
            c.DESCRIPTION: values.text,
            c.DONE_WHEN: values.text,
            c.LEAD: values.line,
            c.STATUS: _status,
            c.REPORTED: lambda cell: values.day(cell) or "",
            c.REPORTED_PRECISION: _precision,
            c.TEXT: values.text,
            c.DEADLINE: lambda cell: values.day(cell) or "",
            c.DEADLINE_PRECISION: _precision,
            c.REASON: values.text,
        }
        for column, reader in readers.items():
            if column in self.row.cells:
                self._take(column, reader)
        self._read_record()
        self._read_update()
        self._read_deadline()
        if self.plan.changes and not rules.works_on(self.user, self.measure):
            self.complain(c.NUMBER, rules.NOT_YOURS)
        if self.problems:
            self.plan = RowPlan(self.row.number, self.measure)

    def _take(self, column: Column, reader: Callable[[Cell], str | date]) -> None:
        """Keep what was typed in a cell, if anything was."""
        cell, now = self.row.cells[column], column.of(self.measure)
        try:
            value = reader(cell)
        except Unreadable as error:
            if cell.is_formula or canonical(str(cell.value)) != canonical(now):
                self.complain(column, str(error))
            return
        if column is c.LEAD and not value:
            value = c.UNKNOWN
        told = canonical(value)
        if told == canonical(now) or self._is_as_written(column, told):
            return
        if told.endswith(CUT.strip()):
            self.notices.append(
                f"Rij {self.row.number}, kolom ‘{column}’: deze tekst paste niet in het bestand. "
                "Wij laten hem staan zoals hij is."
            )
            return
        self.typed[column] = value

    def _is_as_written(self, column: Column, told: str) -> bool:
        return self.marks is not None and self.marks[column] == mark(self.measure, column, told)

    def _refuse_conflicts(self, columns: Iterable[Column]) -> bool:
        """Complain of cells that a colleague changed too; whether there are any."""
        found = False
        for column in columns:
            now = canonical(column.of(self.measure))
            if column in self.typed and self.marks and not self._is_as_written(column, now):
                self.complain(column, CONFLICT.format(now=now[:80] or NOTHING))
                found = True
        return found

    def _may(self, *rights: str) -> bool:
        if self.user.has_perms([f"measures.{right}" for right in rights]):
            return True
        self.complain(c.NUMBER, rules.NO_RIGHT)
        return False

    # The measure itself.

    def _read_record(self) -> None:
        ours = {
            c.TITLE: "title",
            c.THEME: "theme",
            c.DESCRIPTION: "description",
            c.DONE_WHEN: "done_when",
            c.LEAD: "lead",
        }
        before = {column: str(column.of(self.measure)) for column in ours}
        if self._refuse_conflicts(ours):
            return
        changes = []
        for column, name in ours.items():
            if column not in self.typed:
                continue
            try:
                value = self._record(column, str(self.typed[column]))
            except Unreadable as error:
                self.complain(column, str(error))
                continue
            if value == getattr(self.measure, name):
                # The same party by another of its names.
                continue
            setattr(self.measure, name, value)
            self.plan.fields.append(name)
            changes.append(_change(column, before[column], str(column.of(self.measure))))
        if not changes or not self._may("change_measure"):
            return
        try:
            self.measure.full_clean()
        except ValidationError as error:
            self._complain_of(error, {name: column for column, name in ours.items()}, c.TITLE)
        self.plan.changes += changes

    def _record(self, column: Column, told: str) -> str | Theme | Party | None:
        if column is c.THEME:
            if theme := self.known.themes.get(told.casefold()):
                return theme
            known = ", ".join(f"‘{theme.title}’" for theme in self.known.themes.values())
            raise Unreadable(f"de hoofdlijn ‘{told[:60]}’ is er niet. Kies uit: {known}")
        if column is c.LEAD:
            if told.casefold() == c.UNKNOWN:
                return None
            if party := self.known.parties.get(told.casefold()):
                return party
            raise Unreadable(
                f"de partij ‘{told[:60]}’ kennen wij niet. Schrijf de naam of de afkorting zoals "
                "die bij Partijen staat, of ‘onbekend’"
            )
        return told

    # Its progress update.

    def _read_update(self) -> None:
        ours = (c.STATUS, c.REPORTED, c.REPORTED_PRECISION, c.TEXT)
        if not any(column in self.typed for column in ours):
            return
        update = self._update()
        if update is None or any(self._is_same_update(update, one) for one in self._concepts()):
            return
        if self._refuse_conflicts(ours) or not self._may("add_progressupdate"):
            return
        try:
            update.check_for_the_public()
        except ValidationError as error:
            fields = {
                "status": c.STATUS,
                "merged_into": c.STATUS,
                "reporting_date": c.REPORTED,
                "reporting_date_precision": c.REPORTED_PRECISION,
                "explanation": c.TEXT,
            }
            missing = c.REPORTED if update.reporting_date is None else c.TEXT
            self._complain_of(error, fields, missing)
            return
        self.plan.update = update
        standing = standing_of(self.measure)
        before = {column: _told(column, self.measure) for column in ours}
        after = {
            c.STATUS: update.status_label,
            c.REPORTED: format_period(update.reporting_date, update.reporting_date_precision),
            c.TEXT: update.explanation,
        }
        if standing:
            before[c.REPORTED] = standing.reporting_date_label
        changed = [column for column in after if before[column] != after[column]]
        self.plan.changes += [_change(column, before[column], after[column]) for column in changed]
        if c.REPORTED not in changed:
            self.plan.notes.append("Met dezelfde peildatum als de stand van zaken van nu.")
        if self._concepts():
            self.plan.notes.append("Er staat al een ander concept klaar; dit komt ernaast.")
        if c.REPORTED not in self.typed:
            self.plan.notes.append("U gaf geen nieuwe peildatum; wij nemen die van vandaag.")

    def _concepts(self) -> list[ProgressUpdate]:
        return self.known.updates.get(self.measure.pk, [])

    def _update(self) -> ProgressUpdate | None:
        """What the row reports, unsaved; None when it cannot be told."""
        standing = standing_of(self.measure)
        status = standing.status if standing else Status.UNKNOWN
        target = standing.merged_into if standing else None
        if c.STATUS in self.typed:
            status, number = values.status(Cell(str(self.typed[c.STATUS])))
            target = self.known.measures.get(number) if number else None
            if number and target is None:
                self.complain(c.STATUS, f"M{number} is er niet")
                return None
            if target == self.measure:
                self.complain(c.STATUS, "een maatregel kan niet opgaan in zichzelf")
                return None
        exactly = self.typed.get(c.REPORTED_PRECISION) or (
            standing.reporting_date_precision.capitalize()
            if standing and c.REPORTED in self.typed
            else Precision.DAY.label
        )
        day = _day(self.typed.get(c.REPORTED))
        if c.REPORTED not in self.typed:
            was = standing.reporting_date if standing else None
            day = was if was and c.REPORTED_PRECISION in self.typed else timezone.localdate()
        kept = standing.explanation if standing else ""
        return _prepared(
            ProgressUpdate(
                measure=self.measure,
                status=status,
                merged_into=target,
                reporting_date=day,
                reporting_date_precision=Precision(str(exactly).lower()),
                explanation=str(self.typed.get(c.TEXT, kept)),
            )
        )

    def _is_same_update(self, typed: ProgressUpdate, concept: ProgressUpdate) -> bool:
        """Whether a concept says what was typed already; a day that nobody typed says nothing."""
        if c.REPORTED in self.typed or c.REPORTED_PRECISION in self.typed:
            days = (typed.reporting_date, typed.reporting_date_precision)
            if days != (concept.reporting_date, concept.reporting_date_precision):
                return False
        return (typed.status, typed.merged_into_id, canonical(typed.explanation)) == (
            concept.status,
            concept.merged_into_id,
            canonical(concept.explanation),
        )

    # Its deadline.

    def _read_deadline(self) -> None:
        ours = (c.DEADLINE, c.DEADLINE_PRECISION)
        if not any(column in self.typed for column in ours):
            if c.REASON in self.typed and not self._was_reason_told():
                self.notices.append(
                    f"Rij {self.row.number}: u gaf een reden van verschuiving, maar de "
                    "streefdatum is dezelfde. Wij doen niets met de reden."
                )
            return
        change = self._deadline()
        same = (change.deadline, change.precision)
        if same == (self.measure.deadline, self.measure.deadline_precision):
            return
        for concept in self.known.deadlines.get(self.measure.pk, []):
            told = (concept.deadline, concept.precision, canonical(concept.reason))
            if told == (*same, canonical(change.reason)):
                return
        if self._refuse_conflicts(ours) or not self._may("add_deadlinechange"):
            return
        if self.measure.pk in self.known.with_dates and not change.reason:
            self.complain(c.REASON, "zeg waarom de streefdatum verschuift")
            return
        try:
            change.check_for_the_public()
        except ValidationError as error:
            fields = {"deadline": c.DEADLINE, "precision": c.DEADLINE_PRECISION, "reason": c.REASON}
            self._complain_of(error, fields, c.DEADLINE)
            return
        self.plan.deadline = change
        now = self.measure.deadline_text or format_period(
            self.measure.deadline, self.measure.deadline_precision
        )
        after = change.label if change.deadline else "geen datum meer"
        before = now if self.measure.deadline else "geen"
        self.plan.changes.append(_change(c.DEADLINE, before, after))
        if change.reason:
            self.plan.changes.append(_change(c.REASON, "", change.reason))

    def _was_reason_told(self) -> bool:
        """Whether the reason stands in the ledger: then this file was loaded before."""
        reason = canonical(str(self.typed[c.REASON]))
        told = self.measure.deadline_changes.values_list("reason", flat=True)
        return any(canonical(known) == reason for known in told)

    def _deadline(self) -> DeadlineChange:
        day = _day(self.typed.get(c.DEADLINE, self.measure.deadline))
        known = self.measure.deadline_precision if self.measure.deadline else ""
        typed = str(self.typed.get(c.DEADLINE_PRECISION, known)).lower()
        exactly = Precision(typed or Precision.DAY) if day else Precision.UNKNOWN
        return _prepared(
            DeadlineChange(
                measure=self.measure,
                deadline=day,
                precision=exactly,
                reporting_date=timezone.localdate(),
                reason=str(self.typed.get(c.REASON, "")),
            )
        )

    def _complain_of(
        self, error: ValidationError, columns: dict[str, Column], otherwise: Column
    ) -> None:
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, messages in found.items():
            column = columns.get(name, otherwise if name in ("", NON_FIELD_ERRORS) else None)
            for message in messages:
                self.complain(column or capfirst(name), message)


def _day(typed: str | date | None) -> date | None:
    """A typed day; an emptied cell is none."""
    return typed if isinstance(typed, date) else None


def _days_of(report) -> list[str]:
    return [str(report.reporting_date), report.reporting_date_precision] if report else []


def _prepared(report):
    """The report with its days at the end of their periods, as it will be saved."""
    report.prepare()
    if isinstance(report, DeadlineChange) and report.deadline:
        report.deadline = period_end(report.deadline, report.precision)
    return report


def _status(cell: Cell) -> str:
    status, number = values.status(cell)
    return f"{status.label} M{number}" if number else status.label


def _precision(cell: Cell) -> str:
    found = values.precision(cell)
    return found.label if found else ""


def _told(column: Column, measure: Measure) -> str:
    return str(column.of(measure))


def _change(column: Column, before: str, after: str) -> Change:
    return Change(column.heading.lower(), before or NOTHING, after or NOTHING)
