"""'Bedoelde u …': a known word that looks like one that nothing knows.

The words of all that is public are a short table (`SearchWord`), whatever the number of
records: words repeat. So the distance to each can be computed here, the same on both databases,
without an extension of PostgreSQL (pg_trgm), which an administrator has to allow and SQLite lacks.
"""

from django.db.models import Q
from django.db.models.functions import Length
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from ..models import SearchWord
from .question import Question
from .words import stem

# Shorter words look like everything.
SHORTEST = 4
# How alike two words have to be, of 1: one slip in a word of four letters, two in one of eight.
ALIKE = 0.7
# No more words are compared than a quick answer allows.
MOST = 20_000


def suggestion(question: Question) -> str:
    """The question with each unknown word in its most likely spelling; empty when there is none.

    Nothing here says that the outcome finds anything: that is for the caller to see.
    """
    wanted = [w for w in question.words if len(w) >= SHORTEST and w.isalpha()]
    if not wanted:
        return ""
    known = set(
        SearchWord.objects.filter(stem__in={stem(word) for word in wanted}).values_list(
            "stem", flat=True
        )
    )
    better = {}
    for word in wanted:
        if stem(word) not in known and (found := _nearest(word)):
            better[word] = found
    return " ".join(better.get(word, word) for word in question.words) if better else ""


def _nearest(word: str) -> str:
    near = Q(length__gte=len(word) - 2, length__lte=len(word) + 2)
    words = (
        SearchWord.objects.annotate(length=Length("word"))
        .filter(near)
        .order_by("stem")
        .values_list("word", flat=True)[:MOST]
    )
    found = process.extractOne(
        word,
        list(words),
        scorer=DamerauLevenshtein.normalized_similarity,
        score_cutoff=ALIKE,
    )
    return found[0] if found else ""
