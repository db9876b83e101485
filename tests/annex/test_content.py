"""What the annex says: everything public, as it was on one day, and where that comes from."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from measures.annex import build
from measures.models import Motion, Statement, Status
from parties.certainty import Certainty
from parties.publication import Publication
from tests.factories import (
    make_commitment,
    make_letter,
    make_measure,
    make_motion,
    make_party,
    make_source,
    make_theme,
    report,
)

pytestmark = pytest.mark.django_db

DAY = date(2024, 12, 31)
Link = Motion.ClosingLetterLink


def rows_of(content):
    return {row.number: row for section in content.sections for row in section.rows}


def said_of(row) -> str:
    return " ".join(line.plain for line in row.progress)


def lists_of(content):
    return {promises.title: promises for promises in content.promises}


# As of a day.


def test_a_measure_has_the_status_and_the_text_that_held_on_the_day():
    measure = make_measure(number=1)
    report(measure, Status.PLANNED, on=date(2024, 1, 1), explanation="Afgesproken.")
    report(measure, Status.IMPLEMENTED, on=date(2025, 6, 1), explanation="Klaar.")

    then = rows_of(build(DAY))["M1"]
    later = rows_of(build(date(2025, 6, 1)))["M1"]

    assert (then.status, said_of(then).startswith("Afgesproken.")) == (Status.PLANNED, True)
    assert (later.status, said_of(later).startswith("Klaar.")) == (Status.IMPLEMENTED, True)


def test_a_motion_of_after_the_day_is_left_out():
    make_motion("Motie van later", date=date(2025, 3, 1), date_precision="dag")

    assert not build(DAY).promises


def test_a_measure_without_a_report_is_said_to_be_unknown():
    make_measure(number=1)

    row = rows_of(build(DAY))["M1"]

    assert row.status == Status.UNKNOWN
    assert "Onbekend" in said_of(row)
    assert row.lead.text == "Onbekend"


def test_no_place_in_a_row_is_empty():
    make_measure(number=1)
    make_motion("Motie zonder nummer")
    make_commitment("Toezegging zonder brief")
    content = build(DAY)

    texts = [
        text
        for row in rows_of(content).values()
        for text in (row.title.text, row.lead.text, said_of(row), row.status_label)
    ]
    texts += [
        text
        for promises in content.promises
        for row in promises.rows
        for text in (
            " ".join(line.text for line in row.description),
            row.reference,
            " ".join(line.text for line in row.progress),
        )
    ]

    assert all(text.strip() for text in texts)


# What has ended stays in.


def test_a_dropped_measure_stays_in_with_its_reason():
    measure = make_measure(number=1)
    report(measure, Status.DROPPED, on=date(2024, 5, 1), explanation="De wet regelt dit nu zelf.")

    row = rows_of(build(DAY))["M1"]

    assert row.status_label == "Vervallen"
    assert "De wet regelt dit nu zelf." in said_of(row)


def test_a_merged_measure_stays_in_and_names_its_successor():
    old, new = make_measure(number=4), make_measure(number=9)
    report(
        old,
        Status.MERGED,
        on=date(2024, 5, 1),
        merged_into=new,
        explanation="Het werk is samengevoegd.",
    )

    row = rows_of(build(DAY))["M4"]

    assert row.status_label == "Opgegaan in M9"
    assert "Het werk is samengevoegd." in said_of(row)


def test_a_known_deadline_is_told_in_the_row_and_an_unknown_one_is_not():
    make_measure(number=1, deadline=date(2025, 12, 31), deadline_precision="jaar")
    make_measure(number=2)

    rows = rows_of(build(DAY))

    assert "Streefdatum: 2025" in said_of(rows["M1"])
    assert "Streefdatum" not in said_of(rows["M2"])


# Figures.


def test_the_summary_adds_up_in_both_directions():
    first, second = make_theme("Een"), make_theme("Twee")
    report(make_measure(theme=first), Status.PLANNED, on=DAY)
    report(make_measure(theme=first), Status.IMPLEMENTED, on=DAY)
    report(make_measure(theme=second), Status.IMPLEMENTED, on=DAY)
    make_measure(theme=second)

    *themes, total = build(DAY).summary

    for row in [*themes, total]:
        assert sum(row.numbers[:-1]) == row.numbers[-1]
    for column, number in enumerate(total.numbers):
        assert sum(row.numbers[column] for row in themes) == number
    assert total.numbers[-1] == 4


def test_the_number_that_a_source_gives_stands_beside_the_number_that_we_traced():
    make_measure()
    source = make_source("Beslisnota")
    total = Statement.objects.create(
        key="totaal",
        topic=Statement.Topic.TOTAL,
        text="circa 40",
        certainty=Certainty.STATED,
        publication=Publication.PUBLIC,
    )
    total.sources.add(source)

    content = build(DAY)
    first = content.introduction[0]

    assert "circa 40" in first.text
    assert "1" in first.text.replace("40", "")
    assert [note.text for note in content.notes if note.number in first.notes] == ["Beslisnota"]


def test_the_annex_says_that_the_ministry_reports_on_itself():
    assert "over zichzelf" in " ".join(line.text for line in build(DAY).introduction)


def test_every_status_is_explained():
    assert [status for status, _ in build(DAY).legend] == list(Status)


# Sources and certainty.


def test_a_statement_carries_the_numbers_of_its_notes():
    measure = make_measure(number=1, sources=[make_source("Eerste bron")])
    report(measure, Status.PLANNED, on=DAY, sources=[make_source("Tweede bron")])

    content = build(DAY)
    row = rows_of(content)["M1"]
    texts = {note.number: note.text for note in content.notes}

    assert [texts[number] for number in row.title.notes] == ["Eerste bron"]
    assert [texts[number] for number in row.progress[0].notes] == ["Tweede bron"]


def test_notes_are_numbered_from_one_without_gaps_and_each_source_once():
    shared = make_source("Gedeelde bron")
    for _ in range(3):
        report(make_measure(sources=[shared, make_source()]), Status.PLANNED, on=DAY)

    notes = build(DAY).notes

    assert [note.number for note in notes] == list(range(1, len(notes) + 1))
    assert [note.text for note in notes].count("Gedeelde bron") == 1


def test_a_note_cites_a_kamerstuk():
    make_measure(
        sources=[
            make_source(
                "Verzamelbrief", paper="30015-104", date=date(2022, 4, 4), date_precision="dag"
            )
        ]
    )

    [note] = build(DAY).notes

    assert note.text == "Verzamelbrief, Kamerstuk 30015-104, 4 april 2022"


def test_an_inferred_statement_is_called_our_reading():
    measure = make_measure(number=1, certainty=Certainty.INFERRED)
    report(measure, Status.PLANNED, on=DAY, certainty=Certainty.INFERRED)

    row = rows_of(build(DAY))["M1"]

    assert "(onze lezing)" in row.title.plain
    assert "(onze lezing)" in row.progress[0].plain


def test_a_stated_statement_is_not_called_our_reading():
    measure = make_measure(number=1)
    report(measure, Status.PLANNED, on=DAY)

    row = rows_of(build(DAY))["M1"]

    assert "onze lezing" not in row.title.plain + said_of(row)


# Motions and commitments.


def test_what_the_ministry_calls_done_stands_apart_from_what_is_open():
    make_motion("Klare motie", ministry_position=Motion.MinistryPosition.DONE)
    make_motion("Open motie")

    lists = lists_of(build(DAY))

    assert [row.description[0].text for row in lists["Moties: afgedaan"].rows] == ["Klare motie"]
    assert [row.description[0].text for row in lists["Moties: openstaand"].rows] == ["Open motie"]


@pytest.mark.parametrize(
    "values",
    [
        {"vote": Motion.Vote.REJECTED},
        {"vote": Motion.Vote.WITHDRAWN},
        {"closing_letter_link": Link.EXCLUDED},
        {"closing_letter_link": Link.UNLIKELY},
    ],
)
def test_a_motion_that_asks_nothing_of_the_government_is_not_called_open(values):
    make_motion("Verworpen of onwaarschijnlijk", **values)

    assert list(lists_of(build(DAY))) == ["Moties: ter informatie"]


def said_of_the_motions_in_the_letter(**values):
    return Statement.objects.create(
        key="motie",
        topic=Statement.Topic.MOTIONS,
        text="Afgehandeld.",
        remark="De nota noemt niet welke motie.",
        certainty=Certainty.STATED,
        **{"publication": Publication.PUBLIC} | values,
    )


def test_a_candidate_is_called_a_candidate_with_what_the_source_does_not_say():
    make_motion("Passende motie", closing_letter_link=Link.CANDIDATE)
    said_of_the_motions_in_the_letter().sources.add(make_source("De nota"))

    content = build(DAY)
    introduction = lists_of(content)["Moties: openstaand"].introduction

    assert introduction.text.startswith("De nota noemt niet welke motie. Een motie die past")
    assert [n.text for n in content.notes if n.number in introduction.notes] == ["De nota"]


def test_without_a_public_statement_the_annex_says_no_more_than_that_it_is_not_proven():
    make_motion("Passende motie", closing_letter_link=Link.CANDIDATE)
    said_of_the_motions_in_the_letter(publication=Publication.CONCEPT)

    motions = lists_of(build(DAY))["Moties: openstaand"]

    assert "niet bewezen" in motions.introduction.text
    assert "nota" not in motions.introduction.text
    assert "kandidaat" in said_of(motions.rows[0]).lower()


def test_a_motion_shows_its_proposers_and_its_citation():
    make_motion(
        "Motie van het lid Laçin",
        dossier="30015",
        paper_number="88",
        date=date(2020, 12, 2),
        date_precision="dag",
        proposers=[("Laçin", "SP"), ("Kröger", "")],
    )

    [row] = lists_of(build(DAY))["Moties: openstaand"].rows
    text = " ".join(line.text for line in row.description)

    assert "Laçin (SP) en Kröger (fractie onbekend)" in text
    assert row.reference == "Kamerstukken II 2020/21, 30 015, nr. 88"


# The whole.


def test_the_digest_is_the_same_until_something_public_changes():
    measure = make_measure()
    before = build(DAY).digest

    assert build(DAY).digest == before
    report(measure, Status.PLANNED, on=DAY)
    assert build(DAY).digest != before


def test_the_digest_covers_every_part_of_the_content():
    content = build(DAY)
    other = {
        "title": "x",
        "subtitle": "x",
        "dossier": "x",
        "reference_date": date(2020, 1, 1),
        "known_on": date(2020, 1, 1),
        "moment": "x",
        "introduction": (),
        "legend": (),
        "summary": (),
        "changes": "x",
        "sections": ("x",),
        "promises": ("x",),
        "notes": ("x",),
    }

    changed = [replace(content, **{name: value}).digest for name, value in other.items()]

    assert set(other) == set(content.__dataclass_fields__)
    assert len({content.digest, *changed}) == len(other) + 1


def test_the_number_of_queries_does_not_depend_on_the_number_of_measures():
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as counted:
            build(DAY)
        return len(counted)

    theme, party = make_theme(), make_party()
    for count, expected in [(3, None), (47, "the same")]:
        for number in range(count):
            measure = make_measure(theme=theme, lead=party, sources=[make_source()])
            report(measure, Status.PLANNED, on=DAY, sources=[make_source()])
            make_motion(measures=[measure], proposers=[(f"Lid {number}", "SP")])
            make_commitment(measures=[measure])
        if expected is None:
            few = queries()
    many = queries()

    assert many == few
    assert many <= 25


def test_the_real_data_makes_an_annex_in_which_every_note_is_used():
    call_command("load_kwalibo", verbosity=0)

    content = build(DAY)
    used = {number for line in lines_of(content) for number in line.notes}

    assert content.summary[-1].numbers[-1] == 7
    assert used == {note.number for note in content.notes}


def lines_of(content):
    yield from content.introduction
    for section in content.sections:
        yield section.title
        for row in section.rows:
            yield from (row.title, row.lead, *row.progress)
    for promises in content.promises:
        if promises.introduction:
            yield promises.introduction
        for row in promises.rows:
            yield from (*row.description, *row.progress)


def test_a_place_under_a_theme_that_no_source_gives_is_called_our_reading():
    first, second = make_measure(number=1), make_measure(number=2)
    place = first.provenances.create(field="theme", certainty=Certainty.INFERRED)
    place.sources.add(make_source("Interview"))
    second.provenances.create(field="theme", certainty=Certainty.STATED)

    content = build(DAY)
    rows = rows_of(content)

    assert rows["M1"].placing.plain == "Indeling bij deze hoofdlijn (onze lezing) [1]"
    assert rows["M2"].placing is None


def test_why_it_is_our_reading_stands_beside_it():
    report(
        make_measure(number=1),
        Status.IMPLEMENTED,
        on=DAY,
        certainty=Certainty.INFERRED,
        remark="De bron schrijft ‘ingericht’.",
    )

    assert "De bron schrijft ‘ingericht’." in said_of(rows_of(build(DAY))["M1"])


def test_a_text_of_more_lines_keeps_them_and_loses_the_empty_ones():
    report(make_measure(number=1), Status.PLANNED, on=DAY, explanation="Een.\r\n\r\nTwee.")

    texts = [line.text for line in rows_of(build(DAY))["M1"].progress]

    assert texts == ["Een.", "Twee.", "Gemeld over: 31 december 2024. Later gepubliceerd."]


def test_what_a_later_letter_dealt_with_was_still_open_on_the_day():
    make_commitment(
        "Rapporteren",
        ministry_position="afgedaan",
        ministry_explanation="De brief is gemaakt.",
        fulfilled_by=make_letter("Slotbrief", date=date(2025, 4, 29), date_precision="dag"),
    )

    [before] = lists_of(build(DAY))["Toezeggingen: openstaand"].rows
    [after] = lists_of(build(date(2025, 4, 29)))["Toezeggingen: afgedaan"].rows

    assert "op deze dag nog niet afgedaan" in said_of(before)
    assert "Slotbrief" not in said_of(before)
    assert "Brief: Slotbrief, 29 april 2025." in said_of(after)


def test_a_text_of_nothing_but_white_space_is_unknown():
    """Forms refuse it; a program that writes rows need not."""
    report(make_measure(number=1), Status.PLANNED, on=DAY, explanation=" \n ")

    assert said_of(rows_of(build(DAY))["M1"]).startswith("Onbekend")
