"""The difference of two texts: exact, readable, and never much work."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.comparison.words import Mark, difference, is_same

words = st.sampled_from(["de", "proef", "is", "klaar", "bijna", ".", ",", " ", "\n", "\n\n", "’"])
texts = st.lists(words, max_size=40).map(" ".join) | st.text(max_size=60)


@given(texts, texts)
def test_the_pieces_make_both_texts_again_exactly(old, new):
    pieces = difference(old, new).pieces

    assert "".join(p.text for p in pieces if p.mark != Mark.ADDED) == old
    assert "".join(p.text for p in pieces if p.mark != Mark.REMOVED) == new


@pytest.mark.parametrize(
    ("old", "new", "plain"),
    [
        (
            "De proef is klaar.",
            "De proef is klaar en getest.",
            "De proef is klaar [nieuw: en getest].",
        ),
        (
            "De proef loopt nog tot juni.",
            "De proef loopt nog tot eind september.",
            "De proef loopt nog tot [vervallen: juni] [nieuw: eind september].",
        ),
        ("", "Begonnen.", "[nieuw: Begonnen.]"),
        ("Begonnen.", "", "[vervallen: Begonnen.]"),
        (
            "De eerste alinea blijft staan.\nHet werk loopt.",
            "De eerste alinea blijft staan.\nHet werk rust.",
            "De eerste alinea blijft staan.\nHet werk [vervallen: loopt] [nieuw: rust].",
        ),
        # Two words between two changes do not stand alone.
        (
            "In maart begon de proef bij tien bedrijven, en iedereen deed mee.",
            "In juni eindigde de proef met twaalf bedrijven, en iedereen deed mee.",
            "In [vervallen: maart begon de proef bij tien] "
            "[nieuw: juni eindigde de proef met twaalf] bedrijven, en iedereen deed mee.",
        ),
    ],
)
def test_a_difference_reads_without_colour(old, new, plain):
    assert difference(old, new).plain == plain


def test_two_texts_that_share_little_stand_one_after_the_other():
    change = difference("Wij maken een plan.", "Sinds juni controleert de inspectie elke keten.")

    assert change.is_whole
    assert [piece.mark for piece in change.pieces] == [Mark.REMOVED, Mark.ADDED]


def test_a_long_text_with_one_new_word_still_shows_that_word_alone():
    text = " ".join(f"woord{n % 40}" for n in range(5_000))

    change = difference(f"{text} oud. {text}", f"{text} nieuw. {text}")

    assert [p.text for p in change.pieces if p.mark != Mark.EQUAL] == ["oud", "nieuw"]


def test_spaces_and_line_ends_are_no_change():
    assert is_same("De proef  loopt.\r\n", "De proef loopt.")
    assert not is_same("De proef loopt.", "De proef loopt nog.")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * 20_000, "b a " * 20_000),
        (
            " ".join(f"w{n} was{n}" for n in range(900)),
            " ".join(f"w{n} is{n}" for n in range(900)),
        ),
        (" ".join(f"w{n} was{n}" for n in range(9_000)), " ".join(f"w{n}" for n in range(9_000))),
        ("klaar " * 600 + "x", "y " + "klaar " * 500),
        (" ".join(random.Random(1).choices("abcdefgh", k=1200)), " ".join("hgfedcba" * 150)),
        ("\n".join(f"regel {n}" for n in range(5_000)), "regel " * 5_000),
    ],
)
def test_long_texts_that_repeat_themselves_take_little_time(old, new):
    start = time.perf_counter()

    difference(old, new)

    assert time.perf_counter() - start < 2
