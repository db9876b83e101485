"""What became public, as one kind of thing: for feeds and for mails.

A `Change` is a published progress update, a deadline, a letter, a motion or a commitment. Its
moment is since when anybody could know. Everything is read anew from what is public now, so
what is withdrawn is in no feed and no mail.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.text import Truncator

from parties.certainty import Certainty
from parties.publication import Publication

from . import subjects
from .models import (
    Commitment,
    DeadlineChange,
    Involvement,
    Letter,
    Measure,
    Motion,
    ProgressUpdate,
    ReportingMoment,
)
from .subjects import Subject

SUMMARY_WORDS = 40


class Kind(models.TextChoices):
    """What kind of change; the label heads a list of them."""

    MOMENT = "peilmoment", "Brieven aan de Kamer"
    LETTER = "brief", "Brieven aan de Kamer"
    UPDATE = "stand", "Stand van zaken"
    DEADLINE = "streefdatum", "Streefdata"
    MOTION = "motie", "Moties"
    COMMITMENT = "toezegging", "Toezeggingen"
    # Of what was public and is no more; feeds do not have these.
    UPDATE_GONE = "stand-weg", "Ingetrokken"
    DEADLINE_GONE = "streefdatum-weg", "Ingetrokken"


@dataclass(frozen=True)
class Change:
    """One thing that became public. `at` is aware; `url` begins with a slash.

    `origin` says where it comes from, and `reading` only what is not in a source.
    """

    kind: Kind
    pk: int
    at: datetime | None
    title: str
    paragraphs: tuple[str, ...]
    url: str
    measure: int | None = None
    letter: int | None = None
    origin: str = ""
    reading: str = ""

    @property
    def key(self) -> tuple[str, int]:
        return self.kind.value, self.pk

    @property
    def summary(self) -> str:
        text = Truncator(" ".join(self.paragraphs)).words(SUMMARY_WORDS)
        return f"{text} ({self.reading})" if self.reading else text


def latest(subject: Subject, number: int) -> list[Change]:
    """The last `number` changes of a subject, the latest publication first."""
    found = [
        source.change(row)
        for source in FEEDS
        for row in source.of(subject).order_by("-at", "-pk")[:number]
    ]
    found.sort(key=lambda change: (change.at, *change.key), reverse=True)
    return found[:number]


def read(keys: Iterable[tuple[str, int]]) -> list[Change]:
    """Those of these changes that anybody may know of now; the order is that of the kinds."""
    wanted = defaultdict(set)
    for kind, pk in keys:
        wanted[kind].add(pk)
    return [
        source.change(row)
        for source in SOURCES
        if source.kind.value in wanted
        for row in source.rows().filter(pk__in=wanted[source.kind.value]).order_by("-at", "-pk")
    ]


def scopes(changes: Iterable[Change]) -> dict[tuple[str, int], set[tuple[str, int]]]:
    """Per change the subjects that it belongs to, in a fixed number of queries.

    The other way round of `latest(subject)`: a change is in the news of exactly these.
    """
    changes = list(changes)
    measures = _measures_of(changes)
    belongs = _subjects_of_measures(set().union(*measures.values()) if measures else set())
    whole = subjects.everything().scope
    fulfilled = _pairs(
        Motion.objects.public().filter(fulfilled_by__in={c.letter for c in changes if c.letter}),
        "fulfilled_by",
        "pk",
    )
    found = {}
    for change in changes:
        scope = {whole}.union(*(belongs[pk] for pk in measures[change.key]))
        if change.letter:
            scope |= {(subjects.Kind.MOTION.value, pk) for pk in fulfilled[change.letter]}
        if change.kind in (Kind.MOTION, Kind.COMMITMENT):
            # Another motion about the same measure is no news of this one.
            scope = {other for other in scope if other[0] != subjects.Kind.MOTION}
        if change.kind == Kind.MOTION:
            scope.add((subjects.Kind.MOTION.value, change.pk))
        found[change.key] = scope
    return found


def _pairs(rows, *fields: str) -> dict[int, set[int]]:
    found = defaultdict(set)
    for key, value in rows.order_by().values_list(*fields):
        found[key].add(value)
    return found


def _measures_of(changes: list[Change]) -> dict[tuple[str, int], set[int]]:
    """The public measures (ids) that each change is about."""
    letters = {change.letter for change in changes if change.letter}
    reported: dict[int, set[int]] = defaultdict(set)
    for model in (ProgressUpdate, DeadlineChange):
        rows = model.objects.public().filter(letter__in=letters)
        for letter, measures in _pairs(rows, "letter", "measure").items():
            reported[letter] |= measures
    promises: list[tuple[Kind, Any]] = [(Kind.MOTION, Motion), (Kind.COMMITMENT, Commitment)]
    asked = {}
    for kind, promise in promises:
        keys = [change.pk for change in changes if change.kind == kind]
        rows = promise.objects.filter(pk__in=keys, measures__publication=Publication.PUBLIC)
        asked[kind] = _pairs(rows, "pk", "measures")
    return {
        change.key: {change.measure}
        if change.measure
        else reported[change.letter]
        if change.letter
        else asked[change.kind][change.pk]
        for change in changes
    }


def _subjects_of_measures(keys: set[int]) -> dict[int, set[tuple[str, int]]]:
    """What each of these measures (ids) belongs to."""
    found = defaultdict(set)
    public = Measure.objects.public().filter(pk__in=keys)
    is_public = Publication.PUBLIC
    rows = [
        (subjects.Kind.MEASURE, public.values_list("pk", "pk")),
        (subjects.Kind.THEME, public.values_list("pk", "theme")),
        (
            subjects.Kind.PARTY,
            public.filter(lead__publication=is_public).values_list("pk", "lead"),
        ),
        (
            subjects.Kind.PARTY,
            Involvement.objects.public()
            .filter(measure__in=keys, party__isnull=False)
            .values_list("measure", "party"),
        ),
        (
            subjects.Kind.MOTION,
            Motion.objects.public().filter(measures__in=keys).values_list("measures", "pk"),
        ),
    ]
    for kind, pairs in rows:
        for measure, pk in pairs.order_by():
            found[measure].add((kind.value, pk))
    return found


@dataclass(frozen=True)
class Source:
    """Where changes of one kind come from.

    `rows` are those that are public, with their moment as `at`; `narrow` is the condition
    under which one belongs to a subject that is not the whole.
    """

    kind: Kind
    rows: Callable[[], Any]
    narrow: Callable[[Subject], Q]
    change: Callable[[Any], Change]

    def of(self, subject: Subject):
        rows = self.rows()
        return rows if subject.is_whole else rows.filter(self.narrow(subject))


def _dated_reports(reports):
    """With the moment since when anybody could know: not before their measure was public."""
    since = Coalesce("measure__published_at", "published_at")
    return reports.annotate(at=Greatest("published_at", since)).select_related("measure")


def _updates():
    updates = _dated_reports(ProgressUpdate.objects.public())
    return updates.with_merged_number().with_public_sources().prefetch_related(*_letter())


def _deadlines():
    changes = _dated_reports(DeadlineChange.objects.public())
    return changes.with_public_sources().prefetch_related(*_letter())


def _letter():
    return [Prefetch("letter", Letter.objects.public())]


def _withdrawn(model):
    """Reports that were withdrawn, of public measures. Their texts are nobody's business."""
    return model.objects.withdrawn().annotate(at=F("published_at")).select_related("measure")


