"""The annex as data: what it says on a day, built once, rendered by every format.

No HTTP, no layout. Everything comes through `public()` and `as_of(day)`.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils import formats

from parties.certainty import Certainty

from .. import sentences
from ..documents.blocks import Line
from ..models import (
    EXPLANATIONS,
    Commitment,
    DeadlineState,
    Measure,
    Motion,
    ReportingMoment,
    Source,
    Statement,
    Status,
    Theme,
)
from .changes import Changes

UNKNOWN = "Onbekend"


@dataclass(frozen=True)
class DeadlineFact:
    """A deadline as data; `day` is the last day of its period, `reason` why it was moved there."""

    day: date | None
    label: str
    state: DeadlineState
    reason: str = ""


@dataclass(frozen=True)
class MeasureRow:
    """A measure; `placing` says that its theme is our reading, or is None.

    What the row says is in the lines; what a comparison asks of it is beside them as data:
    `text` is the progress as staff wrote it, empty when nothing is known, `reported_on` the
    day it was so, `merged_into` the number ('M7') of the measure that it went into, or empty.
    """

    number: str
    title: Line
    placing: Line | None
    lead: Line
    progress: tuple[Line, ...]
    status: Status
    status_label: str
    text: str
    reported_on: date | None
    merged_into: str
    deadline: DeadlineFact


@dataclass(frozen=True)
class Section:
    """A theme with its measures."""

    title: Line
    rows: tuple[MeasureRow, ...]


@dataclass(frozen=True)
class SummaryRow:
    label: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class PromiseRow:
    """A motion or commitment: description, where it is printed, how it stands."""

    description: tuple[Line, ...]
    reference: str
    progress: tuple[Line, ...]


@dataclass(frozen=True)
class PromiseList:
    title: str
    introduction: Line | None
    rows: tuple[PromiseRow, ...]


@dataclass(frozen=True)
class Note:
    number: int
    text: str


@dataclass(frozen=True)
class MomentFact:
    """The reporting moment that an annex belongs to; `citation` is empty when it is unknown."""

    title: str
    slug: str
    letter: str
    letter_date: str
    citation: str
    is_reconstruction: bool


@dataclass(frozen=True)
class AnnexContent:
    """All that the annex says; `moment` is None for a day that no letter reports of.

    `known_on` is the day by which it was published, None when that does not matter; `changes`
    the chapter about what changed since the previous letter, None without one.
    """

    title: str
    subtitle: str
    dossier: str
    reference_date: date
    known_on: date | None
    moment: MomentFact | None
    introduction: tuple[Line, ...]
    legend: tuple[tuple[Status, str], ...]
    summary: tuple[SummaryRow, ...]
    changes: Changes | None
    sections: tuple[Section, ...]
    promises: tuple[PromiseList, ...]
    notes: tuple[Note, ...]

    @property
    def day_label(self) -> str:
        return formats.date_format(self.reference_date, "j F Y")

    @property
    def digest(self) -> str:
        """SHA-256 of the whole content: the same as long as the annex says the same."""
        text = json.dumps(
            asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
        )
        return hashlib.sha256(text.encode()).hexdigest()


class Notes:
    """Numbers the sources in the order in which the annex first mentions them."""

    def __init__(self):
        self.numbers: dict[Source, int] = {}

    def of(self, sources: Iterable[Source]) -> tuple[int, ...]:
        found = {self.numbers.setdefault(source, len(self.numbers) + 1) for source in sources}
        return tuple(sorted(found))

    def line(self, text: str, sourced=None, *, strong: bool = False) -> Line:
        """A line with the notes and the certainty of a record that has sources."""
        if sourced is None:
            return Line(text, strong=strong)
        return Line(
            text,
            self.of(sourced.sources.all()),
            reading=sourced.certainty == Certainty.INFERRED,
            strong=strong,
        )

    def listed(self) -> tuple[Note, ...]:
        return tuple(Note(number, source.citation) for source, number in self.numbers.items())


def build(
    day: date, moment: ReportingMoment | None = None, *, known_on: date | None = None
) -> AnnexContent:
    """The annex as of `day`, in a constant number of queries.

    With `known_on` it leaves out what was published only after that day.

    With a reporting moment it is the annex of that moment: it names the letter and begins
    with the introduction that staff wrote.
    """
    notes = Notes()
    measures = list(
        Measure.objects.public_as_of(day, known_on)
        .with_deadline_state(day)
        .with_standing(day, known_on)
        .with_deadline_changes(day, known_on)
        .with_public_lead()
        .with_public_provenance()
        .order_by("number")
    )
    themes = list(Theme.objects.prefetch_related(Prefetch("sources", Source.objects.public())))
    introduction = (*_opening(moment, known_on), *_introduction(measures, notes))
    sections = tuple(
        Section(
            title=notes.line(theme.title, theme),
            rows=tuple(
                _row(m, notes, marked=moment is None) for m in measures if m.theme_id == theme.pk
            ),
        )
        for theme in themes
    )
    promises = tuple(_promises(day, known_on, notes))
    return AnnexContent(
        title="Stand van zaken verbetermaatregelen Kwalibo",
        subtitle="Bijlage bij Kamerbrief",
        dossier="30 015 Bodembeleid",
        reference_date=day,
        known_on=known_on,
        moment=_moment(moment),
        introduction=introduction,
        legend=tuple((status, EXPLANATIONS[status]) for status in Status),
        summary=_summary(themes, measures),
        changes=None,
        sections=sections,
        promises=promises,
        notes=notes.listed(),
    )


def _moment(moment: ReportingMoment | None) -> MomentFact | None:
    if moment is None:
        return None
    return MomentFact(
        title=moment.title,
        slug=moment.slug,
        letter=moment.letter.title,
        letter_date=moment.letter.date_label,
        citation=moment.letter.citation,
        is_reconstruction=moment.is_reconstruction,
    )


def _opening(moment: ReportingMoment | None, known_on: date | None):
    """Of which letter this is the annex, and what staff say in front."""
    if known_on:
        day = formats.date_format(known_on, "j F Y")
        yield Line(f"Alleen wat uiterlijk op {day} op deze website stond, telt hier mee.")
    if moment is None:
        return
    letter = moment.letter
    of = f" van {letter.date_label}" if letter.date or letter.date_text else ""
    citation = f"{of} ({letter.citation})" if letter.citation else of
    if moment.is_reconstruction:
        yield Line(
            f"Dit is een reconstructie bij de brief ‘{letter.title}’{citation}. Wij maakten haar "
            "achteraf uit openbare bronnen. De bijlage die bij de brief zelf ging, kennen wij niet."
        )
    else:
        yield Line(f"Bijlage bij de brief ‘{letter.title}’{citation}.")
    yield from map(Line, filter(str.strip, moment.introduction.splitlines()))


def _introduction(measures, notes: Notes) -> tuple[Line, ...]:
    total = Statement.objects.public().filter(topic=Statement.Topic.TOTAL)
    said = total.with_public_sources().first()
    counts = dict.fromkeys(Status, 0)
    for measure in measures:
        counts[Status(measure.standing_status)] += 1
    text = sentences.summary(counts, said.text if said else "")
    return (
        notes.line(text, said),
        Line(
            "Dit overzicht is van het ministerie van Infrastructuur en Waterstaat, dat daarin "
            "over zichzelf bericht. Achter elke uitspraak staat het nummer van de bron. Wat niet "
            "in de bron staat maar wat wij erin lezen, heet ‘onze lezing’. Wat geen bron zegt, "
            "heet ‘onbekend’."
        ),
    )


def _summary(themes, measures) -> tuple[SummaryRow, ...]:
    def row(label, of):
        numbers = [sum(m.standing_status == status for m in of) for status in Status]
        return SummaryRow(label, (*numbers, len(of)))

    rows = [row(theme.title, [m for m in measures if m.theme_id == theme.pk]) for theme in themes]
    return (*rows, row("Samen", measures))


def _row(measure, notes: Notes, *, marked: bool) -> MeasureRow:
    """A row; `marked` says that it shows what was published only after the day itself."""
    return MeasureRow(
        number=measure.code,
        title=notes.line(measure.title, measure, strong=True),
        placing=_placing(measure, notes),
        lead=_lead(measure, notes),
        progress=tuple(_progress(measure, notes, marked)),
        status=Status(measure.standing_status),
        status_label=measure.standing_label,
        text=measure.standing.explanation if measure.standing else "",
        reported_on=measure.standing_date,
        merged_into=f"M{merged}" if (merged := measure.standing_merged_number) else "",
        deadline=DeadlineFact(
            measure.standing_deadline,
            measure.deadline_label,
            DeadlineState(measure.deadline_state),
            measure.deadline_shifts[0].reason if measure.deadline_shifts else "",
        ),
    )


def _placing(measure, notes: Notes) -> Line | None:
    place = measure.provenance_of("theme")
    if place is None or place.certainty != Certainty.INFERRED:
        return None
    return notes.line("Indeling bij deze hoofdlijn", place)


def _lead(measure, notes: Notes) -> Line:
    if not measure.lead:
        return Line(UNKNOWN)
    return notes.line(measure.lead.short_name, measure.provenance_of("lead"))


def _progress(measure, notes: Notes, marked: bool):
    standing = measure.standing
    if standing:
        # The database asks for a text; that it is more than white space, only forms do.
        first, *others = [*filter(str.strip, standing.explanation.splitlines())] or [UNKNOWN]
        yield notes.line(first, standing)
        yield from map(Line, others)
        if standing.remark and standing.certainty == Certainty.INFERRED:
            yield Line(standing.remark)
        later = " Later gepubliceerd." if marked and measure.standing_is_later else ""
        yield Line(f"Gemeld over: {standing.reporting_date_label}.{later}")
    else:
        yield Line(f"{UNKNOWN}: geen bron zegt hoe ver deze maatregel is.")
        if (said := measure.provenance_of("status")) and said.wording:
            yield notes.line(f"De bron zegt: {said.wording}.", said)
    if measure.standing_deadline:
        passed = measure.deadline_state == DeadlineState.PASSED
        text = f"Streefdatum: {measure.deadline_label}{' (voorbij)' if passed else ''}."
        yield notes.line(text, measure.provenance_of("deadline"))


def _was_done(promise, day: date) -> bool:
    """Whether the ministry had dealt with it on `day`: a letter of later does not count."""
    letter = promise.fulfilled_by
    return promise.is_done and not (letter and letter.date and letter.date > day)


def _promises(day: date, known_on: date | None, notes: Notes):
    motions = list(Motion.objects.public(known_on).up_to(day).with_public_details(day, known_on))
    commitments = list(
        Commitment.objects.public(known_on).up_to(day).with_public_details(day, known_on)
    )
    done = {promise for promise in [*motions, *commitments] if _was_done(promise, day)}
    aside = [motion for motion in motions if motion not in done and motion.is_aside]
    open_motions = [m for m in motions if m not in done and m not in aside]
    said = _said_of_motions() if any(motion.is_candidate for motion in open_motions) else None
    lists = [
        ("Moties: afgedaan", None, [m for m in motions if m in done]),
        ("Moties: openstaand", said, open_motions),
        (
            "Moties: ter informatie",
            (
                "Deze moties zijn verworpen of ingetrokken, of horen waarschijnlijk niet bij de "
                "brief.",
                None,
            ),
            aside,
        ),
        ("Toezeggingen: afgedaan", None, [c for c in commitments if c in done]),
        ("Toezeggingen: openstaand", None, [c for c in commitments if c not in done]),
    ]
    for title, introduction, found in lists:
        if found:
            yield PromiseList(
                title,
                notes.line(*introduction) if introduction else None,
                tuple(_promise(promise, promise in done, notes) for promise in found),
            )


def _said_of_motions() -> tuple[str, Statement | None]:
    """Why a motion is a candidate: what a source says of the motions in the letter, and of
    which statement that is."""
    topic = Statement.objects.public().filter(topic=Statement.Topic.MOTIONS)
    said = topic.exclude(remark="").with_public_sources().first()
    text = (
        "Een motie die past bij het onderwerp van de brief over de resultaten, staat hier als "
        "kandidaat. Dat de brief deze motie behandelt, is niet bewezen."
    )
    return (f"{said.remark} {text}" if said else text), said


def _promise(promise, was_done: bool, notes: Notes) -> PromiseRow:
    is_motion = isinstance(promise, Motion)
    asked = promise.request if is_motion else promise.text
    description = [notes.line(promise.title, promise, strong=True)]
    if is_motion:
        description += [_proposers(promise, notes)]
    description.append(Line(asked or f"{UNKNOWN}: de bron laat de tekst niet zien."))
    position = promise.get_ministry_position_display().lower()
    if promise.is_done and not was_done:
        position = "op deze dag nog niet afgedaan"
    progress = [
        Line(f"Volgens het ministerie: {position}."),
        Line(f"Volgens de Kamer: {promise.get_chamber_decision_display().lower()}."),
    ]
    # What was written about a letter of later was not so yet.
    if was_done or not promise.is_done:
        progress += _explained(promise)
    if is_motion:
        progress.append(Line(f"Stemming: {promise.get_vote_display().lower()}."))
        link = promise.get_closing_letter_link_display()
        progress.append(Line(f"Plaats in de brief over de resultaten: {link.lower()}."))
    return PromiseRow(
        tuple(description),
        promise.citation or (promise.date_label if promise.date else UNKNOWN),
        tuple(progress),
    )


def _explained(promise):
    if promise.ministry_explanation:
        yield Line(promise.ministry_explanation)
    if letter := promise.fulfilled_by:
        yield Line(f"Brief: {letter.title}, {letter.citation or letter.date_label}.")
    if promise.is_done and promise.remark:
        yield Line(promise.remark)


def _proposers(motion, notes: Notes) -> Line:
    proposers = list(motion.proposers.all())
    if not proposers:
        return Line("Ingediend door: onbekend.")
    names = [
        f"{p.name} ({p.parliamentary_group or 'fractie onbekend'}"
        f"{', onze lezing' if p.certainty == Certainty.INFERRED else ''})"
        for p in proposers
    ]
    sources = [source for proposer in proposers for source in proposer.sources.all()]
    return Line(f"Ingediend door: {sentences.enumeration(names)}.", notes.of(sources))
