"""What somebody asks for, as words with the other ways in which each may be written."""

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from ..models import SearchWord
from .words import clean, key, stem, tokens

# Nobody reads the answer to more; a longer question is cut, and the page says so.
MOST_CHARACTERS = 200
MOST_WORDS = 12
# Shorter words have to be there as a whole: with 'o' or 'de' everything begins.
BEGINS = 3
# From so many letters on a word may also be the end of a compound, and be a compound itself.
COMPOUND = 5
MOST_COMPOUNDS = 20


@dataclass(frozen=True)
class Term:
    """One way in which a word may occur: words in a row, and whether the last may go on."""

    words: tuple[str, ...]
    goes_on: bool = False


@dataclass(frozen=True)
class Question:
    """Every group has to occur, in any of its terms. Without groups it finds nothing."""

    text: str
    words: tuple[str, ...] = ()
    groups: tuple[tuple[Term, ...], ...] = ()
    was_cut: bool = False

    @classmethod
    def read(cls, typed: str) -> "Question":
        """What is asked for; one query to the known words, for compounds."""
        text = re.sub(r"\s+", " ", clean(typed[: MOST_CHARACTERS * 10])).strip()
        found = _numbers_once(tokens(text[:MOST_CHARACTERS]))
        words = tuple(found[:MOST_WORDS])
        was_cut = len(typed.strip()) > MOST_CHARACTERS or len(found) > MOST_WORDS
        known = _compounds(words)
        groups = tuple(
            tuple(dict.fromkeys([*_terms(word), *_joined(words, place), *known[word]]))
            for place, word in enumerate(words)
        )
        return cls(text[:MOST_CHARACTERS], words, groups, was_cut)

    @property
    def whole(self) -> "Question":
        """The same with each word as it was typed, ending and all ways of writing left out."""
        return Question(
            self.text, self.words, tuple((Term((word,)),) for word in self.words), self.was_cut
        )

    @property
    def parts(self) -> list["Question"]:
        """A question per word: for texts of which each word may stand in another record."""
        return [
            Question(self.text, (w,), (g,)) for w, g in zip(self.words, self.groups, strict=True)
        ]

    @property
    def keys(self) -> list[str]:
        """What the number or name of a record is when this question asks for exactly that."""
        asked = key(self.text)
        if asked.isdecimal():
            return [f"m{asked}", asked]
        return [asked]


def _numbers_once(found: list[str]) -> list[str]:
    """A Kamerstuk has its dossier as a second form; in a question the first says it all."""
    return [
        word
        for place, word in enumerate(found)
        if not (place and word.isdecimal() and re.match(rf"{word}[ivx]*nr\d+$", found[place - 1]))
    ]


def _terms(word: str) -> list[Term]:
    if word.isdecimal():
        # The number of a measure is said with and without its letter.
        return [Term((word,)), Term((f"m{word}",))]
    has_digit = any(sign.isdigit() for sign in word)
    return [Term((word,), goes_on=len(word) >= BEGINS and not has_digit)]


def _joined(words: tuple[str, ...], place: int) -> list[Term]:
    """'norm document' also asks for 'normdocument'."""
    pairs = [words[n : n + 2] for n in (place - 1, place) if n >= 0]
    return [
        Term(("".join(pair),), goes_on=True)
        for pair in pairs
        if len(pair) == 2 and all(len(w) > 2 and w.isalpha() for w in pair)
    ]


def _compounds(words: tuple[str, ...]) -> dict[str, list[Term]]:
    """What the known words add: 'document' is in 'normdocument', and that is 'norm document'."""
    found: dict[str, list[Term]] = {word: [] for word in words}
    long = [word for word in found if len(word) >= COMPOUND and word.isalpha()]
    if not long:
        return found
    splits = {word: list(_splits(word)) for word in long}
    halves = {stem(half) for pairs in splits.values() for pair in pairs for half in pair}
    wanted = [Q(stem__endswith=stem(word)) for word in long]
    known = dict(
        SearchWord.objects.filter(reduce(or_, wanted) | Q(stem__in=halves))
        .order_by("stem")
        .values_list("stem", "word")
    )
    for word in long:
        own = stem(word)
        ends = [w for s, w in known.items() if s.endswith(own) and s != own]
        found[word] += [Term((w,)) for w in ends[:MOST_COMPOUNDS]]
        found[word] += [Term(p) for p in splits[word] if all(stem(half) in known for half in p)]
    return found


def _splits(word: str):
    """The two words that a compound may be: 'schemabeheerder' → 'schema', 'beheerder'."""
    for place in range(BEGINS, len(word) - BEGINS + 1):
        left, right = word[:place], word[place:]
        yield left, right
        if left.endswith("s") and place > BEGINS + 1:
            yield left[:-1], right
