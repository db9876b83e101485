"""Deadlines, letters, motions and events as a calendar (iCalendar, RFC 5545).

Every event lasts a whole day. Of a date that is known roughly ('eind 2025') the event is on the
last day of that period and its title says the words of the source; without a date there is no
event. The same records give the same bytes: no clock is looked at, except to choose which
deadlines fit.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from icalendar import Calendar, Component, Event, Timezone

from .feeds import absolute
from .models import (
    ENDED,
    FINISHED,
    DeadlineChange,
    Letter,
    Measure,
    Motion,
    ProgressUpdate,
    Status,
    TimelineEvent,
)
from .news import letters_about, origin, promise_title, promises_about
from .periods import Precision, period_end
from .subjects import Subject

# How many of a kind a calendar has at most: first what is still to come.
MOST = 500


@dataclass(frozen=True)
class Entry:
    """A day in the calendar. `changed_at` is aware; `url` begins with a slash."""

    name: str
    day: date
    title: str
    text: str
    url: str
    changed_at: datetime
    sequence: int
    category: str
    status: str = "CONFIRMED"


def entries(subject: Subject, today: date) -> list[Entry]:
    """What a calendar about this subject holds, in the order of the days."""
    found = [*_deadlines(subject, today), *_letters(subject), *_motions(subject)]
    found += _events(subject)
    return sorted(found, key=lambda entry: (entry.day, entry.name))


def calendar(subject: Subject, today: date) -> bytes:
    """The calendar as a file of type text/calendar."""
    return write(f"Kwalibo: {subject.name}", subject.url, entries(subject, today))


def write(name: str, url: str, found: list[Entry]) -> bytes:
    """Entries as iCalendar, under a name and the address of the page that it belongs to."""
    made = Calendar()
    made.add("prodid", "-//Kwalibo-voortgang//Agenda//NL")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("name", _clean(name))
    made.add("x-wr-calname", _clean(name))
    made.add("url", absolute(url))
    made.add("refresh-interval", timedelta(days=1), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "P1D")
    events: list[Component] = [_event(entry) for entry in found]
    # A calendar must hold something (RFC 5545, 3.6), also when there is nothing to tell.
    for component in events or [Timezone.from_tzid(settings.TIME_ZONE)]:
        made.add_component(component)
    return made.to_ical()


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.name}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", entry.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("last-modified", entry.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.day)
    event.add("summary", _clean(entry.title))
    if entry.text:
        event.add("description", _clean(entry.text))
    event.add("url", absolute(entry.url))
    event.add("categories", [entry.category])
    event.add("status", entry.status)
    event.add("class", "PUBLIC")
    # Nobody is busy because of a deadline of the ministry.
    event.add("transp", "TRANSPARENT")
    return event


def _clean(text: str) -> str:
    """Text without the control characters that a calendar cannot hold."""
    return "".join(sign for sign in text if sign in "\n\t" or 31 < ord(sign) != 127)


def _in_words(title: str, label: str, precision: str) -> str:
    """A title that says the date in words, where the day alone would say too much."""
    return title if precision == Precision.DAY or label in title else f"{title} ({label})"


def _deadlines(subject: Subject, today: date) -> list[Entry]:
    """One event per measure: it moves with each shift and is cancelled with the date."""
    measures = {measure.pk: measure for measure in _with_a_deadline(subject, today)}
    ledger = defaultdict(list)
    rows = DeadlineChange.objects.public().filter(measure__in=measures)
    for row in rows.with_public_sources().latest_first():
        ledger[row.measure_id].append(row)
    moved = DeadlineChange.objects.filter(measure__in=measures).count_revisions()
    ends = ProgressUpdate.objects.filter(measure__in=measures, status__in=ENDED)
    ended = ends.count_revisions()
    since = dict(ends.public().order_by("published_at").values_list("measure", "published_at"))
    found = []
    for pk, changes in ledger.items():
        dated = next((row for row in changes if row.deadline), None)
        if dated:
            sequence = moved[pk] + ended.get(pk, 0) - 1
            is_off = changes[0].deadline is None or measures[pk].status in ENDED
            moments = [row.published_at for row in changes] + [since.get(pk)]
            changed_at = max(moment for moment in moments if moment)
            found.append(_deadline(measures[pk], changes, dated, is_off, sequence, changed_at))
    return found


def _with_a_deadline(subject: Subject, today: date) -> list[Measure]:
    """The measures with a deadline, those to come first; and those that lost theirs."""
    measures = subject.measures
    coming = measures.filter(deadline__gte=today).order_by("deadline", "pk")[:MOST]
    past = measures.filter(deadline__lt=today).order_by("-deadline", "-pk")[:MOST]
    dated = DeadlineChange.objects.published().filter(deadline__isnull=False)
    lost = measures.filter(deadline__isnull=True, pk__in=dated.values("measure"))
    return [*coming, *past, *lost.order_by("-pk")[:MOST]][:MOST]


def _deadline(measure, changes, dated, is_off, sequence, changed_at) -> Entry:
    status = Status(measure.status)
    if measure.status in ENDED:
        state = f"Vervalt: deze maatregel is {status.label.lower()}."
    elif changes[0].deadline is None:
        state = "Er geldt geen streefdatum meer."
    elif status in FINISHED:
        state = f"De maatregel is {status.label.lower()}."
    else:
        state = f"Status: {status.label.lower()}."
    lines = [f"Streefdatum: {dated.label}.", state]
    if not dated.is_original and dated.reason:
        lines.append(f"De datum verschoof. Reden: {dated.reason}")
    lines.append(origin(dated))
    return Entry(
        f"streefdatum-m{measure.number}",
        dated.deadline,
        _in_words(f"Streefdatum {measure}", dated.label, _exact(dated.precision, dated.wording)),
        "\n".join(line for line in lines if line),
        measure.get_absolute_url(),
        changed_at,
        sequence,
        "Streefdatum",
        "CANCELLED" if is_off else "CONFIRMED",
    )


def _exact(precision: str, wording: str) -> str:
    """The precision; a date that the source words otherwise is not exact to the day."""
    return Precision.UNKNOWN if wording else precision


def _recent(records):
    """The latest of the records whose date is known, as far as they fit."""
    known = records.with_public_sources().filter(date__isnull=False, published_at__isnull=False)
    return known.exclude(date_precision=Precision.UNKNOWN).order_by("-date", "-pk")[:MOST]


def _dated(record, name, title, text, url, category, status="CONFIRMED") -> Entry:
    precision = _exact(record.date_precision, record.date_text)
    return Entry(
        name,
        period_end(record.date, record.date_precision),
        _in_words(title, record.date_label, precision),
        "\n".join(line for line in [*text, origin(record)] if line),
        url,
        record.published_at,
        # The number of times that it was saved only grows.
        record.version,
        category,
        status,
    )


def _letters(subject: Subject) -> list[Entry]:
    letters = Letter.objects.public()
    if not subject.is_whole:
        letters = letters.filter(letters_about(subject))
    return [
        _dated(
            letter,
            f"brief-{letter.key}",
            f"Brief aan de Kamer: {letter.title}",
            [letter.citation, letter.summary],
            f"{reverse('letters')}#{letter.key}",
            "Kamerbrief",
        )
        for letter in _recent(letters)
    ]


def _motions(subject: Subject) -> list[Entry]:
    motions = Motion.objects.public()
    if not subject.is_whole:
        motions = motions.filter(promises_about(subject, Motion))
    return [
        _dated(
            motion,
            f"motie-{motion.pk}",
            promise_title("Motie", motion),
            [motion.citation, motion.request],
            motion.get_absolute_url(),
            "Motie",
        )
        for motion in _recent(motions)
    ]


def _events(subject: Subject) -> list[Entry]:
    """Debates and other events. One about a letter of the same day is that letter."""
    events = TimelineEvent.objects.public().prefetch_related(
        Prefetch("letter", Letter.objects.public())
    )
    if not subject.is_whole:
        events = events.filter(letters_about(subject, "letter__"))
    return [
        _dated(
            event,
            f"gebeurtenis-{event.key}",
            event.text,
            ["Aangekondigd." if event.is_planned else "", event.citation],
            event.get_absolute_url(),
            "Gebeurtenis",
            "TENTATIVE" if event.is_planned else "CONFIRMED",
        )
        for event in _recent(events)
        if not (event.letter and event.letter.date == event.date)
    ]
