"""What each kind of record has to search in, and what the public may see of it on a day.

One class per kind. The texts that are indexed and the texts in which a fragment is marked come
from the same methods, so they cannot come to differ.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from parties.models import Party

from ..models import (
    Commitment,
    GlossaryTerm,
    Letter,
    Measure,
    Motion,
    ProgressUpdate,
    ReportingMoment,
    SearchDocument,
)
from ..models.measure import added_by
from . import words

Point = tuple[date | None, date | None]
NOW: Point = (None, None)


class Kind:
    """A kind of record; `name` stands in the address, in documents and in triggers."""

    name: str
    label: str
    plural: str
    model: Any
    # Whether its changes are noted under its own name; those of an update are its measure's.
    is_noted = True
    # Which texts count on a day in the past.
    within_past = "all"
    # Whether there may be thousands: those are asked apart, so that they hide no other kind.
    is_many = False
    # Whether its records are weighed against others, or come by day alone, the newest first.
    is_scored = True
    # Whether its changes are noted under its own name; those of an update are its measure's.
    is_noted = True
    # Which texts count on a day in the past.
    within_past = "all"
    # Whether its records are weighed against others, or come by day alone, the newest first.
    is_scored = True

    def visible(self, day: date | None, known_on: date | None) -> QuerySet:
        """What the public may see, and was there on `day`; `known_on` as everywhere."""
        return self.model.objects.public(known_on)

    def detailed(self, records: QuerySet, point: Point) -> QuerySet:
        """With all that the methods below read, in a number of queries that does not grow."""
        return records

    def key(self, record) -> str:
        """The number or name by which somebody asks for exactly this."""
        return ""

    def title(self, record) -> str:
        return record.title

    def texts(self, record) -> list[str]:
        """What is searched besides the title, the most telling first."""
        return []

    def shown_texts(self, record) -> list[str]:
        """The texts from which a fragment is taken."""
        return self.texts(record)

    def names(self, record) -> str:
        """What counts as title too, and is not shown in it."""
        return ""

    def indexed_title(self, record) -> str:
        return f"{self.names(record)} {self.title(record)}"

    def day(self, record) -> date | None:
        """Since when it was there; None: always, as far as is known."""
        return None

    def facts(self, record) -> list[str]:
        """Short facts beside the name of the kind: a number, a date, an outcome."""
        return []

    def url(self, record) -> str:
        return record.get_absolute_url()

    def indexed(self, keys: Iterable[int]) -> QuerySet:
        """What is in the index of the records with these keys."""
        return SearchDocument.objects.filter(kind=self.name, object_id__in=keys)

    def documents(self, keys: Iterable[int]) -> Iterator[SearchDocument]:
        """The documents of the records with these keys, in plain words; none of what is hidden."""
        for record in self.detailed(self.visible(*NOW).filter(pk__in=keys), NOW):
            yield self.document(record)

    def document(self, record, *, now: str = "", **values) -> SearchDocument:
        return SearchDocument(
            kind=self.name,
            object_id=record.pk,
            key=words.key(self.key(record)),
            day=self.day(record),
            title_words=_words(self.indexed_title(record)),
            body_words=_words("\n".join(self.texts(record))),
            now_words=_words(now),
            **values,
        )


class MeasureKind(Kind):
    name, label, plural, model = "maatregel", "Maatregel", "Maatregelen", Measure
    # What is said last of a measure was not said then; the progress updates of that time were.
    within_past = "own"
    is_many = True

    def visible(self, day, known_on):
        return Measure.objects.public(known_on).there_on(day)

    def detailed(self, records, point):
        return records.as_of(*point).with_standing_text(*point)

    def key(self, measure):
        return measure.code

    def names(self, measure):
        return f"{measure.code} {measure.taskforce_number}"

    def texts(self, measure):
        return [measure.description, measure.done_when]

    def shown_texts(self, measure):
        return [*self.texts(measure), measure.standing_text]

    def day(self, measure):
        return measure.added_on

    def facts(self, measure):
        said = f"laatst gemeld: {measure.standing_date_label}" if measure.standing_date else ""
        return [measure.code, said]

    def indexed(self, keys):
        return SearchDocument.objects.filter(measure_id__in=keys)

    def documents(self, keys):
        """Of the measures, and of all that was published about them."""
        updates = UPDATE.visible(*NOW).filter(measure__in=keys)
        told: dict[int, list[ProgressUpdate]] = {}
        for update in updates.order_by("measure", "-reporting_date", "-published_at", "-pk"):
            told.setdefault(update.measure_id, []).append(update)
        for measure in self.visible(*NOW).filter(pk__in=keys):
            reports = told.get(measure.pk, [])
            now = reports[0].explanation if reports else ""
            yield self.document(measure, measure_id=measure.pk, now=now)
            until = None
            for update in reports:
                yield UPDATE.document(update, measure_id=measure.pk, until=until)
                until = update.reporting_date


class UpdateKind(Kind):
    name, label, plural, model = "stand", "Stand van zaken", "Standen van zaken", ProgressUpdate
    is_noted = False
    # They say much the same, and many of them: then the newest tells most.
    is_scored = False
    is_many = True

    def visible(self, day, known_on):
        updates = ProgressUpdate.objects.public(known_on)
        if day is not None:
            updates = updates.up_to(day).filter(added_by(day, "measure__"))
        return updates

    def detailed(self, records, point):
        return records.select_related("measure")

    def title(self, update):
        return update.measure.title

    def indexed_title(self, update):
        # The measure has its title; else each of its updates would be found with it.
        return ""

    def day(self, update):
        return update.reporting_date

    def texts(self, update):
        return [update.explanation]

    def facts(self, update):
        return [update.measure.code, update.reporting_date_label]

    def url(self, update):
        return update.get_absolute_url()


class DatedKind(Kind):
    """What has a date that may be unknown, and a number in Parliament."""

    def visible(self, day, known_on):
        return self.model.objects.public(known_on).up_to(day)

    def key(self, record):
        return record.paper

    def names(self, record):
        return record.paper or record.dossier

    def day(self, record):
        return record.date

    def facts(self, record):
        return [record.paper, record.date_label if record.date else ""]


class MotionKind(DatedKind):
    name, label, plural, model = "motie", "Motie", "Moties", Motion

    def detailed(self, records, point):
        return records.prefetch_related("proposers")

    def facts(self, motion):
        return [
            *super().facts(motion),
            f"stemming: {motion.get_vote_display().lower()}",
            f"volgens het ministerie: {motion.get_ministry_position_display().lower()}",
        ]

    def texts(self, motion):
        proposers = motion.proposers.all()
        names = ", ".join(f"{p.name} ({p.parliamentary_group})" for p in proposers)
        return [
            motion.request,
            motion.ministry_explanation,
            f"Ingediend door {names}." if names else "",
        ]


class CommitmentKind(DatedKind):
    name, label, plural, model = "toezegging", "Toezegging", "Toezeggingen", Commitment

    def texts(self, commitment):
        return [commitment.text, commitment.ministry_explanation]


class LetterKind(DatedKind):
    name, label, plural, model = "brief", "Kamerbrief", "Kamerbrieven", Letter

    def detailed(self, records, point):
        day, known_on = point
        moments = ReportingMoment.objects.public(known_on)
        if day is not None:
            moments = moments.filter(reference_date__lte=day)
        return records.prefetch_related(Prefetch("moments", moments, to_attr="public_moments"))

    def texts(self, letter):
        moments = [f"{moment.title}. {moment.introduction}" for moment in letter.public_moments]
        return [letter.summary, *moments]

    def url(self, letter):
        """The page of what it told, where there is one, else its place among the letters."""
        if letter.public_moments:
            return letter.public_moments[0].get_absolute_url()
        return f"{reverse('letters')}#{letter.key}"


class PartyKind(Kind):
    name, label, plural, model = "partij", "Partij", "Partijen", Party

    def key(self, party):
        return party.short_name

    def names(self, party):
        return party.abbreviation

    def facts(self, party):
        return [party.abbreviation, party.get_kind_display()]

    def title(self, party):
        return party.name

    def texts(self, party):
        return [
            party.role[:1].upper() + party.role[1:],
            f"{party.get_kind_display()}. {party.kind_detail}",
        ]


class TermKind(Kind):
    name, label, plural, model = "begrip", "Begrip", "Begrippen", GlossaryTerm

    def key(self, term):
        return term.term

    def title(self, term):
        return term.term

    def texts(self, term):
        return [term.definition]


def _words(text: str) -> str:
    return " ".join(words.tokens(text))


UPDATE = UpdateKind()
# In the order in which the page counts them, and in which equals stand.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        MeasureKind(),
        UPDATE,
        MotionKind(),
        CommitmentKind(),
        LetterKind(),
        PartyKind(),
        TermKind(),
    )
}
