"""The one place that knows how each database searches: PostgreSQL with tsvector and GIN, SQLite
with FTS5.

Both index the same words (`words.py`) and use the same stems, and both take the newest `MOST`
documents per kind, so that a word that stands in everything costs no more than another. Their
scores differ (ts_rank against bm25), so records of one level may come in another order.
"""

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from ..models import SearchDocument
from ..once import once
from .question import Question, Term
from .words import stem

# So many documents of one kind are ranked; nobody looks further.
MOST = 500
# Title above text above the latest progress update (which has a document of its own as well).
WEIGHTS = {"title": 8.0, "body": 2.0, "now": 1.0}
EXACT, TITLE_WHOLE, TITLE, TEXT = 3, 2, 1, 0
# For how long a search waits for somebody who writes, in milliseconds.
PATIENCE = 300
_LOCK = 30015


@dataclass(frozen=True)
class Lot:
    """Kinds that are asked together. `within` says which texts count ('all', 'title', 'own').

    What has no title of its own is not weighed either: it comes by day alone, and costs less.
    """

    kinds: tuple[str, ...]
    within: str = "all"
    is_scored: bool = True

    @property
    def most(self) -> int:
        return (MOST + 1) * len(self.kinds)


@dataclass(frozen=True)
class Hit:
    """A document that fits: the level comes before the score, and that before what is newest.

    `day` is the day of the document as text, since SQLite has no dates; empty when unknown.
    """

    kind: str
    object_id: int
    level: int
    score: float
    document_id: int
    day: str


class PostgreSQL:
    """A question as a tsquery; the Dutch configuration makes the stems."""

    columns: ClassVar = {"all": "", "title": "A", "own": "AB"}

    def question(self, question: Question, within: str = "all", *kinds: str) -> str:
        """The tsquery as text; what is in it are letters and digits alone."""
        groups = [
            " | ".join(self._term(term, self.columns[within]) for term in group)
            for group in question.groups
        ]
        words = " & ".join(f"({group})" for group in groups)
        any_kind = " | ".join(f"'soort0{kind}'" for kind in kinds)
        return f"({any_kind}) & {words}" if kinds else words

    def _term(self, term: Term, weights: str) -> str:
        flags = ("*" if term.goes_on else "") + weights
        marked = [f"'{word}'" for word in term.words]
        marked[-1] += f":{flags}" if flags else ""
        if weights:
            marked[:-1] = [f"{word}:{weights}" for word in marked[:-1]]
        return f"({' <-> '.join(marked)})"

    def matching(self, table: str, question: str) -> tuple[str, list]:
        return f"{table}.vector @@ to_tsquery('dutch', %s)", [question]

    def matching_row(self, table: str, question: Question, within: str) -> tuple[str, list]:
        """The same for a row that is at hand, without the index."""
        # An expression is in no index, so that nobody reads all that has the words first.
        vector = f"({table}.vector || ''::tsvector)"
        return f"{vector} @@ to_tsquery('dutch', %s)", [self.question(question, within)]

    def ranked(
        self, question: Question, lot: Lot, day: date | None, *, is_common: bool
    ) -> tuple[str, list]:
        """The statement that finds the documents of these kinds, and its values."""
        here = "AND (day IS NULL OR day <= %s)" if day else ""
        level, score, weighed = str(TEXT), "0.0", []
        if lot.is_scored:
            level = f"""
                CASE WHEN vector @@ to_tsquery('dutch', %s) THEN {TITLE_WHOLE}
                     WHEN vector @@ to_tsquery('dutch', %s) THEN {TITLE} ELSE {TEXT} END"""
            score = "ts_rank('{0, 0.1, 0.25, 1}', vector, to_tsquery('dutch', %s), 1)"
            weighed = [
                self.question(question.whole, "title"),
                self.question(question, "title"),
                self.question(question, lot.within),
            ]
        # Left to itself it takes every word that goes on for one that is everywhere.
        found, order = "vector @@ to_tsquery('dutch', %s)", "id + 0"
        asked = [self.question(question, lot.within, *lot.kinds)]
        if is_common:
            found, asked = self.matching_row("measures_searchdocument", question, lot.within)
            found, order = f"kind IN ({_places(lot.kinds)}) AND {found}", "id"
            asked = [*lot.kinds, *asked]
        sql = f"""
            SELECT kind, object_id, {level} AS level, {score} AS score, id, day
            FROM (
                SELECT kind, object_id, vector, id, day FROM measures_searchdocument
                WHERE {found} {here} ORDER BY {order} DESC LIMIT {lot.most}
            ) AS newest
        """  # noqa: S608 (our own names; words are parameters)
        return sql, [*weighed, *asked, *([day] if day else [])]

    def may_index(self, cursor, *, wait: bool) -> bool:
        """Take the right to index, for this transaction: one at a time."""
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            return True
        cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE}")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return cursor.fetchone()[0]

    @contextmanager
    def patience(self):
        yield  # `may_index` sets it, for the transaction.


