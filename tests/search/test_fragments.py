"""What of a text is shown, with the words that were asked for marked, and nothing else in it."""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.search.fragments import LENGTH, fragment, marked
from measures.search.question import Question, Term
from measures.search.words import clean


def asking(*words):
    return Question(" ".join(words), words, tuple((Term((word,), goes_on=True),) for word in words))


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Het loket is open.", "loket", "Het <mark>loket</mark> is open."),
        ("LOKETTEN", "loket", "<mark>LOKETTEN</mark>"),
        ("Laçin (SP)", "lacin", "<mark>Laçin</mark> (SP)"),
        ("Kamerstuk 30 015, nr. 87.", "30015nr87", "<mark>Kamerstuk 30 015, nr. 87</mark>."),
        ("<b>loket</b> & zo", "loket", "&lt;b&gt;<mark>loket</mark>&lt;/b&gt; &amp; zo"),
        ("<mark>loket</mark>", "ander", "&lt;mark&gt;loket&lt;/mark&gt;"),
        ("", "loket", ""),
    ],
)
def test_the_words_asked_for_are_marked_and_the_rest_is_escaped(text, word, expected):
    assert marked(text, asking(word)) == expected


def test_a_fragment_shows_the_stretch_with_the_word():
    text = f"{'Eerst iets anders. ' * 40}Dan het loket. {'En nog meer. ' * 40}"

    shown = fragment([text], asking("loket"))

    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "<mark>loket</mark>" in shown
    assert len(shown) < LENGTH + 60


def test_the_text_with_most_of_the_words_is_taken():
    texts = ["Een loket.", "Een loket met een balie.", "Niets."]

    shown = fragment(texts, asking("loket", "balie"))

    assert shown == "Een <mark>loket</mark> met een <mark>balie</mark>."


def test_without_the_word_the_text_begins_at_its_beginning():
    assert fragment(["Een balie."], asking("loket")) == "Een balie."
    assert fragment(["", " "], asking("loket")) == ""


@given(text=st.text(max_size=400), words=st.lists(st.text(min_size=1, max_size=12), max_size=4))
def test_no_text_makes_other_tags_than_mark_or_loses_a_sign(text, words):
    shown = marked(text, asking(*words))
    bare = shown.replace("<mark>", "").replace("</mark>", "")

    assert not {"<", ">"} & set(bare)
    assert unescape(bare) == clean(text)
    assert shown.count("<mark>") == shown.count("</mark>")
