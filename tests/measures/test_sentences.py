"""Sentences about numbers, right for none, one and more."""

import pytest

from measures.models import Status
from measures.sentences import enumeration, headline, measures, since_letter, summary


@pytest.mark.parametrize(
    ("counts", "total", "sentence"),
    [
        ({}, "", "Hier staat nog geen maatregel."),
        (
            {},
            "circa 40",
            "De Taskforce stelde circa 40 maatregelen op. Hier staat nog geen maatregel.",
        ),
        ({Status.PLANNED: 1}, "", "Hier staat 1 maatregel: 1 is gepland."),
        (
            {Status.IMPLEMENTED: 2, Status.DROPPED: 1},
            "",
            "Hier staan 3 maatregelen: 2 zijn geïmplementeerd en 1 is vervallen.",
        ),
        (
            {Status.IMPLEMENTED: 3, Status.PLANNED: 1, Status.UNKNOWN: 3},
            "circa 40",
            "De Taskforce stelde circa 40 maatregelen op. Van 7 daarvan kennen wij de inhoud uit "
            "openbare bronnen: 3 zijn geïmplementeerd, 1 is gepland en van 3 is de stand onbekend.",
        ),
    ],
)
def test_the_summary_is_right_for_none_one_and_more(counts, total, sentence):
    assert summary(counts, total) == sentence


def test_the_headline_is_one_sentence():
    counts = {Status.IMPLEMENTED: 3, Status.PLANNED: 1, Status.UNKNOWN: 3}

    assert headline(counts, "circa 40") == (
        "Van de circa 40 maatregelen van de Taskforce kennen wij er 7 uit openbare bronnen: "
        "3 zijn geïmplementeerd, 1 is gepland en van 3 is de stand onbekend."
    )
    # Without a total, or without measures, there is nothing to set against each other.
    assert headline(counts) == summary(counts)
    assert headline({}, "circa 40") == summary({}, "circa 40")


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ((0, 0, 0), "Er is nog niets nieuws gemeld."),
        ((1, 0, 0), "Nieuws over 1 maatregel."),
        ((3, 2, 0), "Nieuws over 3 maatregelen. Daarvan zijn er 2 geïmplementeerd."),
        ((0, 0, 2), "Van 2 maatregelen is de streefdatum verschoven."),
    ],
)
def test_what_is_new_since_a_letter_is_right_for_none_one_and_more(numbers, sentence):
    assert since_letter(*numbers) == sentence


def test_every_status_has_its_words():
    for status in Status:
        one, more = summary({status: 1}), summary({status: 2})
        assert one.startswith("Hier staat 1 maatregel: ")
        assert more.startswith("Hier staan 2 maatregelen: ")


def test_a_list_reads_as_people_say_it():
    assert enumeration(["a"]) == "a"
    assert enumeration(["a", "b"]) == "a en b"
    assert enumeration(["a", "b", "c"]) == "a, b en c"
    assert (measures(0), measures(1)) == ("0 maatregelen", "1 maatregel")
