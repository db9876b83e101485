"""Finding what is public, on both databases.

    what somebody typed ── Question ── engine (SQL per database) ── hits ── public() ── results

`words.py` says what a word is, and is asked by the index and the question alike. `kinds.py`
says what each kind of record has to search in, and what of it the public may see on a day.
`triggers.py` makes the database note every change, whoever makes it; `indexing.py` works those
off before the next search. A hit is only a number: what is shown is read through `public()`,
so that an index that lags can never show what is not public.
"""

from .engine import MOST
from .finding import Found, among_measures, ask, find
from .indexing import catch_up, is_behind, rebuild, refresh
from .kinds import KINDS
from .question import Question

__all__ = [
    "KINDS",
    "MOST",
    "Found",
    "Question",
    "among_measures",
    "ask",
    "catch_up",
    "find",
    "is_behind",
    "rebuild",
    "refresh",
]
