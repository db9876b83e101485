"""Figures as shapes: everything counted once, everything inside the sheet."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.charts import deadlines, matrix, measure_line, over_time, per_theme
from measures.charts.axis import Axis
from measures.charts.drawing import Box, Mark, Words
from measures.charts.measure_line import Entry
from measures.models import DeadlineState, Status
from measures.status_steps import Step

# A busy machine is no fault of a drawing.
unhurried = settings(deadline=None)
DATES = st.dates(date(1900, 1, 1), date(9999, 12, 31))
COUNTS = st.dictionaries(st.sampled_from(list(Status)), st.integers(0, 10_000))


def counts(**numbers):
    return {status.value: numbers.get(status.name.lower(), 0) for status in Status}


def boxes(drawing):
    return [shape for shape in drawing.shapes if isinstance(shape, Box)]


def inside(drawing):
    """Whether every shape lies on the sheet."""
    for shape in drawing.shapes:
        places = (shape.x1, shape.x2) if hasattr(shape, "x1") else (shape.x,)
        ends = [shape.x + shape.width] if isinstance(shape, Box) else []
        if not all(-0.01 <= x <= 100.01 for x in [*places, *ends]):
            return False
        bottom = getattr(shape, "y2", getattr(shape, "y", 0)) + getattr(shape, "height", 0)
        if not 0 <= bottom <= drawing.height:
            return False
    return True


# A line of time


@unhurried
@given(DATES, DATES)
def test_names_on_a_line_of_time_are_few_enough_for_a_phone(one, other):
    axis = Axis(min(one, other), max(one, other))

    places = [axis.at(day) for day, _ in axis.ticks]

    assert places == sorted(places)
    assert len(places) <= 6
    assert all(0 <= place <= 100 for place in places)


def test_a_line_of_some_years_names_each_year():
    axis = Axis(date(2022, 1, 1), date(2026, 11, 25))

    assert [label for _, label in axis.ticks] == ["2022", "2023", "2024", "2025", "2026"]


def test_a_line_of_some_months_names_months():
    axis = Axis(date(2026, 1, 1), date(2026, 5, 1))

    assert [label for _, label in axis.ticks] == ["jan 2026", "mrt 2026", "mei 2026"]


# Per theme


@unhurried
@given(st.lists(st.tuples(st.just("Publieke sturing"), COUNTS), max_size=6))
def test_every_measure_of_a_theme_is_in_its_bar(themes):
    drawing = per_theme.draw(themes)

    most = max((sum(found.values()) for _, found in themes), default=0)
    assert inside(drawing)
    wide = sum(box.width for box in boxes(drawing))
    total = sum(sum(found.values()) for _, found in themes)
    assert wide == pytest.approx(100 * total / most if most else 0, abs=0.1)


def test_a_theme_without_measures_says_so():
    drawing = per_theme.draw([("Sturing", {Status.PLANNED: 2}), ("Randvoorwaarden", {})])

    words = [shape.text for shape in drawing.shapes if isinstance(shape, Words)]
    assert "Wij kennen geen maatregel." in words
    assert drawing.description == "Sturing: 2 gepland. Randvoorwaarden: geen maatregel."


# Over time


STEPS = st.lists(st.tuples(st.integers(0, 4000), COUNTS), min_size=1, max_size=200)


@unhurried
@given(STEPS)
def test_the_last_column_stacks_all_measures(steps):
    days = sorted({offset for offset, _ in steps})
    until = date(2022, 1, 1) + timedelta(days=4001)
    history = [Step(None, steps[0][1])]
    history += [
        Step(date(2022, 1, 1) + timedelta(days=offset), found)
        for offset, (_, found) in zip(days, steps, strict=False)
    ]
    most = max(sum(step.counts.values()) for step in history)

    drawing = over_time.draw(history, until)

    assert inside(drawing)
    last = [box for box in boxes(drawing) if box.x + box.width > 99.99]
    total = sum(history[-1].counts.values())
    high = over_time.HEIGHT * total / most if most else 0
    assert sum(box.height for box in last) == pytest.approx(high, abs=0.1)


def test_steps_of_one_height_are_one_band():
    history = [
        Step(None, counts(unknown=2)),
        Step(date(2023, 1, 1), counts(unknown=1, planned=1)),
        Step(date(2024, 1, 1), counts(unknown=1, being_introduced=1)),
    ]

    drawing = over_time.draw(history, date(2025, 1, 1))

    labels = [box.label for box in boxes(drawing)]
    # Unknown lies on top: at first both, then one of two from 2023 on.
    assert labels == ["Wordt doorgevoerd: 1", "Gepland: 1", "Onbekend: 2", "Onbekend: 1"]


def test_many_changes_make_no_endless_file():
    history = [
        Step(date(2022, 1, 1) + timedelta(days=n), counts(planned=n % 7 + 1)) for n in range(1500)
    ]

    drawing = over_time.draw(history, date(2026, 3, 1))

    assert len(boxes(drawing)) <= over_time.MOST_COLUMNS + 1
    assert len(over_time.shortened(history)) <= over_time.MOST_ROWS
    assert over_time.shortened(history)[-1] == history[-1]
    assert len(over_time.table(history).rows) == 1500


# Deadlines


@unhurried
@given(
    st.dictionaries(
        st.tuples(st.none() | DATES, st.sampled_from(list(deadlines.STATES))),
        st.integers(1, 10_000),
    ),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
)
def test_every_deadline_falls_in_one_column(found, day):
    drawing = deadlines.draw(found, day)
    columns = deadlines.columns(found, day)

    assert len(columns) <= deadlines.MOST_COLUMNS
    assert inside(drawing)
    assert sum(column.total for column in columns) == sum(
        number for (deadline, _), number in found.items() if deadline
    )
    assert sum(row[-1] for row in deadlines.table(found, day).rows) == sum(found.values())


def test_what_passed_and_what_comes_stand_apart():
    found = {
        (date(2025, 12, 31), DeadlineState.PASSED): 2,
        (date(2026, 12, 31), DeadlineState.ON_SCHEDULE): 1,
        (None, DeadlineState.NONE): 3,
    }

    drawing = deadlines.draw(found, date(2026, 6, 1))

    assert [box.label for box in boxes(drawing)] == [
        "december 2025: 2 te laat",
        "december 2026: 1 op schema",
    ]
    assert "zonder streefdatum: 3" in drawing.description
    assert [list(row) for row in deadlines.table(found, date(2026, 6, 1)).rows] == [
        ["december 2025", 2, 0, 0, 2],
        ["december 2026", 0, 0, 1, 1],
        ["Zonder streefdatum", 0, 0, 0, 3],
    ]


# Findings and measures


FINDINGS = [(1, "complexiteit van het stelsel"), (2, "nalevingstekort")]


def link(finding, number, certainty="afgeleid"):
    return matrix.Link(finding, number, f"Titel {number}", certainty)


def test_a_link_of_a_source_looks_other_than_our_reading():
    drawing = matrix.draw(FINDINGS, [link(1, 3), link(1, 5, "vermeld")])

    marks = [shape.form for shape in drawing.shapes if isinstance(shape, Mark)]
    assert marks == ["afgeleid", "vermeld", "geen", "geen"]
    assert "Zonder maatregel: nalevingstekort." in drawing.description
    assert [list(row)[:2] for row in matrix.table(FINDINGS, [link(1, 3)]).rows] == [
        ["Complexiteit van het stelsel", "M3"],
        ["Nalevingstekort", "geen"],
    ]


def test_of_many_measures_a_finding_has_a_bar_with_their_number():
    drawing = matrix.draw(FINDINGS, [link(1, n) for n in range(1, 400)])

    assert [box.label for box in boxes(drawing)] == ["Onze lezing: 399"]
    assert inside(drawing)


# A measure's own line


def test_a_measure_s_line_has_its_statuses_deadlines_and_letters():
    entries = [
        Entry(date(2024, 1, 1), Entry.What.UPDATE, "Gepland", "1 januari 2024", "gepland"),
        Entry(date(2024, 2, 1), Entry.What.UPDATE, "Gepland", "1 februari 2024", "gepland"),
        Entry(None, Entry.What.FIRST_DEADLINE, "eind 2024", to=date(2024, 12, 31)),
        Entry(date(2024, 6, 1), Entry.What.LETTER, "Voortgangsbrief", "1 juni 2024"),
        Entry(date(2024, 7, 1), Entry.What.SHIFT, "eind 2026", to=date(2026, 12, 31)),
    ]

    drawing = measure_line.draw(7, entries, date(2025, 1, 1))

    assert [box.label for box in boxes(drawing)] == ["Gepland"]
    marks = [(s.form, s.text) for s in drawing.shapes if isinstance(s, Mark)]
    assert marks == [("ruit", ""), ("ruit", ""), ("brief", "1")]
    assert inside(drawing)
    assert [row[-1] for row in measure_line.table(7, entries).rows] == ["", "", "", 1, ""]


ENTRIES = st.lists(
    st.tuples(DATES, st.sampled_from(["update", "deadline", "letter"]), DATES), max_size=12
)


@unhurried
@given(ENTRIES, st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_no_line_of_a_measure_leaves_the_sheet(found, until):
    kinds = {
        "update": lambda day, to: Entry(day, Entry.What.UPDATE, "Gepland", "x", "gepland"),
        "deadline": lambda day, to: Entry(day, Entry.What.SHIFT, "later", "x", to=to),
        "letter": lambda day, to: Entry(day, Entry.What.LETTER, "Brief", "x"),
    }
    entries = [kinds[kind](day, to) for day, kind, to in sorted(found)]

    assert inside(measure_line.draw(7, entries, until))
