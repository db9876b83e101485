"""A comparison in plain Dutch, right for none, one and more."""

from datetime import date

import pytest

from measures.comparison import compare
from measures.comparison.sentences import summary, total
from measures.models import Status

from .contents import MAY, content, row

LETTER = "4 april 2022"
OLD, NEW = date(2023, 1, 1), date(2024, 1, 1)


def implemented(*numbers):
    return [
        (row(n, Status.PLANNED, "Loopt."), row(n, Status.IMPLEMENTED, "Klaar.")) for n in numbers
    ]


def shifted(*numbers):
    return [(row(n, deadline=OLD, text=""), row(n, deadline=NEW, text="")) for n in numbers]


def same(*numbers):
    return [(row(n), row(n)) for n in numbers]


def told(*pairs, is_now=True, letter=LETTER, after_letter="") -> str:
    before = content(*(was for was, _ in pairs if was), letter_date=letter)
    after = content(*(now for _, now in pairs if now), on=MAY, letter_date=after_letter)
    return " ".join(summary(compare(before, after), is_now=is_now))


SINCE = "Sinds de brief van 4 april 2022"


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        ([], "Op beide momenten staat hier geen maatregel."),
        (
            same(1),
            f"{SINCE} is niets veranderd: van de maatregel zijn de status, de streefdatum en de "
            "tekst gelijk gebleven.",
        ),
        (
            same(1, 2),
            f"{SINCE} is niets veranderd: van beide maatregelen zijn de status, de streefdatum en "
            "de tekst gelijk gebleven.",
        ),
        (
            same(1, 2, 3),
            f"{SINCE} is niets veranderd: van alle 3 maatregelen zijn de status, de streefdatum "
            "en de tekst gelijk gebleven.",
        ),
        (
            implemented(1),
            f"{SINCE} is 1 maatregel geïmplementeerd; van 1 maatregel is de tekst gewijzigd.",
        ),
        (
            implemented(1, 2),
            f"{SINCE} zijn 2 maatregelen geïmplementeerd; van 2 is de tekst gewijzigd.",
        ),
        (
            [(row(1), row(1, Status.DROPPED)), *same(2, 3)],
            f"{SINCE} is 1 maatregel vervallen; van 3 is de tekst niet gewijzigd.",
        ),
        (
            [(row(n), row(n, Status.MERGED, "Zie M9.", merged_into="M9")) for n in (1, 2)],
            f"{SINCE} zijn 2 maatregelen opgegaan in een andere maatregel; "
            "van 2 is de tekst gewijzigd.",
        ),
        (
            [(None, row(1)), (None, row(2)), (row(3), None)],
            f"{SINCE} zijn 2 maatregelen erbij gekomen; 1 maatregel wordt niet meer genoemd.",
        ),
        (
            [(row(1, text=""), row(1)), (row(2), row(2, text="")), (row(3), row(3, text=""))],
            f"{SINCE} is van 1 maatregel nu wel een stand van zaken bekend; van 2 is geen stand "
            "van zaken meer bekend.",
        ),
        (
            shifted(1),
            f"{SINCE} is van 1 maatregel de datum verschoven; "
            "van 1 maatregel is nog steeds geen stand van zaken bekend.",
        ),
        (
            [(row(1, deadline=OLD), row(1)), (row(2), row(2, deadline=NEW))],
            f"{SINCE} is van 1 maatregel nu wel een datum bekend; van 1 maatregel is geen datum "
            "meer bekend; van 2 is de tekst niet gewijzigd.",
        ),
        (
            [(row(n), row(n, Status.UNKNOWN)) for n in (1, 2)],
            f"{SINCE} is van 2 maatregelen de stand nu onbekend; van 2 is de tekst niet gewijzigd.",
        ),
        (
            [
                *implemented(1, 2, 3),
                (row(4), row(4, Status.BEING_INTRODUCED)),
                *shifted(5, 6),
                *same(7),
                (None, row(8)),
            ],
            f"{SINCE} zijn 3 maatregelen geïmplementeerd; 1 maatregel wordt nu doorgevoerd; "
            "1 maatregel is erbij gekomen. Van 2 maatregelen is de datum verschoven; van 3 is de "
            "tekst gewijzigd; van 2 is de tekst niet gewijzigd; van 2 is nog steeds geen stand "
            "van zaken bekend.",
        ),
    ],
)
def test_a_summary_reads_as_a_civil_servant_writes(pairs, sentence):
    assert told(*pairs) == sentence


@pytest.mark.parametrize(
    ("letter", "after_letter", "is_now", "start"),
    [
        ("4 april 2022", "", True, "Sinds de brief van 4 april 2022 is"),
        ("", "", True, "Sinds 4 april 2022 is"),
        ("", "", False, "Tussen 4 april 2022 en 1 mei 2023 is"),
        ("4 april 2022", "", False, "Tussen de brief van 4 april 2022 en 1 mei 2023 is"),
        (
            "4 april 2022",
            "3 mei 2023",
            False,
            "Tussen de brief van 4 april 2022 en de brief van 3 mei 2023 is",
        ),
        ("onbekend", "", True, "Sinds de brief ‘De brief’ is"),
    ],
)
def test_the_opening_names_both_moments(letter, after_letter, is_now, start):
    found = told(*implemented(1), letter=letter, after_letter=after_letter, is_now=is_now)

    assert found.startswith(start)


def test_the_same_day_twice_is_said_so():
    found = compare(content(row(1)), content(row(1)))

    assert summary(found, is_now=False) == (
        "Beide momenten zijn hetzelfde: er is niets veranderd.",
    )


@pytest.mark.parametrize(
    ("pairs", "sum_of_counts"),
    [
        ([], "0 maatregelen op 4 april 2022 + 0 nieuw = 0 maatregelen op 1 mei 2023."),
        (same(1), "1 maatregel op 4 april 2022 + 0 nieuw = 1 maatregel op 1 mei 2023."),
        (
            [*same(1, 2), (None, row(3))],
            "2 maatregelen op 4 april 2022 + 1 nieuw = 3 maatregelen op 1 mei 2023.",
        ),
        (
            [*same(1, 2), (None, row(3)), (row(4), None)],
            "3 maatregelen op 4 april 2022 + 1 nieuw – 1 niet meer genoemd = 3 maatregelen op "
            "1 mei 2023.",
        ),
    ],
)
def test_the_counts_are_shown_as_a_sum(pairs, sum_of_counts):
    before = content(*(was for was, _ in pairs if was))
    after = content(*(now for _, now in pairs if now), on=MAY)

    assert total(compare(before, after)) == sum_of_counts
