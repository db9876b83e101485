"""A list goes out, comes back changed, and changes exactly that."""

from datetime import date

import pytest
import time_machine
from django.contrib.admin.models import LogEntry

from measures import spreadsheet
from measures.models import DeadlineChange, Measure, ProgressUpdate, Status
from measures.periods import Precision
from measures.rules import State
from parties.models import Party
from tests.desk.people import colleague
from tests.factories import make_party, make_theme, report
from tests.spreadsheet.files import HEADINGS, current, made, read, sheet

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


def changed(format="xlsx", **values):
    """The list of now with other values in the row of M1."""
    rows = current()
    rows[0] |= values
    return sheet(rows, format)


def load(found, user, **options):
    plan = spreadsheet.plan(found, user)
    return spreadsheet.apply(found, user, plan.digest, **options)


def told(plan):
    return [(row.measure.code, [str(change) for change in row.changes]) for row in plan.rows]


@pytest.mark.parametrize("format", spreadsheet.FORMATS)
def test_what_comes_back_as_it_went_changes_nothing(measures, writer, format):
    plan = spreadsheet.plan(sheet(current(), format), writer)

    assert (plan.rows, plan.problems, plan.notices, plan.unchanged) == ([], [], [], 3)


@pytest.mark.parametrize("format", spreadsheet.FORMATS)
def test_every_column_can_be_changed(measures, writer, format):
    make_party("Stichting Bodembeheer", abbreviation="SIKB")
    found = changed(
        format,
        **{
            "Titel": "Aanpak van annexen",
            "Hoofdlijn": "uitvoering",
            "Omschrijving": "Eén regel.",
            "Gereed als": "",
            "Trekker": "sikb",
            "Status": "geïmplementeerd",
            "Peildatum": date(2026, 11, 1),
            "Nauwkeurigheid van de peildatum": "dag",
            "Stand van zaken": "Het is er.\nNu echt.",
            "Streefdatum": date(2026, 12, 1),
            "Nauwkeurigheid van de streefdatum": "maand",
            "Reden van verschuiving": "De toets duurt langer.",
        },
    )

    plan = spreadsheet.plan(found, writer)

    assert plan.problems == []
    assert told(plan) == [
        (
            "M1",
            [
                "titel: Aanpak van bijlagen → Aanpak van annexen",
                "hoofdlijn: Toezicht → Uitvoering",
                "omschrijving: Eerste regel.\n\nTweede alinea; met een puntkomma. → Eén regel.",
                "gereed als: Als het er is. → leeg",
                "trekker: Inspectie Leefomgeving en Transport → Stichting Bodembeheer",
                "status: In uitwerking → Geïmplementeerd",
                "peildatum: 31 maart 2024 → 1 november 2026",
                "stand van zaken: Er is een ontwerp. → Het is er.\nNu echt.",
                "streefdatum: eind 2025 → december 2026",
                "reden van verschuiving: leeg → De toets duurt langer.",
            ],
        )
    ]
    assert not ProgressUpdate.objects.concepts().exists()

    load(found, writer)

    measure = Measure.objects.get(number=1)
    assert (measure.title, measure.theme.title) == ("Aanpak van annexen", "Uitvoering")
    assert (measure.lead, measure.done_when) == (Party.objects.get(abbreviation="SIKB"), "")
    # What the Chamber reads waits for a second person.
    assert (measure.status, measure.deadline) == (Status.IN_DEVELOPMENT, date(2025, 12, 31))
    update, deadline = measure.updates.concepts().get(), measure.deadline_changes.concepts().get()
    assert (update.status, update.reporting_date) == (Status.IMPLEMENTED, date(2026, 11, 1))
    assert (update.explanation, update.author) == ("Het is er.\nNu echt.", writer)
    assert (deadline.deadline, deadline.precision) == (date(2026, 12, 31), Precision.MONTH)
    assert (deadline.reason, deadline.reporting_date) == ("De toets duurt langer.", TODAY)
    assert Measure.objects.get(number=3).description == '\'=HYPERLINK(1)\t"aanhaling"'