def _moments():
    public = ReportingMoment.objects.public().filter(letter__publication=Publication.PUBLIC)
    return public.annotate(at=F("published_at")).select_related("letter")


def _letters():
    """Letters without a public reporting moment: that one is the news of its letter."""
    told = ReportingMoment.objects.public().filter(letter=OuterRef("pk"))
    return _dated(Letter.objects.public().filter(~Exists(told)))


def _dated(records):
    return records.filter(published_at__isnull=False).annotate(at=F("published_at"))


def _of_measures(subject: Subject) -> Q:
    return Q(measure__in=subject.measures.values("pk"))


def letters_about(subject: Subject, prefix: str = "") -> Q:
    """Letters that report of a measure of the subject, or that fulfil it as a motion."""
    about = Q(pk__in=[])
    for model in (ProgressUpdate, DeadlineChange):
        reports = model.objects.public().filter(_of_measures(subject), letter__isnull=False)
        about |= Q(**{f"{prefix}pk__in": reports.values("letter")})
    if subject.kind is subjects.Kind.MOTION:
        fulfilling = Motion.objects.filter(pk=subject.pk, fulfilled_by__isnull=False)
        about |= Q(**{f"{prefix}pk__in": fulfilling.values("fulfilled_by")})
    return about


def promises_about(subject: Subject, model) -> Q:
    if subject.kind is subjects.Kind.MOTION:
        return Q(pk=subject.pk) if model is Motion else Q(pk__in=[])
    through = model.measures.through.objects.filter(measure__in=subject.measures.values("pk"))
    return Q(pk__in=through.values(model._meta.model_name))


def _paragraphs(*texts: str) -> tuple[str, ...]:
    """The lines of texts, without the empty ones."""
    return tuple(line.strip() for text in texts for line in text.splitlines() if line.strip())


def origin(record) -> str:
    """Where a statement comes from and how certain it is, as its page says it."""
    reading = _reading(record)
    parts = [f"{reading}."] if reading else []
    if cited := [source.citation or source.title for source in record.sources.all()]:
        parts.append(f"{'Bron' if len(cited) == 1 else 'Bronnen'}: {'; '.join(cited)}.")
    parts.append(record.remark)
    return " ".join(part for part in parts if part)


def _reading(record) -> str:
    """How certain a statement is, where no source says it: 'Onze lezing'."""
    certainty = Certainty(record.certainty)
    return "" if certainty is Certainty.STATED else str(certainty.label)


def _reported_in(report) -> str:
    if not report.letter:
        return ""
    letter = report.letter
    where = f" ({letter.citation})" if letter.citation else ""
    return f"Gemeld in de brief ‘{letter.title}’{where}."


