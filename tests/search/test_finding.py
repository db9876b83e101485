"""What somebody finds: the same on SQLite and PostgreSQL.

The order of records of one level is not promised to be the same: the databases weigh words in
their own way (bm25 and ts_rank). What is found, and the level (exactly this number or name,
then all words in the title, then elsewhere), is.
"""

from datetime import date

import pytest

from measures import search
from measures.models import GlossaryTerm, Status
from parties.certainty import Certainty
from parties.publication import Publication
from tests.factories import (
    CONCEPT,
    make_commitment,
    make_letter,
    make_measure,
    make_motion,
    make_party,
    report,
)

pytestmark = pytest.mark.django_db


def make_term(term, definition="Wat het betekent.", **values):
    values = {"slug": term.lower(), "publication": Publication.PUBLIC} | values
    return GlossaryTerm.objects.create(
        term=term, definition=definition, certainty=Certainty.STATED, **values
    )


def make_printed_motion(title="Motie van het lid Moorlag", number="87", **values):
    values = {"dossier": "30015", "paper_number": number, "slug": f"30015-{number}"} | values
    return make_motion(title, date=date(2020, 12, 2), date_precision="dag", **values)


def found(text, day=None, known_on=None, kind=""):
    """What is found, as (kind, record), the best first."""
    answer = search.find(text, day, known_on)
    return [(r.kind.name, r.record) for r in answer.results(answer.of(kind))]


def records(*asked, **options):
    return [record for _, record in found(*asked, **options)]


def test_every_kind_of_public_record_is_found():
    measure = make_measure("Steekproef bij het lab", number=1)
    update = report(make_measure("Iets anders"), Status.PLANNED, on=date(2024, 1, 1))
    update = report(
        update.measure, Status.PLANNED, on=date(2024, 2, 1), explanation="De steekproef loopt."
    )
    motion = make_motion("Motie over de steekproef")
    commitment = make_commitment("Verslag", text="De Kamer hoort van de steekproef.")
    letter = make_letter("Brief over de steekproef")
    party = make_party("Bureau Steekproef")
    term = make_term("Steekproef")

    assert set(found("steekproef")) == {
        ("maatregel", measure),
        ("maatregel", update.measure),
        ("stand", update),
        ("motie", motion),
        ("toezegging", commitment),
        ("brief", letter),
        ("partij", party),
        ("begrip", term),
    }


@pytest.mark.parametrize(
    "typed",
    [
        "30015-87",
        "kst-30015-87",
        "30 015, nr. 87",
        "30015 nr 87",
        "Kamerstukken II 2020/21, 30 015, nr. 87",
        "motie 30015-87",
        "moorlag",
        "MOORLAG",
        "motie moorlag",
    ],
)
def test_a_motion_is_found_by_number_and_by_name(typed):
    motion = make_printed_motion()
    make_printed_motion("Motie van het lid Van Brenk", number="88")
    make_printed_motion("Motie van het lid Ander", number="870")

    assert records(typed) == [motion]


@pytest.mark.parametrize("typed", ["laçin", "lacin", "LAÇIN", "Lac\u0327in"])
def test_a_proposer_is_found_with_and_without_accents(typed):
    motion = make_motion("Motie over granuliet", proposers=[("Laçin", "SP")])

    assert records(typed) == [motion]


@pytest.mark.parametrize("typed", ["7", "M7", "m7", "m07"])
def test_a_measure_is_found_by_its_number_first(typed):
    measure = make_measure("Protocol", number=7)
    other = make_measure("Andere maatregel", number=8, description="Lijkt op M7 en op stap 7.")
    make_measure("Nog een", number=77)

    assert records(typed) == [measure, other]


def test_what_is_exactly_asked_for_comes_first_then_titles_then_texts():
    text = make_measure("Iets", description="Een BRL zegt hoe.")
    title = make_measure("Elke BRL strenger")
    term = make_term("BRL", "Beoordelingsrichtlijn.")

    assert records("brl") == [term, title, text]


def test_a_whole_word_in_the_title_comes_before_a_part_of_one():
    part = make_measure("Normdocumenten strenger")
    whole = make_measure("De norm voor monsters nemen in de bodem")

    assert records("norm") == [whole, part]


def test_updates_come_newest_first():
    measure = make_measure("Loket")
    old = report(measure, Status.PLANNED, on=date(2023, 1, 1), explanation="Proef, proef, proef.")
    new = report(measure, Status.PLANNED, on=date(2024, 1, 1), explanation="Een lange proef, ja.")

    assert records("proef", kind="stand") == [new, old]