CHANGES = [
    {"Titel": "'=Nieuw"},
    {"Trekker": "onbekend"},
    {"Status": "Vervallen", "Stand van zaken": "Het gaat niet door."},
    {"Stand van zaken": "Alleen een andere tekst."},
    {"Peildatum": date(2025, 1, 31)},
    {"Streefdatum": "", "Reden van verschuiving": "Er geldt geen datum meer."},
    {"Streefdatum": date(2027, 1, 1), "Reden van verschuiving": "Uitloop."},
    {"Titel": "Nieuw", "Status": "Gepland"},
]


@pytest.mark.parametrize("format", spreadsheet.FORMATS)
@pytest.mark.parametrize("values", CHANGES, ids=lambda values: "+".join(values))
def test_the_same_file_a_second_time_changes_nothing(measures, writer, approver, format, values):
    found = changed(format, **values)
    assert len(load(found, writer, submit=True).rows) == 1

    for later in (TODAY, date(2026, 11, 30)):
        with time_machine.travel(later, tick=False):
            again = spreadsheet.plan(found, writer)
            assert (told(again), again.problems, again.notices) == ([], [], [])
            # Nor after a colleague approved it and made it public.
            for model in (ProgressUpdate, DeadlineChange):
                for concept in model.objects.waiting():
                    concept.approve(approver)
                    concept.publish(approver)


def test_concepts_are_offered_only_when_asked(measures, writer):
    load(changed(Status="Gepland"), writer)
    assert ProgressUpdate.objects.concepts().get().state == State.DRAFT

    load(changed(Status="Vervallen"), writer, submit=True)
    assert ProgressUpdate.objects.waiting().get().status == Status.DROPPED


def test_rows_and_columns_that_are_not_in_the_file_stay_as_they_are(measures, writer):
    rows = current(number=1)
    rows[0]["Status"] = "Vervallen"
    headings = ["Status", "Stand van zaken", "Versie (niet wijzigen)", "Nummer"]

    plan = spreadsheet.plan(sheet(rows, headings=headings), writer)

    assert told(plan) == [
        (
            "M1",
            ["status: In uitwerking → Vervallen", "peildatum: 31 maart 2024 → 24 november 2026"],
        )
    ]
    assert plan.rows[0].notes == ["U gaf geen nieuwe peildatum; wij nemen die van vandaag."]


# A colleague.


def test_what_only_a_colleague_changed_is_left_alone(measures, writer):
    rows = current()
    rows[0]["Omschrijving"] = "Van mij."
    measures[0].title = "Van een collega"
    measures[0].save()

    plan = load(sheet(rows), writer)

    assert told(plan) == [
        ("M1", ["omschrijving: Eerste regel.\n\nTweede alinea; met een puntkomma. → Van mij."])
    ]
    assert Measure.objects.get(number=1).title == "Van een collega"


def test_a_cell_that_both_changed_is_a_problem_and_nothing_is_changed(measures, writer):
    rows = current()
    rows[0]["Titel"], rows[1]["Titel"] = "Van mij", "Ook van mij"
    measures[0].title = "Van een collega"
    measures[0].save()
    found = sheet(rows)

    plan = spreadsheet.plan(found, writer)

    assert [(p.row, p.column) for p in plan.problems] == [(2, "Titel")]
    assert "Van een collega" in str(plan.problems[0])
    with pytest.raises(spreadsheet.Moved):
        spreadsheet.apply(found, writer, plan.digest)
    assert Measure.objects.get(number=2).title == "Kaal"


def test_a_report_published_meanwhile_is_a_problem(measures, writer):
    rows = current()
    rows[0]["Status"] = "Gepland"
    report(measures[0], Status.IMPLEMENTED, on=date(2024, 6, 1))

    plan = spreadsheet.plan(sheet(rows), writer)

    assert "gewijzigd nadat u het bestand ophaalde" in str(plan.problems[0])


