"""Searching: from what somebody typed to records that anybody may see."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.safestring import SafeString

from ..models import ProgressUpdate, SearchDocument
from ..models.tally import there_is
from . import engine, fragments, suggestions
from .engine import Hit, Matches
from .indexing import refresh
from .kinds import KINDS, UPDATE, Kind, MeasureKind, Point
from .question import Question

MEASURE = MeasureKind.name
RANK = {name: place for place, name in enumerate(KINDS)}


@dataclass(frozen=True)
class Result:
    """One record as the page of results shows it."""

    kind: Kind
    record: object
    title: SafeString
    fragment: SafeString
    url: str
    facts: list[str]
    status: str = ""
    status_label: str = ""


@dataclass(frozen=True)
class Found:
    """All that fits a question, the best first; `is_complete` when the index had caught up."""

    question: Question
    point: Point
    hits: Sequence[Hit] = field(default_factory=list)
    is_complete: bool = True
    # The kinds of which there is more than is ranked.
    capped: frozenset[str] = frozenset()

    @cached_property
    def counts(self) -> Counter[str]:
        """How many of each kind."""
        return Counter(hit.kind for hit in self.hits)

    def of(self, kind: str) -> list[Hit]:
        """The hits of one kind, or with an empty name all."""
        return [hit for hit in self.hits if kind in ("", hit.kind)]

    def results(self, hits: Sequence[Hit], query: str = "") -> list[Result]:
        """These hits as records with their fragments, in the same order.

        `query` ('?peildatum=…') is what their addresses get, to stay on the day.
        """
        records = {}
        for name, kind in KINDS.items():
            keys = [hit.object_id for hit in hits if hit.kind == name]
            visible = kind.visible(*self.point).filter(pk__in=keys)
            for record in kind.detailed(visible, self.point):
                records[name, record.pk] = record
        return [
            self._result(KINDS[hit.kind], records[hit.kind, hit.object_id], query)
            for hit in hits
            if (hit.kind, hit.object_id) in records
        ]

    def _result(self, kind: Kind, record, query: str) -> Result:
        address, hash_, place = kind.url(record).partition("#")
        return Result(
            kind=kind,
            record=record,
            title=fragments.marked(kind.title(record), self.question),
            fragment=fragments.fragment(kind.shown_texts(record), self.question),
            url=f"{address}{query}{hash_}{place}",
            facts=[fact for fact in kind.facts(record) if fact],
            status=getattr(record, "standing_status", ""),
            status_label=getattr(record, "standing_label", ""),
        )

    @property
    def suggestion(self) -> "Found | None":
        """What was perhaps meant, when nothing was found and it does find something."""
        if self.hits:
            return None
        text = suggestions.suggestion(self.question)
        found = _find(Question.read(text), self.point) if text else None
        return found if found and found.hits else None


def find(text: str, day: date | None = None, known_on: date | None = None) -> Found:
    """What anybody may see that fits what was typed, as it was on `day` and known on `known_on`."""
    is_complete = refresh()
    return _find(Question.read(text), (day, known_on), is_complete)


def _find(question: Question, point: Point, is_complete: bool = True) -> Found:
    hits = engine.hits(question, _lots(point), day=point[0])
    hits.sort(key=lambda hit: (hit.day, hit.document_id), reverse=True)
    hits.sort(key=lambda hit: (-hit.level, -hit.score, RANK[hit.kind]))
    shown: set[Hit] = set()
    capped = set()
    for name, kind in KINDS.items():
        own = [hit for hit in hits if hit.kind == name]
        # Whatever the index holds: only what is public is a result.
        keys = [hit.object_id for hit in own]
        visible = set(kind.visible(*point).filter(pk__in=keys).values_list("pk", flat=True))
        own = [hit for hit in own if hit.object_id in visible]
        if len(own) > engine.MOST:
            capped.add(name)
        shown.update(own[: engine.MOST])
    ordered = [hit for hit in hits if hit in shown]
    return Found(question, point, ordered, is_complete, frozenset(capped))


def _lots(point: Point) -> list[engine.Lot]:
    """The kinds of which there are many each by itself, all others together."""
    is_past = _past(*point)

    def lot(*kinds: Kind) -> engine.Lot:
        names = tuple(kind.name for kind in kinds)
        return engine.Lot(names, kinds[0].within_past if is_past else "all", kinds[0].is_scored)

    many = [lot(kind) for kind in KINDS.values() if kind.is_many]
    return [*many, lot(*(kind for kind in KINDS.values() if not kind.is_many))]


def _past(day: date | None, known_on: date | None) -> bool:
    today = timezone.localdate()
    return (day is not None and day < today) or (known_on is not None and known_on < today)


def ask(text: str) -> Question:
    """What was typed, ready for `among_measures`; the index is brought up to date first."""
    refresh()
    return Question.read(text)


def among_measures(
    measures: QuerySet,
    question: Question,
    day: date | None = None,
    known_on: date | None = None,
    *,
    are_many: bool = False,
) -> QuerySet:
    """Those of `measures` in which every word occurs: in number, title, text or standing update.

    For a day in the past the standing update is the one that held then: every document of a
    progress update knows from when until when it was the latest. That is the latest as is known
    now; what was known on another day is looked up per update that has the word.

    With `are_many` each measure is looked at by itself, which is quick for a page of them and
    slow for all; without, the index gives all that have the words first.
    """
    if not question.groups:
        return measures.none()
    documents = SearchDocument.objects.order_by()
    is_past = _past(day, known_on)
    for part in question.parts if is_past else [question]:
        own = Matches(part, "own" if is_past else "all", MEASURE, by_row=are_many)
        said = documents.filter(own)
        if are_many:
            found = there_is(said.filter(kind=MEASURE, object_id=OuterRef("pk")))
        else:
            found = Q(pk__in=said.values("object_id"))
        if is_past:
            told = documents.filter(Matches(part, kind=UPDATE.name, by_row=are_many))
            found |= _told(told, day or timezone.localdate(), known_on, are_many)
        measures = measures.filter(found)
    return measures


def _told(told: QuerySet, day: date, known_on: date | None, are_many: bool) -> Q:
    """Condition on a measure: its standing update is in these documents."""
    told = told.filter(day__lte=day)
    if known_on is None:
        told = told.filter(Q(until__isnull=True) | Q(until__gt=day))
        if are_many:
            return there_is(told.filter(kind=UPDATE.name, measure_id=OuterRef("pk")))
        return Q(pk__in=told.values("measure_id"))
    updates = ProgressUpdate.objects.published(known_on).up_to(day)
    latest = updates.latest_first()
    if are_many:
        standing = latest.filter(measure=OuterRef(OuterRef("pk"))).values("pk")[:1]
        return there_is(told.filter(kind=UPDATE.name, object_id=Subquery(standing)))
    latest = latest.filter(measure=OuterRef("measure"))
    found = updates.filter(pk__in=told.values("object_id"), pk=Subquery(latest.values("pk")[:1]))
    return Q(pk__in=found.values("measure"))
