"""What changed between two moments, and that the counts of both reconcile."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.comparison import Kind, chapter, compare
from measures.models import Status

from .contents import MAY, content, row


def kinds(before, after) -> tuple[Kind, ...]:
    (change,) = compare(content(*before), content(*after, on=MAY)).changes
    return change.kinds


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ([], [row(1)], (Kind.NEW,)),
        ([row(1)], [], (Kind.ABSENT,)),
        ([row(1)], [row(1)], (Kind.UNCHANGED,)),
        ([row(1)], [row(1, Status.IMPLEMENTED)], (Kind.STATUS,)),
        ([row(1)], [row(1, Status.DROPPED)], (Kind.ENDED,)),
        ([row(1)], [row(1, Status.MERGED, merged_into="M7")], (Kind.MERGED,)),
        ([row(1)], [row(1, deadline=MAY)], (Kind.DEADLINE,)),
        ([row(1)], [row(1, label="na de zomer")], (Kind.DEADLINE,)),
        ([row(1)], [row(1, text="Het werk rust.")], (Kind.TEXT,)),
        (
            [row(1)],
            [row(1, Status.DROPPED, "Gestopt.", deadline=MAY)],
            (Kind.ENDED, Kind.DEADLINE, Kind.TEXT),
        ),
        # An end that was there already is no news; another successor is.
        ([row(1, Status.DROPPED)], [row(1, Status.DROPPED)], (Kind.UNCHANGED,)),
        (
            [row(1, Status.MERGED, merged_into="M7")],
            [row(1, Status.MERGED, merged_into="M8")],
            (Kind.MERGED,),
        ),
    ],
)
def test_everything_that_happened_to_a_measure_is_told(before, after, found):
    assert kinds(before, after) == found


def test_other_words_for_the_same_day_move_nothing():
    day = date(2025, 12, 31)

    found = kinds([row(1, deadline=day, label="eind 2025")], [row(1, deadline=day, label="2025")])

    assert found == (Kind.UNCHANGED,)


def test_a_deadline_that_moves_says_from_where_to_where_and_why():
    before = content(row(1, deadline=date(2023, 1, 1)))
    after = content(row(1, deadline=date(2024, 1, 1), reason="De proef duurde langer."))

    move = compare(before, after).changes[0].deadline

    assert (move.old_label, move.new_label) == ("2023-01-01", "2024-01-01")
    assert move.reason == "De proef duurde langer."


def test_measures_stand_in_the_order_of_their_numbers():
    found = compare(content(row(10), row(2)), content(row(1), row(10), row(2)))

    assert [change.number for change in found.changes] == ["M1", "M2", "M10"]


def test_the_chapter_of_an_annex_leaves_out_what_stayed():
    before = content(row(1), row(2), letter_date="4 april 2022")
    found = chapter(compare(before, content(row(1), row(2, text="Het werk rust."), on=MAY)))

    assert found.title == "Wijzigingen sinds de vorige brief"
    assert found.sentences == (
        "Sinds de brief van 4 april 2022 is van 1 maatregel de tekst gewijzigd; "
        "van 1 maatregel is de tekst niet gewijzigd.",
    )
    assert [(r.number, r.kind, r.text) for r in found.rows] == [
        ("M2", "Andere tekst", "Het werk [vervallen: loopt] [nieuw: rust].")
    ]


def rows_of(number: int):
    """A measure as it may stand at some moment, or not there at all."""
    days = st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 5))
    made = st.builds(
        row,
        st.just(number),
        st.sampled_from(Status),
        st.sampled_from(["", "Klaar.", "Bijna klaar.", "Alles ging anders dan gedacht."]),
        deadline=days,
        reason=st.sampled_from(["", "De proef duurde langer."]),
    )
    return st.none() | made


contents = st.tuples(*map(rows_of, range(1, 8))).map(
    lambda rows: content(*(found for found in rows if found))
)


@given(contents, contents)
def test_the_counts_of_both_moments_reconcile(before, after):
    found = compare(before, after)
    number = Counter(change.kind for change in found.changes)

    assert found.number_before == len(before.sections[0].rows)
    assert found.number_after == len(after.sections[0].rows)
    assert found.number_before + number[Kind.NEW] - number[Kind.ABSENT] == found.number_after
    assert sum(found.number(kind) for kind in Kind) == len(found.changes)
    assert sum(map(len, found.by_kind.values())) == len(found.changes)


@given(contents, contents)
def test_every_measure_is_there_once_with_exactly_one_main_class(before, after):
    found = compare(before, after)
    placed = [change.number for changes in found.by_kind.values() for change in changes]

    assert sorted(placed) == sorted(
        {r.number for side in (before, after) for r in side.sections[0].rows}
    )


@given(contents)
def test_a_moment_compared_with_itself_has_not_changed(moment):
    found = compare(moment, replace(moment))

    assert found.is_same
    assert not chapter(found).rows


@given(contents, contents)
def test_what_changed_one_way_changed_back_the_other_way(before, after):
    there, back = compare(before, after), compare(after, before)

    assert there.number(Kind.NEW) == back.number(Kind.ABSENT)
    assert there.number(Kind.UNCHANGED) == back.number(Kind.UNCHANGED)