def test_what_moved_between_preview_and_button_is_shown_first(measures, writer):
    found = changed(Titel="Nieuw")
    digest = spreadsheet.plan(found, writer).digest
    measures[0].description = "Van een collega"
    measures[0].save()

    with pytest.raises(spreadsheet.Moved) as moved:
        spreadsheet.apply(found, writer, digest)

    assert told(moved.value.plan) == [("M1", ["titel: Aanpak van bijlagen → Nieuw"])]
    assert Measure.objects.get(number=1).title == "Aanpak van bijlagen"


def test_without_versions_it_is_compared_with_now_and_says_so(measures, writer):
    rows = [{"nr": 1, "TITEL *": "Nieuw", "Mijn aantekening": "bellen"}]

    plan = spreadsheet.plan(sheet(rows), writer)

    assert told(plan) == [("M1", ["titel: Aanpak van bijlagen → Nieuw"])]
    assert "‘Versie’ ontbreekt" in plan.notices[0]
    assert "‘Mijn aantekening’" in plan.notices[1]


# What is wrong, where, and what was expected.


@pytest.mark.parametrize(
    ("values", "place", "message"),
    [
        ({"Nummer": "M99"}, "rij 2, kolom ‘nummer’", "M99 is er niet"),
        ({"Nummer": "eerste"}, "rij 2, kolom ‘nummer’", "zoals M7"),
        ({"Titel": ""}, "rij 2, kolom ‘titel’", "leeg"),
        ({"Titel": "x" * 201}, "rij 2, kolom ‘titel’", "200"),
        ({"Hoofdlijn": "Overig"}, "rij 2, kolom ‘hoofdlijn’", "‘Toezicht’, ‘Uitvoering’"),
        ({"Trekker": "Iemand"}, "rij 2, kolom ‘trekker’", "afkorting"),
        ({"Status": "klaar"}, "rij 2, kolom ‘status’", "geïmplementeerd, vervallen"),
        ({"Status": "opgegaan in"}, "rij 2, kolom ‘status’", "opgegaan in M5"),
        ({"Status": "opgegaan in M9"}, "rij 2, kolom ‘status’", "M9 is er niet"),
        ({"Status": "opgegaan in M1"}, "rij 2, kolom", "niet opgaan in zichzelf"),
        ({"Peildatum": "eind 2025"}, "rij 2, kolom ‘peildatum’", "Schrijf bijvoorbeeld 31-12-2026"),
        ({"Peildatum": "31-2-2025"}, "rij 2, kolom ‘peildatum’", "bestaat niet"),
        ({"Peildatum": date(2027, 1, 1)}, "rij 2, kolom ‘peildatum’", "toekomst"),
        ({"Peildatum": date(1970, 1, 1)}, "rij 2, kolom ‘peildatum’", "kan niet kloppen"),
        ({"Stand van zaken": ""}, "rij 2, kolom ‘stand van zaken’", "Vul een"),
        ({"Streefdatum": date(2027, 1, 1)}, "rij 2, kolom ‘reden van verschuiving’", "waarom"),
        ({"Nauwkeurigheid van de streefdatum": "week"}, "rij 2, kolom", "dag, maand, kwartaal"),
    ],
)
def test_every_fault_names_row_column_and_what_was_expected(
    measures, writer, values, place, message
):
    plan = spreadsheet.plan(changed(**values), writer)

    assert len(plan.problems) == 1
    assert place in str(plan.problems[0]).lower()
    assert message in str(plan.problems[0])


def test_a_measure_that_is_there_twice_is_a_problem(measures, writer):
    rows = current()

    plan = spreadsheet.plan(sheet([*rows, rows[0]]), writer)

    assert [str(problem) for problem in plan.problems] == [
        "Rij 5, kolom ‘Nummer’: M1 staat er twee keer in."
    ]