@pytest.mark.parametrize(
    "typed",
    ["norm document", "norm documenten", "normdocument", "normdocumenten", "norm", "document"],
)
def test_a_compound_is_found_however_it_is_written(typed):
    make_measure("Eisen in normdocumenten", number=1)
    make_measure("Wat het norm document zegt", number=2)
    make_measure("Loket", number=3)

    numbers = {measure.number for measure in records(typed, kind="maatregel")}

    assert numbers == {1, 2}


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("toezichthouders", True),
        ("toezicht", True),
        ("houder", True),
        ("zicht", False),
        ("toezichthouder verscherpt", True),
        ("toezichthouder versoepelt", False),
        ("verscherping", True),
    ],
)
def test_every_word_has_to_occur_in_some_form(typed, is_found):
    measure = make_measure("De toezichthouder verscherpt")

    assert (records(typed) == [measure]) is is_found


def test_words_may_stand_in_the_title_and_in_the_last_update_of_a_measure():
    measure = make_measure("Loket")
    report(measure, Status.PLANNED, on=date(2023, 1, 1), explanation="Er komt een proef.")
    report(measure, Status.IMPLEMENTED, on=date(2024, 1, 1), explanation="Het is open.")

    assert records("loket open", kind="maatregel") == [measure]
    assert records("loket proef", kind="maatregel") == []
    assert len(records("proef", kind="stand")) == 1


@pytest.mark.parametrize("typed", ["", "  ", "de", "de van een", "!!!", "🌱", "\x00", "& | ( ' \""])
def test_a_question_without_a_word_that_says_something_finds_nothing(typed):
    make_measure("De norm van een loket")

    assert records(typed) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("toezigt", "toezicht"),
        ("granulite", "granuliet"),
        ("toezigt granuliet", "toezicht granuliet"),
        ("moorlach", "moorlag"),
    ],
)
def test_a_slip_of_the_pen_gets_what_was_meant(typed, meant):
    make_measure("Toezicht op granuliet")
    make_motion("Motie", proposers=[("Moorlag", "PvdA")])

    answer = search.find(typed)

    assert not answer.hits
    assert answer.suggestion.question.text == meant
    assert answer.suggestion.hits


@pytest.mark.parametrize("typed", ["xyzzyplugh", "toezicht", "ab", "12345"])
def test_nothing_is_suggested_without_a_word_that_looks_like_it(typed):
    make_measure("Toezicht")

    assert search.find(typed).suggestion is None


def test_a_word_that_is_no_longer_public_is_not_suggested():
    update = report(
        make_measure("Loket"), Status.PLANNED, on=date(2024, 1, 1), explanation="Zwartemarker."
    )
    assert search.find("zwartemarkar").suggestion

    update.withdraw("Fout.")

    assert search.find("zwartemarkar").suggestion is None


class TestOnAnEarlierDay:
    def test_only_what_was_there_is_found(self):
        old = make_measure("Steekproef bij het lab")
        make_measure("Steekproef later", added_on=date(2024, 1, 1))
        make_motion("Motie steekproef", date=date(2024, 1, 1), date_precision="dag")
        unknown = make_motion("Motie over een steekproef zonder datum")
        make_letter("Brief over de steekproef", date=date(2024, 1, 1), date_precision="dag")
        first = report(old, Status.PLANNED, on=date(2023, 1, 1), explanation="Steekproef komt.")
        report(old, Status.IMPLEMENTED, on=date(2024, 1, 1), explanation="Steekproef klaar.")

        assert set(records("steekproef", date(2023, 6, 1))) == {old, unknown, first}

    def test_what_was_said_later_does_not_find_a_measure(self):
        measure = make_measure("Loket")
        report(measure, Status.IMPLEMENTED, on=date(2024, 1, 1), explanation="Het is geopend.")

        assert records("geopend", kind="maatregel") == [measure]
        assert records("geopend", date(2023, 6, 1)) == []

    def test_what_was_not_known_yet_is_not_found(self):
        measure = make_measure("Loket", published_at="2023-01-01T12:00:00Z")
        report(
            measure,
            Status.PLANNED,
            on=date(2023, 1, 1),
            explanation="Het gaat open.",
            published_at="2024-05-01T12:00:00Z",
        )
        day = date(2023, 6, 1)

        assert len(records("open", day, kind="stand")) == 1
        assert records("open", day, day, kind="stand") == []
        assert records("loket", day, day) == [measure]


def test_what_is_not_public_is_not_found():
    make_measure("Zwartemarker", publication=CONCEPT)
    make_motion("Zwartemarker", publication=CONCEPT)
    make_party("Zwartemarker", publication=Publication.WITHDRAWN)
    make_term("Zwartemarker", publication=CONCEPT)
    public = make_measure("Loket")
    report(
        public,
        Status.PLANNED,
        on=date(2024, 1, 1),
        explanation="Zwartemarker.",
        publication=CONCEPT,
    )

    assert records("zwartemarker") == []
