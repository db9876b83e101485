"""Any file at all either changes exactly what its preview said, or changes nothing."""

import io
import zipfile
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from measures import spreadsheet
from measures.models import DeadlineChange, Measure, ProgressUpdate, Theme
from measures.spreadsheet.columns import (
    CHANGED,
    DEADLINE,
    REASON,
    REPORTED,
    REPORTED_PRECISION,
    STATUS,
    TEXT,
)
from parties.models import Party
from tests.spreadsheet.files import HEADINGS, as_excel, current, made, read, with_part

pytestmark = pytest.mark.django_db

many = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

text = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30
)
cell = st.one_of(
    st.just(""),
    text,
    st.integers(-10, 60_000),
    st.dates(date(1985, 1, 1), date(2105, 1, 1)),
    st.sampled_from(
        [
            "Gepland",
            "vervallen",
            "opgegaan in M2",
            "Opgegaan in M1",
            "onbekend",
            "ILT",
            "Toezicht",
            "uitvoering",
            "jaar",
            "maand",
            "1-1-2025",
            "4 april 2022",
            "=1+1",
            "'=1+1",
            "M1",
            "M2",
        ]
    ),
)
# Which cells of which rows somebody typed over.
edits = st.dictionaries(
    st.tuples(st.integers(0, 2), st.sampled_from(HEADINGS)), cell, min_size=1, max_size=6
)


def stored():
    """All that a list can change, as it stands in the database."""
    return (
        list(
            Measure.objects.order_by("pk").values_list(
                "number", "title", "theme", "description", "done_when", "lead", "status", "deadline"
            )
        ),
        list(
            ProgressUpdate.objects.order_by("pk").values_list(
                "pk", "status", "explanation", "reporting_date", "merged_into", "publication"
            )
        ),
        list(
            DeadlineChange.objects.order_by("pk").values_list(
                "pk", "deadline", "precision", "reason", "publication"
            )
        ),
        Theme.objects.count(),
        Party.objects.count(),
    )


def shown(measure):
    """What a colleague reads in the columns of the measure itself."""
    row = next(row for row in current(number=measure.number))
    return {heading.lower(): str(value) for heading, value in row.items()}


@contextmanager
def tried():
    """One example, of which nothing is left; a file may be refused with a sentence."""
    with transaction.atomic():
        try:
            yield
        except spreadsheet.Refused as refused:
            told = str(refused)
            if not told[0].isupper():
                raise
        transaction.set_rollback(True)


def load(found, user, submit):
    """Load a sheet as staff do, and hold it to its preview."""
    before = stored()
    plan = spreadsheet.plan(found, user)
    assert stored() == before
    rows = {row.measure.number: shown(row.measure) for row in plan.rows}
    if plan.problems:
        with pytest.raises(spreadsheet.Moved):
            spreadsheet.apply(found, user, plan.digest, submit=submit)
        assert stored() == before
        return
    updates, deadlines = ProgressUpdate.objects.count(), DeadlineChange.objects.count()
    done = spreadsheet.apply(found, user, plan.digest, submit=submit)

    of_reports = {c.heading.lower() for c in CHANGED[5:]}
    for row in done.rows:
        changes = {change.label: change for change in row.changes}
        after = shown(row.measure)
        for heading, was in rows[row.measure.number].items():
            is_changed = heading in changes and heading not in of_reports
            if is_changed:
                assert (changes[heading].before, changes[heading].after) == (
                    was or "leeg",
                    after[heading] or "leeg",
                )
            elif "versie" not in heading:
                # A report changes nothing that holds now.
                assert after[heading] == was
        if row.update:
            update = ProgressUpdate.objects.get(pk=row.update.pk)
            for column, value in (
                (STATUS, update.status_label),
                (TEXT, update.explanation or "leeg"),
            ):
                change = changes.get(column.heading.lower())
                assert change is None or change.after == value
            assert update.author == user
        if row.deadline:
            change = changes[DEADLINE.heading.lower()]
            held = DeadlineChange.objects.get(pk=row.deadline.pk)
            assert change.after == (held.label if held.deadline else "geen datum meer")
            told = changes.get(REASON.heading.lower())
            assert held.reason == (told.after if told else "")
    made_updates = sum(bool(row.update) for row in plan.rows)
    made_deadlines = sum(bool(row.deadline) for row in plan.rows)
    assert ProgressUpdate.objects.count() == updates + made_updates
    assert DeadlineChange.objects.count() == deadlines + made_deadlines
    after = stored()
    again = spreadsheet.plan(found, user)
    assert (again.rows, again.problems) == ([], [])
    assert stored() == after


@pytest.mark.parametrize("format", spreadsheet.FORMATS)
@many
@given(edits=edits, submit=st.booleans(), leave_out=st.sets(st.sampled_from(HEADINGS), max_size=3))
def test_a_list_typed_over_in_any_way(measures, writer, format, edits, submit, leave_out):
    rows = current()
    for (place, heading), value in edits.items():
        rows[place][heading] = value
    headings = [heading for heading in reversed(HEADINGS) if heading not in leave_out]
    with tried():
        load(read(made(rows, format, headings=headings), format), writer, submit)


@many
@given(
    rows=st.lists(
        st.lists(
            st.one_of(st.sampled_from([*HEADINGS, "M1", "M2"]), text, st.integers(), st.booleans()),
            max_size=16,
        ),
        max_size=6,
    )
)
def test_a_list_that_a_program_made_of_anything(measures, writer, rows):
    with tried():
        try:
            data = as_excel([HEADINGS, *rows])
        except IllegalCharacterError:
            return
        load(read(data), writer, submit=False)


@many
@given(
    name=st.sampled_from(["lijst.csv", "lijst.xlsx", "lijst.ods", "lijst", "x.xls", "../a.csv"]),
    data=st.one_of(
        st.binary(max_size=300), text.map(lambda told: f"Nummer;Titel\n{told}".encode())
    ),
)
def test_bytes_of_any_kind(measures, writer, name, data):
    with tried():
        load(spreadsheet.read(name, data, max_mb=1), writer, submit=False)


@pytest.mark.parametrize("format", ["xlsx", "ods"])
@many
@given(place=st.floats(0, 1), changed=st.binary(min_size=1, max_size=8))
def test_a_package_with_a_damaged_part(measures, writer, format, place, changed):
    good = made(current(), format)
    name = "xl/worksheets/sheet1.xml" if format == "xlsx" else "content.xml"
    with zipfile.ZipFile(io.BytesIO(good)) as package:
        part = package.read(name)
    at = int(place * len(part))
    damaged = with_part(good, name, part[:at] + changed + part[at + len(changed) :])
    with tried():
        load(read(damaged, format), writer, submit=False)


def test_the_columns_of_reports_are_those_behind_the_lead():
    assert CHANGED[5:8] == (STATUS, REPORTED, REPORTED_PRECISION)