class SQLite:
    """A question in the words of FTS5; the stems are ours, as in the index."""

    columns: ClassVar = {"all": "", "title": "title_words", "own": "title_words body_words"}

    def question(self, question: Question, within: str = "all", *kinds: str) -> str:
        groups = [" OR ".join(self._term(term) for term in group) for group in question.groups]
        words = " AND ".join(f"({group})" for group in groups)
        columns = self.columns[within] or "title_words body_words now_words"
        words = f"{{{columns}}} : ({words})"
        any_kind = " OR ".join(f'"{kind}"' for kind in kinds)
        return f"kind : ({any_kind}) AND {words}" if kinds else words

    def _term(self, term: Term) -> str:
        return f'"{" ".join(stem(word) for word in term.words)}"' + (" *" if term.goes_on else "")

    def matching(self, table: str, question: str) -> tuple[str, list]:
        return (
            f"{table}.id IN (SELECT rowid FROM measures_searchindex"  # noqa: S608 (our own names; words are parameters)
            " WHERE measures_searchindex MATCH %s)",
            [question],
        )

    def matching_row(self, table: str, question: Question, within: str) -> tuple[str, list]:
        """The same for a row that is at hand, without the index, which would be opened each time.

        The columns hold stems with a space between them. No phrase runs on past a column.
        """
        columns = (self.columns[within] or "title_words body_words now_words").split()
        words = " || ' . ' || ".join(f"{table}.{column}" for column in columns)
        groups, values = [], []
        for group in question.groups:
            groups.append(" OR ".join([f"instr(' ' || {words} || ' ', %s) > 0"] * len(group)))
            values += [self._in_words(term) for term in group]
        return " AND ".join(f"({group})" for group in groups), values

    def _in_words(self, term: Term) -> str:
        stems = " ".join(stem(word) for word in term.words)
        return f" {stems}" if term.goes_on else f" {stems} "

    def ranked(
        self, question: Question, lot: Lot, day: date | None, *, is_common: bool
    ) -> tuple[str, list]:
        """The statement that finds the documents of these kinds, and its values."""
        if is_common and not lot.is_scored:
            return self._walked(question, lot, day)
        here = "AND (document.day IS NULL OR document.day <= %s)" if day else ""
        level, score, weighed = str(TEXT), "0.0", []
        if lot.is_scored:
            titled, _ = self.matching("newest", "")
            level = f"""
                CASE WHEN {titled} THEN {TITLE_WHOLE} WHEN {titled} THEN {TITLE} ELSE {TEXT} END"""
            weights = ", ".join(str(weight) for weight in (0.0, *WEIGHTS.values()))
            # It first counts in how many documents each word stands, one by one.
            score = f"-bm25(measures_searchindex, {weights})"
            weighed = [
                self.question(question.whole, "title", *lot.kinds),
                self.question(question, "title", *lot.kinds),
            ]
        sql = f"""
            SELECT kind, object_id, {level} AS level, score, id, day
            FROM (
                SELECT document.kind, document.object_id, document.id, document.day,
                    {score} AS score
                FROM measures_searchindex
                JOIN measures_searchdocument AS document
                    ON document.id = measures_searchindex.rowid
                WHERE measures_searchindex MATCH %s {here}
                ORDER BY measures_searchindex.rowid DESC LIMIT {lot.most}
            ) AS newest
        """  # noqa: S608 (our own names; words are parameters)
        asked = self.question(question, lot.within, *lot.kinds)
        return sql, [*weighed, asked, *([day] if day else [])]

    def _walked(self, question: Question, lot: Lot, day: date | None) -> tuple[str, list]:
        """The same without the index, which reads all that has the words to give the newest."""
        here = "AND (day IS NULL OR day <= %s)" if day else ""
        found, asked = self.matching_row("measures_searchdocument", question, lot.within)
        sql = f"""
            SELECT kind, object_id, {TEXT} AS level, 0.0 AS score, id, day
            FROM measures_searchdocument
            WHERE kind IN ({_places(lot.kinds)}) AND ({found}) {here}
            ORDER BY id DESC LIMIT {lot.most}
        """  # noqa: S608 (our own names; words are parameters)
        return sql, [*lot.kinds, *asked, *([day] if day else [])]

    def may_index(self, cursor, *, wait: bool) -> bool:
        return True  # A transaction that writes has the database to itself.

    @contextmanager
    def patience(self):
        """Give up soon when somebody writes: a reader should not wait for that."""
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            (before,) = cursor.fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
            try:
                yield
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {before}")


