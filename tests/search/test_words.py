"""What counts as the same word: for the index and for who searches alike."""

import pytest
from django.db import connection

from measures.search.words import STOP, key, stem, tokens


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Het LOKET is open", ["loket", "open"]),
        ("Laçin, Kröger", ["lacin", "kroger"]),
        ("e\u0301e\u0301n ingang", ["één", "ingang"]),
        ("Een loket, één ingang", ["loket", "één", "ingang"]),
        ("M7 m07 M007", ["m7", "m7", "m7"]),
        ("30015-87", ["30015nr87", "30015"]),
        ("kst-30015-87", ["30015nr87", "30015"]),
        ("30 015, nr. 87", ["30015nr87", "30015"]),
        ("Kamerstukken II 2020/21, 30 015, nr. 87", ["30015nr87", "30015"]),
        ("36410-XII-14", ["36410xiinr14", "36410"]),
        ("36 410 XII, nr. 14", ["36410xiinr14", "36410"]),
        ("dossier 30 015", ["dossier", "30015"]),
        ("BRL 6000-21", ["brl", "6000", "21"]),
        ("a\x00b", ["a", "b"]),
        ("!!! 🌱 — …", []),
        ("", []),
    ],
)
def test_a_text_has_these_words(text, found):
    assert tokens(text) == found


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("kst-30015-87", "30015-87"),
        ("30 015, nr. 87", "30015-87"),
        ("m07", "M7"),
        ("ilt", "ILT"),
        ("raad voor ACCREDITATIE", "Raad voor Accreditatie"),
    ],
)
def test_a_number_or_name_is_the_same_in_every_spelling(typed, stored):
    assert key(typed) == key(stored)


@pytest.mark.parametrize(
    ("words", "alike"),
    [
        (["normdocument", "normdocumenten"], True),
        (["maatregel", "maatregelen"], True),
        (["verbeteren", "verbetering"], True),
        (["loket", "loketten"], True),
        (["één", "een"], True),
        (["norm", "vorm"], False),
    ],
)
def test_forms_of_a_word_have_one_stem(words, alike):
    assert (stem(words[0]) == stem(words[1])) is alike


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks PostgreSQL")
def test_the_stems_and_stop_words_are_those_of_postgresql():
    """So that both databases find the same; a newer PostgreSQL may bring other stems."""
    sample = (
        "maatregelen normdocumenten toezicht toezichthouders lacin erkenningen verbetering "
        "verbeteren lopende loopt loketten monsterneming bodembeheer één moties toezeggingen "
        "certificerende instellingen schemabeheerder granuliet samenwerkingsprotocol vastleggen "
        "belangenverstrengeling voorkomen bedrijven risicobeelden overtreding naleving geborgd"
    )

    with connection.cursor() as cursor:
        for word in [*sample.split(), *STOP]:
            cursor.execute("SELECT tsvector_to_array(to_tsvector('dutch', %s))", [word])
            expected = [] if word in STOP else [stem(word)]
            assert cursor.fetchone()[0] == expected, word
