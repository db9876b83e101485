"""What a word is: the same for a text that is indexed and for what somebody types.

Capitals and accents make no difference. 'M07' is 'm7', and a Kamerstuk is one word however it
is written: 'kst-30015-87', '30 015, nr. 87' and '30015-87' are all '30015nr87'.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

from ..models.parliament import without_accents

# A word is cut at this length; it is more than any real one has.
LONGEST = 60
# Of one text so many characters are indexed: more than anybody writes in a form.
MOST = 200_000
# The stop words of PostgreSQL's Dutch configuration.
_STOP = """
    de en van ik te dat die in een hij het niet zijn is was op aan met als voor had er maar om
    hem dan zou of wat mijn men dit zo door over ze zich bij ook tot je mij uit der daar haar
    naar heb hoe heeft hebben deze u want nog zal me zij nu ge geen omdat iets worden toch al
    waren veel meer doen toen moet ben zonder kan hun dus alles onder ja eens hier wie werd
    altijd doch wordt wezen kunnen ons zelf tegen na reeds wil kon niets uw iemand geweest andere
"""
STOP = frozenset(_STOP.split())
_PAPER = (
    r"(?:kamerstuk(?:ken)?\s+)?(?:ii\s+)?(?:\d{4}/\d{2,4}\s*,\s*)?(?:kst-)?"
    r"(?<!\d)(?P<dossier>\d{2}[ .]?\d{3})(?P<chapter>[- ][ivx]+)?"
    r"(?:\s*,?\s*nr\.?\s*|-)(?P<number>\d{1,5})(?!\d)"
)
_DOSSIER = r"(?<!\d)(?P<thousands>\d{2}) (?P<rest>\d{3})(?!\d)"
_TOKEN = re.compile(rf"{_PAPER}|{_DOSSIER}|(?P<word>[^\W_]+)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


def spans(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The words of a text with where they stand: (start, end, normal forms).

    One stretch of text may have several forms ('30 015, nr. 87' is '30015nr87' and '30015'),
    or none (a stop word). The text must be in Unicode's form NFC, as `clean` gives it.
    """
    for found in _TOKEN.finditer(text):
        yield found.start(), found.end(), _forms(found)


def clean(text: str) -> str:
    """The text in one spelling of its accents, without NUL, no longer than is indexed."""
    return unicodedata.normalize("NFC", text[:MOST].replace("\x00", " "))


def tokens(text: str) -> list[str]:
    """The words of a text in their normal form, in order, without stop words."""
    return [form for _, _, forms in spans(clean(text)) for form in forms]


def key(text: str) -> str:
    """How a number, abbreviation or name is compared as a whole: 'kst-30015-87' → '30015nr87'."""
    return " ".join(forms[0] for _, _, forms in spans(clean(text)) if forms)[:200]


def _forms(found: re.Match) -> tuple[str, ...]:
    if found["dossier"]:
        dossier = re.sub(r"\D", "", found["dossier"])
        chapter = re.sub(r"\W", "", found["chapter"] or "").lower()
        return (f"{dossier}{chapter}nr{int(found['number'])}", dossier)
    if found["thousands"]:
        return (found["thousands"] + found["rest"],)
    return tuple(_normal(found["word"]))


def _normal(word: str) -> Iterator[str]:
    raw = word.casefold()
    folded = without_accents(raw)
    if folded in STOP:
        # 'één' is a number, and worth finding; 'een' is not.
        if raw not in STOP:
            yield raw
        return
    for part in _WORD.findall(folded):
        number = re.fullmatch(r"(m?)0*(\d{1,9})", part)
        yield (number[1] + number[2] if number else part)[:LONGEST]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Dutch stem of a normal form, as PostgreSQL 15 makes it."""
    # Of the two Dutch stemmers in the library this is the older one, by Porter.
    return snowballstemmer.stemmer("dutch_porter").stemWord(word)