ENGINES: dict[str, PostgreSQL | SQLite] = {"postgresql": PostgreSQL(), "sqlite": SQLite()}


def engine() -> PostgreSQL | SQLite:
    return ENGINES[connection.vendor]


def indexed(words: str) -> str:
    """Words as they are kept: PostgreSQL makes the stems itself, for SQLite they are made here."""
    if connection.vendor == "postgresql":
        return words
    return " ".join(stem(word) for word in words.split())


class Matches(RawSQL):
    """Condition on documents: every group of the question occurs, by the index.

    Of an expression that is no RawSQL Django would compare the outcome with 1 on SQLite, which
    then looks at every document instead of asking the index.
    """

    def __init__(
        self, question: Question, within: str = "all", kind: str = "", *, by_row: bool = False
    ):
        super().__init__("", (), BooleanField())
        self.by_row = by_row
        self.question, self.within = question, within
        self.asked = engine().question(question, within, *([kind] if kind else []))

    def as_sql(self, compiler, connection):
        table = connection.ops.quote_name(compiler.query.get_initial_alias())
        if self.by_row:
            return engine().matching_row(table, self.question, self.within)
        return engine().matching(table, self.asked)


def hits(question: Question, lots: Sequence[Lot], *, day: date | None = None) -> list[Hit]:
    """What fits the question, the newest of each lot, in one statement.

    With a day only what was there by then. A record that is exactly what was asked for comes
    too, whatever its texts.
    """
    if not question.groups:
        return []
    statements, values = [], []
    for number, lot in enumerate(lots):
        sql, asked = engine().ranked(question, lot, day, is_common=_is_common(question, lot))
        statements.append(f"SELECT * FROM ({sql}) AS lot_{number}")  # noqa: S608 (our own names; words are parameters)
        values += asked
    kinds = [kind for lot in lots for kind in lot.kinds]
    statements.append(
        f"SELECT kind, object_id, {EXACT}, 1.0, id, day FROM measures_searchdocument"  # noqa: S608 (our own names; words are parameters)
        f" WHERE key IN ({_places(question.keys)}) AND kind IN ({_places(kinds)})"
    )
    values += [*question.keys, *kinds]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), values)
        rows = cursor.fetchall()
    found = [
        Hit(kind, key, level, score, document, str(when or ""))
        for kind, key, level, score, document, when in rows
    ]
    # One that was found in both ways counts for its exact one.
    best = {(hit.kind, hit.object_id): hit for hit in sorted(found, key=lambda hit: hit.level)}
    return list(best.values())


def _is_common(question: Question, lot: Lot) -> bool:
    """Whether so many documents have the words that the newest are found sooner by looking at
    each, the newest first, than by reading all that the index has. Steers, and decides nothing.
    """

    def count() -> bool:
        documents = SearchDocument.objects.filter(kind__in=lot.kinds)
        with_words = "measures_searchdocument"
        sql, values = engine().matching(
            with_words, engine().question(question, lot.within, *lot.kinds)
        )
        with connection.cursor() as cursor:
            counted = f"SELECT COUNT(*) FROM {with_words} WHERE {sql}"  # noqa: S608 (our own names)
            cursor.execute(counted, values)
            (found,) = cursor.fetchone()
        # The index reads `found` documents; who looks at each reads most * all / found.
        return len(lot.kinds) == 1 and found * found > lot.most * documents.count()

    return once(("common", question.text, lot), count)


def _places(values: Sequence[str]) -> str:
    return ", ".join(["%s"] * len(values))