def _update(update) -> Change:
    return Change(
        Kind.UPDATE,
        update.pk,
        update.at,
        f"{update.measure}: {update.news_label.lower()}",
        _paragraphs(
            f"Stand op {update.reporting_date_label}: {update.news_label.lower()}.",
            "Dit verbetert wat hier eerder stond." if update.corrects_id else "",
            update.explanation,
            _reported_in(update),
        ),
        update.get_absolute_url(),
        measure=update.measure_id,
        origin=origin(update),
        reading=_reading(update),
    )


def _deadline(change) -> Change:
    if change.is_original:
        title, text = f"eerste streefdatum {change.label}", f"De streefdatum is {change.label}."
    elif change.deadline is None:
        title, text = "geen streefdatum meer", "Er geldt geen streefdatum meer."
    else:
        title = f"streefdatum wordt {change.label}"
        text = f"De nieuwe streefdatum is {change.label}."
    return Change(
        Kind.DEADLINE,
        change.pk,
        change.at,
        f"{change.measure}: {title}",
        _paragraphs(
            text,
            f"Reden: {change.reason}" if change.reason else "",
            _reported_in(change),
        ),
        f"{change.measure.get_absolute_url()}#streefdatum-{change.pk}",
        measure=change.measure_id,
        origin=origin(change),
        reading=_reading(change),
    )


def _gone(kind: Kind, what: str):
    def change(report) -> Change:
        day = report.reporting_date_label if report.reporting_date else ""
        return Change(
            kind,
            report.pk,
            report.at,
            f"{report.measure}: {what} ingetrokken",
            _paragraphs(
                f"Het ministerie trok {what}{f' over {day}' if day else ''} in. "
                "De tekst staat niet meer op deze website."
            ),
            report.measure.get_absolute_url(),
            measure=report.measure_id,
        )

    return change


def _moment(moment) -> Change:
    is_later = "Dit is een reconstructie achteraf." if moment.is_reconstruction else ""
    return Change(
        Kind.MOMENT,
        moment.pk,
        moment.at,
        f"Brief aan de Kamer: {moment.letter.title}",
        _paragraphs(
            f"De brief vertelt de stand op {moment.day_label}. {is_later}",
            moment.letter.summary,
        ),
        moment.get_absolute_url(),
        letter=moment.letter_id,
    )


def _letter_alone(letter) -> Change:
    where = letter.citation or "Het nummer van het Kamerstuk is onbekend"
    return Change(
        Kind.LETTER,
        letter.pk,
        letter.at,
        f"Brief aan de Kamer: {letter.title}",
        _paragraphs(f"{letter.get_kind_display()}, {letter.date_label}. {where}.", letter.summary),
        f"{reverse('letters')}#{letter.key}",
        letter=letter.pk,
    )


def promise_title(name: str, promise) -> str:
    """'Motie van het lid Moorlag (30015-87)', 'Toezegging: een brief'."""
    paper = f" ({promise.paper})" if promise.paper else ""
    title = promise.title if promise.title.startswith(name) else f"{name}: {promise.title}"
    return f"{title}{paper}"


def _promise(kind: Kind, name: str, text: Callable[[Any], str]):
    def change(promise) -> Change:
        return Change(
            kind,
            promise.pk,
            promise.at,
            promise_title(name, promise),
            _paragraphs(f"Datum: {promise.date_label}.", text(promise)),
            promise.get_absolute_url(),
        )

    return change


FEEDS = (
    Source(Kind.MOMENT, _moments, lambda subject: letters_about(subject, "letter__"), _moment),
    Source(Kind.LETTER, _letters, letters_about, _letter_alone),
    Source(Kind.UPDATE, _updates, _of_measures, _update),
    Source(Kind.DEADLINE, _deadlines, _of_measures, _deadline),
    Source(
        Kind.MOTION,
        lambda: _dated(Motion.objects.public()),
        lambda subject: promises_about(subject, Motion),
        _promise(Kind.MOTION, "Motie", lambda motion: motion.request),
    ),
    Source(
        Kind.COMMITMENT,
        lambda: _dated(Commitment.objects.public()),
        lambda subject: promises_about(subject, Commitment),
        _promise(Kind.COMMITMENT, "Toezegging", lambda commitment: commitment.text),
    ),
)
WITHDRAWN = (
    Source(
        Kind.UPDATE_GONE,
        lambda: _withdrawn(ProgressUpdate),
        _of_measures,
        _gone(Kind.UPDATE_GONE, "een stand van zaken"),
    ),
    Source(
        Kind.DEADLINE_GONE,
        lambda: _withdrawn(DeadlineChange),
        _of_measures,
        _gone(Kind.DEADLINE_GONE, "een streefdatum"),
    ),
)
SOURCES = FEEDS + WITHDRAWN
# What each of those that are gone was before.
WAS = {Kind.UPDATE_GONE: Kind.UPDATE, Kind.DEADLINE_GONE: Kind.DEADLINE}
