"""What to look at before a letter goes out: the checks of a reporting moment.

Each row names what it is about and the record whose form mends it. A blocking row asks for
a reason when it is left; the others are for information.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from parties.certainty import Certainty

from . import snapshot
from .annex import AnnexContent
from .models import Measure, Motion, ProgressUpdate, ReportingMoment, Status


class Check(models.TextChoices):
    """The checks, in the order in which the screen shows them."""

    NO_LEAD = "geen-trekker", "Geen trekker"
    UNEXPLAINED = "te-laat-zonder-uitleg", "Te laat zonder uitleg"
    NO_EVIDENCE = "zonder-bewijsstuk", "Geïmplementeerd zonder bewijsstuk"
    MOTION = "motie-zonder-antwoord", "Motie zonder maatregel of afhandeling"
    CONCEPT = "nog-concept", "Stand van zaken is nog concept"
    SAME_TEXT = "zelfde-tekst", "Tekst is dezelfde als in de vorige brief"
    INFERRED = "onze-lezing", "Onze lezing gaat naar de Kamer"


INFORMATION = (Check.SAME_TEXT, Check.INFERRED)


@dataclass(frozen=True)
class Row:
    """One thing to look at; `record` is what a form mends."""

    check: Check
    subject: str
    text: str
    record: Any

    @property
    def key(self) -> str:
        """What a reason is given for: the check and its subject."""
        return f"{self.check}:{self.subject}"

    @property
    def is_blocking(self) -> bool:
        return self.check not in INFORMATION


def rows(moment: ReportingMoment, content: AnnexContent) -> list[Row]:
    """All rows for a moment, in the order of the checks, each check of a subject once.

    `content` is the annex that would be frozen. Call it within the rehearsal that made the
    content: what is held for the moment counts.
    """
    day = moment.reference_date
    measures = list(
        Measure.objects.public()
        .as_of(day)
        .with_deadline_state(day)
        .with_standing(day)
        .with_public_lead()
        .with_public_provenance()
        .order_by("number")
    )
    found = [
        *_no_lead(measures),
        *_unexplained(measures),
        *_no_evidence(measures),
        *_motions(moment),
        *_concepts(moment),
        *_same_text(moment, content, measures),
        *_inferred(measures),
    ]
    once = {row.key: row for row in found}
    return sorted(once.values(), key=lambda row: list(Check).index(row.check))


def _no_lead(measures) -> Iterator[Row]:
    for measure in measures:
        if measure.is_remaining and not measure.lead:
            yield Row(Check.NO_LEAD, measure.code, "Er is geen trekker bekend.", measure)


def _unexplained(measures) -> Iterator[Row]:
    for measure in measures:
        if measure.deadline_state == "te-laat" and measure.is_silent_since_deadline:
            text = f"De streefdatum ({measure.deadline_label}) is voorbij zonder bericht daarna."
            yield Row(Check.UNEXPLAINED, measure.code, text, measure)


def _no_evidence(measures) -> Iterator[Row]:
    done = [m for m in measures if m.standing_status == Status.IMPLEMENTED and m.standing]
    counted = ProgressUpdate.objects.filter(pk__in=[m.standing.pk for m in done])
    proven = {row.pk for row in counted.with_evidence_count() if row.evidence_count}
    for measure in done:
        if measure.standing.pk not in proven:
            text = "‘Geïmplementeerd’ heeft geen bewijsstuk."
            yield Row(Check.NO_EVIDENCE, measure.code, text, measure.standing)


def _motions(moment) -> Iterator[Row]:
    day = moment.reference_date
    for motion in Motion.objects.public().up_to(day).with_public_details(day):
        if motion.is_aside:
            continue
        missing = []
        if not motion.public_measures:
            missing.append("geen maatregel")
        if not (motion.is_done or motion.ministry_explanation.strip()):
            missing.append("geen afhandeling")
        if missing:
            text = f"Bij deze motie staat {' en '.join(missing)}."
            yield Row(Check.MOTION, motion.paper or motion.title, text, motion)


def _concepts(moment) -> Iterator[Row]:
    waiting = ProgressUpdate.objects.concepts().select_related("measure")
    for update in waiting.order_by("measure__number", "pk"):
        of = f" van {update.reporting_date_label}" if update.reporting_date else ""
        text = f"Er staat nog een concept{of}."
        yield Row(Check.CONCEPT, update.measure.code, text, update)


def _same_text(moment, content, measures) -> Iterator[Row]:
    before = moment.previous or ReportingMoment.objects.before(moment).first()
    if before is None or not hasattr(before, "snapshot"):
        return
    try:
        sections = snapshot.read(before.snapshot).sections
    except snapshot.CorruptSnapshot as error:
        yield Row(Check.SAME_TEXT, str(before), str(error), before)
        return
    told = {row.number: row.text for section in sections for row in section.rows}
    by_code = {measure.code: measure for measure in measures}
    for section in content.sections:
        for row in section.rows:
            if row.text.strip() and row.text == told.get(row.number):
                text = f"De tekst is dezelfde als in ‘{before}’."
                yield Row(Check.SAME_TEXT, row.number, text, by_code[row.number])


def _inferred(measures) -> Iterator[Row]:
    for measure in measures:
        read = ["stand"] if measure.standing and _is_reading(measure.standing) else []
        read += [
            place.get_field_display().lower()
            for place in measure.public_provenances
            if _is_reading(place) and place.field != "status"
        ]
        if read:
            text = f"Niet in de bron, maar onze lezing: {', '.join(read)}."
            yield Row(Check.INFERRED, measure.code, text, measure)


def _is_reading(sourced) -> bool:
    return sourced.certainty == Certainty.INFERRED
