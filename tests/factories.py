"""Records for tests: plain functions, public unless said otherwise.

Every value that a test is about is given in the test; the rest is plainly made up.
"""

from datetime import date
from itertools import count

from django.core.files.base import ContentFile

from measures.evidence_files import check
from measures.models import (
    Commitment,
    Effect,
    Evaluation,
    Evidence,
    Finding,
    Letter,
    Measure,
    Motion,
    ProgressUpdate,
    ReportingMoment,
    Source,
    Status,
    Theme,
)
from measures.periods import Precision
from parties.certainty import Certainty
from parties.models import Party
from parties.publication import Publication

CONCEPT = Publication.CONCEPT
PUBLIC = Publication.PUBLIC

_serial = count(1)


def make_theme(title=None, **values):
    n = next(_serial)
    values = {"key": f"T{n}", "slug": f"hoofdlijn-{n}", "position": n} | values
    return Theme.objects.create(title=title or f"Hoofdlijn {n}", **values)


def make_party(name=None, **values):
    n = next(_serial)
    values = {
        "slug": f"partij-{n}",
        "kind": Party.Kind.TRADE_ASSOCIATION,
        "sector": Party.Sector.PRIVATE,
        "publication": PUBLIC,
    } | values
    return Party.objects.create(name=name or f"Partij {n}", **values)


def make_source(title=None, **values):
    n = next(_serial)
    values = {"key": f"B{n}", "publication": PUBLIC} | values
    return Source.objects.create(title=title or f"Bron {n}", **values)


def make_measure(
    title=None,
    *,
    sources=(),
    deadline=None,
    deadline_precision=Precision.DAY,
    deadline_text="",
    **values,
):
    """A measure; `deadline` is its original one."""
    n = next(_serial)
    if "theme" not in values:
        values["theme"] = Theme.objects.first() or make_theme()
    values = {"publication": PUBLIC, "certainty": Certainty.STATED} | values
    measure = Measure.objects.create(title=title or f"Maatregel over onderwerp {n}", **values)
    measure.sources.set(sources)
    if deadline:
        measure.deadline_changes.create(
            deadline=deadline,
            precision=deadline_precision,
            wording=deadline_text,
            is_original=True,
            publication=PUBLIC,
        )
        measure.refresh_from_db()
    return measure


def shift(measure, to: date | None, *, on: date, reason="De proef duurde langer.", **values):
    """Move the deadline of a measure to another day, as from the day `on`."""
    precision = Precision.DAY if to else Precision.UNKNOWN
    values = {"publication": PUBLIC, "precision": precision, "reason": reason} | values
    change = measure.deadline_changes.create(deadline=to, reporting_date=on, **values)
    measure.refresh_from_db()
    return change


def make_moment(title=None, *, on: date, letter=None, **values):
    """A reporting moment in preparation."""
    n = next(_serial)
    values = {"slug": f"peilmoment-{n}"} | values
    return ReportingMoment.objects.create(
        title=title or f"Peilmoment {n}",
        reference_date=on,
        letter=letter or make_letter(),
        **values,
    )


def report(measure, status, *, on: date, sources=(), **values):
    """Record how a measure stood on a day: published, unless `publication` says otherwise.

    Refreshes `measure`, so that its status is what the database says.
    """
    values = {
        "explanation": f"Stand van {measure.code}: {Status(status).label}.",
        "publication": PUBLIC,
        "certainty": Certainty.STATED,
    } | values
    update = ProgressUpdate.objects.create(
        measure=measure, status=status, reporting_date=on, **values
    )
    update.sources.set(sources)
    measure.refresh_from_db()
    return update


def make_letter(title=None, **values):
    n = next(_serial)
    values = {"key": f"brief-{n}", "publication": PUBLIC} | values
    return Letter.objects.create(title=title or f"Brief {n}", **values)


def make_motion(title=None, *, measures=(), proposers=(), **values):
    """A motion; `proposers` is a list of (name, parliamentary group)."""
    n = next(_serial)
    values = {"slug": f"motie-{n}", "publication": PUBLIC} | values
    motion = Motion.objects.create(title=title or f"Motie {n}", **values)
    motion.measures.set(measures)
    for name, group in proposers:
        motion.proposers.create(name=name, parliamentary_group=group, certainty=Certainty.STATED)
    return motion


def make_commitment(title=None, *, measures=(), **values):
    n = next(_serial)
    values = {
        "slug": f"toezegging-{n}",
        "text": "Wat is toegezegd.",
        "publication": PUBLIC,
    } | values
    commitment = Commitment.objects.create(title=title or f"Toezegging {n}", **values)
    commitment.measures.set(measures)
    return commitment


def make_finding(text=None, *, measures=(), **values):
    n = next(_serial)
    values = {"key": f"F{n}", "position": n, "publication": PUBLIC} | values
    finding = Finding.objects.create(text=text or f"verbeterpunt {n}", **values)
    for measure in measures:
        finding.measure_links.create(measure=measure, certainty=Certainty.INFERRED)
    return finding


def make_evaluation(title=None, **values):
    n = next(_serial)
    values = {"key": f"E{n}", "publication": PUBLIC} | values
    return Evaluation.objects.create(title=title or f"Evaluatie {n}", **values)


def make_effect(title=None, *, measures=(), **values):
    n = next(_serial)
    values = {
        "key": f"effect-{n}",
        "state": Effect.State.REPORTED,
        "position": n,
        "publication": PUBLIC,
    } | values
    effect = Effect.objects.create(title=title or f"Effect {n}", **values)
    effect.measures.set(measures)
    return effect


def make_evidence(update, title=None, *, content=b"", name="verslag.txt", **values):
    """Evidence beside an update: a file with `content`, else a link. Public unless said otherwise.

    The factory checks the file as the screen does.
    """
    values = {"visibility": "openbaar"} | values
    evidence = Evidence(update=update, title=title or f"Bewijsstuk {next(_serial)}", **values)
    if content:
        evidence.keep_facts(check(name, content, max_mb=20))
        evidence.document = ContentFile(content, name)
    elif not evidence.url:
        evidence.url = "https://voorbeeld.example/verslag"
    evidence.save()
    return evidence