def test_a_row_under_the_number_of_another_changes_nothing(measures, writer):
    rows = current()
    rows[1] = rows[0] | {"Nummer": "M2"}

    plan = spreadsheet.plan(sheet(rows), writer)

    assert plan.rows == []
    assert {problem.row for problem in plan.problems} == {3}


def test_one_fault_stops_the_whole_file(measures, writer):
    rows = current()
    rows[0]["Titel"], rows[1]["Status"] = "Nieuw", "klaar"
    found = sheet(rows)

    with pytest.raises(spreadsheet.Moved):
        spreadsheet.apply(found, writer, spreadsheet.plan(found, writer).digest)

    assert not Measure.objects.filter(title="Nieuw").exists()


def test_a_reason_without_a_new_date_is_told(measures, writer):
    plan = spreadsheet.plan(changed(**{"Reden van verschuiving": "Uitloop."}), writer)

    assert plan.rows == []
    assert "de streefdatum is dezelfde" in plan.notices[0]


def test_another_concept_beside_it_is_told(measures, writer):
    load(changed(Status="Gepland"), writer)

    plan = spreadsheet.plan(changed(Status="Vervallen"), writer)

    assert "ander concept" in plan.rows[0].notes[0]


def test_a_first_deadline_needs_no_reason(measures, writer):
    rows = current()
    rows[1]["Streefdatum"] = "1 feb. 2027"

    load(sheet(rows), writer)

    change = measures[1].deadline_changes.concepts().get()
    assert (change.deadline, change.precision) == (date(2027, 2, 1), Precision.DAY)
    assert change.is_original


# Rights.


def test_outside_the_field_of_work_nothing_can_be_changed(measures):
    somebody = colleague("toezicht", "redacteur", themes=[measures[0].theme])
    rows = current()
    rows[0]["Titel"] = "Mag"
    rows[1]["Titel"] = "Mag niet"

    plan = spreadsheet.plan(sheet(rows), somebody)

    assert [str(problem) for problem in plan.problems] == [
        "Rij 3, kolom ‘Nummer’: Deze maatregel hoort niet bij uw werkgebied."
    ]


def test_a_reader_can_change_nothing(measures):
    reader = colleague("lezer", "lezer")

    for values in ({"Titel": "Nieuw"}, {"Status": "Gepland"}, {"Streefdatum": date(2027, 1, 1)}):
        plan = spreadsheet.plan(changed(**values), reader)
        assert ["geen rechten" in str(problem) for problem in plan.problems] == [True]


def test_the_log_tells_who_changed_what(measures, writer):
    load(changed(Titel="Nieuw"), writer)

    entry = LogEntry.objects.get()
    assert entry.user == writer
    assert entry.get_change_message() == "uit een spreadsheet: titel: Aanpak van bijlagen → Nieuw"


def test_a_text_that_did_not_fit_in_a_cell_is_not_cut_off(measures, writer):
    text = "lang " * 8_000
    Measure.objects.filter(number=1).update(description=text)

    plan = spreadsheet.plan(changed(Titel="Nieuw"), writer)

    assert told(plan) == [("M1", ["titel: Aanpak van bijlagen → Nieuw"])]
    assert "paste niet" in plan.notices[0]


def test_ten_thousand_unchanged_rows_ask_as_much_of_the_database_as_three(
    measures, writer, django_assert_num_queries
):
    make_theme()
    three = read(made(current()))
    Measure.objects.bulk_create(
        [Measure(number=n, title=f"M {n}", theme=measures[0].theme) for n in range(10, 200)]
    )
    many = read(made(current()))

    for found in (three, many):
        with django_assert_num_queries(7):
            assert spreadsheet.plan(found, writer).rows == []
    assert len(many.rows) == 193


def test_the_headings_are_those_of_the_manual(measures):
    assert read(made(current())).columns == list(spreadsheet.read.__globals__["COLUMNS"])
    assert len(HEADINGS) == 14
