"""The steps of a reporting moment: rehearse, freeze, release, withdraw, verify.

Each step is one transaction, holds the row of the moment, and raises ValidationError with a
Dutch sentence when it cannot be done; then nothing has changed.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import formats, timezone

from parties.publication import Publication

from . import annex, preflight, snapshot
from .annex import AnnexContent
from .comparison import compare
from .comparison.chapter import chapter
from .models import (
    Acceptance,
    DeadlineChange,
    Letter,
    Measure,
    ProgressUpdate,
    ReportingMoment,
    Snapshot,
    SnapshotFile,
)

logger = logging.getLogger(__name__)
HELD: tuple[Any, ...] = (ProgressUpdate, DeadlineChange)
State = ReportingMoment.State


def content_of(moment: ReportingMoment) -> AnnexContent:
    """The annex as it would be if the moment were made public now.

    Raises ValidationError when something that is held for it could not become public.
    """
    with rehearsal(moment):
        return build(moment)


def build(moment: ReportingMoment) -> AnnexContent:
    """The annex as it is now, with the changes since the previous letter where staff want them."""
    content = annex.build(moment.reference_date, moment)
    if moment.previous is None:
        return content
    if not moment.previous.is_public:
        # Its embargo is not for this letter to break.
        raise ValidationError("De vorige brief is nog niet openbaar. Kies een andere, of geen.")
    try:
        before = snapshot.read(moment.previous.snapshot)
    except snapshot.CorruptSnapshot as error:
        raise ValidationError(f"De vorige brief is niet te lezen. {error}") from None
    return replace(content, changes=chapter(compare(before, content)))


@contextmanager
def rehearsal(moment: ReportingMoment) -> Iterator[None]:
    """Make public all that is held for the moment, let the block look, and undo it.

    So what is frozen is by construction what the public will see: no query needs to know
    of embargoes. Nobody else sees anything of it: the transaction is never committed.
    """
    with transaction.atomic():
        if moment.is_in_preparation:
            _publish_letter(moment)
            _publish_held(moment, timezone.now(), held_for=None)
        yield
        transaction.set_rollback(True)


def checks(moment: ReportingMoment) -> list[preflight.Row]:
    """What to look at before the moment is frozen. Raises as `content_of` does."""
    with rehearsal(moment):
        return preflight.rows(moment, build(moment))


def no_reason(row: preflight.Row) -> str:
    return ""


def freeze(
    moment: ReportingMoment, *, by, reason_for: Callable[[preflight.Row], str] = no_reason
) -> Snapshot:
    """Fix what the annex says (vaststellen), with the reasons for what checks still say.

    `reason_for` gives the reason why a row of the checks is left, or an empty text. Raises
    ValidationError when the moment was frozen already, or when a blocking row has none.
    """
    with transaction.atomic():
        moment = _held_row(moment)
        if not moment.is_in_preparation:
            raise ValidationError(f"‘{moment}’ is al {_since(moment)}. Er is niets veranderd.")
        with rehearsal(moment):
            content = build(moment)
            rows = preflight.rows(moment, content) if not moment.is_reconstruction else []
        reasons = {row: reason_for(row).strip() for row in rows}
        left = [row for row, reason in reasons.items() if row.is_blocking and not reason]
        if left:
            raise ValidationError(
                [f"{row.subject}: {row.text} Herstel dit, of geef een reden." for row in left]
            )
        document = snapshot.to_document(content)
        made = Snapshot.objects.create(
            moment=moment,
            schema_version=snapshot.VERSION,
            document=document,
            sha256=snapshot.sha256_of(document),
        )
        Acceptance.objects.bulk_create(
            Acceptance(
                moment=moment,
                check_name=row.check,
                subject=row.subject,
                reason=reason,
                author=by,
            )
            for row, reason in reasons.items()
            if reason
        )
        moment.state, moment.frozen_by, moment.frozen_at = State.FROZEN, by, timezone.now()
        moment.save()
    return made


def render_files(made: Snapshot) -> list[SnapshotFile]:
    """Render the files of a snapshot that are not there yet, and keep them for ever.

    Outside the transaction of the freezing: rendering takes seconds, and nobody should have
    to wait for it to save something else.
    """
    known = set(made.files.values_list("format", flat=True))
    content = snapshot.read(made)
    for format in annex.FORMATS:
        if format not in known:
            data = annex.render(content, format)
            SnapshotFile.objects.get_or_create(
                snapshot=made,
                format=format,
                defaults={
                    "content": data,
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "size": len(data),
                },
            )
    return list(made.files.all())


def schedule(moment: ReportingMoment, at: datetime | None) -> None:
    """Let the moment become public by itself at a time, or (None) no longer."""
    with transaction.atomic():
        moment = _held_row(moment)
        if moment.state != State.FROZEN:
            raise ValidationError("Stel het peilmoment eerst vast. Dan kan het openbaar worden.")
        if at and (faults := list(faults_of(moment.snapshot))):
            raise ValidationError(faults)
        if at and at <= timezone.now():
            raise ValidationError("Dit tijdstip is al voorbij. Kies een later tijdstip.")
        moment.release_at = at
        moment.save()


def release(moment: ReportingMoment) -> ReportingMoment:
    """Make the moment public, and with it everything that was held for it.

    Raises ValidationError, with nothing public, when the moment is not frozen, when its
    snapshot or files are damaged or missing, or when something held no longer fits.
    """
    with transaction.atomic():
        moment = _held_row(moment)
        if moment.is_in_preparation:
            raise ValidationError(
                f"‘{moment}’ is nog niet vastgesteld en kan dus niet openbaar worden."
            )
        if moment.state != State.FROZEN:
            raise ValidationError(f"‘{moment}’ is al {_since(moment)}. Er is niets veranderd.")
        if faults := list(faults_of(moment.snapshot)):
            raise ValidationError([f"{fault} Er is niets openbaar gemaakt." for fault in faults])
        now = timezone.now()
        _publish_letter(moment)
        moment.state, moment.published_at, moment.release_at = State.PUBLIC, now, None
        moment.save()
        _publish_held(moment, now, held_for=moment)
        if gone := _withdrawn_since(moment):
            raise ValidationError(
                [
                    f"{code}: wat de brief hierover zegt, is intussen ingetrokken. Er is niets "
                    "openbaar gemaakt. Trek dit peilmoment in en stel een nieuw vast."
                    for code in gone
                ]
            )
    return moment


def release_due(now: datetime | None = None) -> tuple[list[ReportingMoment], list[str]]:
    """Release every moment whose time has come; the moments, and what went wrong in Dutch."""
    done, faults = [], []
    due = ReportingMoment.objects.due(now or timezone.now())
    for moment in due:
        try:
            done.append(release(moment))
        except ValidationError as error:
            if not due.filter(pk=moment.pk).exists():
                # Another server released it, or somebody withdrew it, while we waited our turn.
                continue
            logger.exception("Reporting moment %s could not be released", moment.slug)
            faults += [f"{moment}: {message}" for message in error.messages]
        except Exception as error:
            # Whatever it is, the moments after this one must not wait for it.
            logger.exception("Reporting moment %s could not be released", moment.slug)
            faults.append(f"{moment}: er ging iets mis ({error}).")
    return done, faults


def withdraw(moment: ReportingMoment, reason: str) -> None:
    """Give up a frozen moment before it is public: what was held for it is concept again."""
    with transaction.atomic():
        moment = _held_row(moment)
        if moment.state != State.FROZEN:
            raise ValidationError(
                "Alleen wat is vastgesteld en nog niet openbaar is, kan worden ingetrokken."
            )
        if not reason.strip():
            raise ValidationError({"reason": "Zeg waarom u dit peilmoment intrekt."})
        moment.state, moment.withdrawal_reason = State.WITHDRAWN, reason.strip()
        moment.release_at = None
        moment.save()
        for model in HELD:
            model.objects.held_for(moment).update(held_for=None, version=F("version") + 1)


@dataclass(frozen=True)
class Verification:
    """What was looked at, and what is wrong with it in Dutch sentences."""

    number: int
    faults: tuple[str, ...]


def verify() -> Verification:
    """Compute the SHA-256 of every snapshot and every file of it again."""
    snapshots = Snapshot.objects.select_related("moment").order_by("pk")
    faults = [fault for made in snapshots.iterator() for fault in faults_of(made)]
    return Verification(len(snapshots), tuple(faults))


def faults_of(made: Snapshot) -> Iterator[str]:
    """What is wrong with one snapshot, in Dutch sentences."""
    try:
        snapshot.read(made)
    except snapshot.CorruptSnapshot as error:
        yield str(error)
    missing = set(annex.FORMATS)
    for file in made.files.all():
        missing.discard(file.format)
        if hashlib.sha256(bytes(file.content)).hexdigest() != file.sha256:
            yield f"Het bestand {file.format} van ‘{made.moment}’ is beschadigd."
    if missing:
        names = ", ".join(sorted(missing))
        yield f"Van ‘{made.moment}’ ontbreken bestanden: {names}."


def _held_row(moment: ReportingMoment) -> ReportingMoment:
    """The moment as it is now, held until the end of the transaction.

    So are the measures and what waits for the moment: nobody publishes, withdraws or edits
    between two queries of a freezing. In the order in which the forms take them: the moment,
    the measures, the reports.
    """
    found = ReportingMoment.objects.select_for_update().get(pk=moment.pk)
    for rows in [Measure.objects.all(), *(model.objects.held_for(found) for model in HELD)]:
        list(rows.order_by("pk").select_for_update().values_list("pk"))
    return found


def _since(moment: ReportingMoment) -> str:
    """'vastgesteld (4 april 2022, 10:15)'."""
    when = moment.published_at or moment.frozen_at
    label = State(moment.state).label.lower()
    shown = formats.date_format(timezone.localtime(when), "j F Y, H:i") if when else ""
    return f"{label} ({shown})"


def _publish_letter(moment: ReportingMoment) -> None:
    """Publish the letter of a moment, when it was prepared with it."""
    # Read anew: what a rehearsal did to it was undone.
    letter = Letter.objects.get(pk=moment.letter_id)
    if letter.publication == Publication.WITHDRAWN:
        raise ValidationError(f"De brief ‘{letter.title}’ is ingetrokken.")
    if not letter.is_public:
        letter.publication = Publication.PUBLIC
        letter.full_clean()
        letter.save()


def _withdrawn_since(moment: ReportingMoment) -> list[str]:
    """The measures ('M7') of which the snapshot holds a text that nobody may see any more."""
    sections = snapshot.read(moment.snapshot).sections
    told = {(row.number, row.text) for section in sections for row in section.rows if row.text}
    updates = ProgressUpdate.objects.public().up_to(moment.reference_date)
    rows = updates.values_list("measure__number", "explanation").iterator()
    gone = told.difference((f"M{number}", text) for number, text in rows)
    return sorted((number for number, _ in gone), key=lambda number: int(number[1:]))


def _publish_held(moment: ReportingMoment, now: datetime, *, held_for) -> None:
    """Publish all that is held for the moment, in one statement per kind.

    A measure that is still concept becomes public with its first update. Raises
    ValidationError that names what does not fit.
    """
    held = [list(model.objects.held_for(moment).values_list("pk", flat=True)) for model in HELD]
    hidden = Measure.objects.filter(
        Q(updates__in=held[0]) | Q(deadline_changes__in=held[1])
    ).exclude(publication=Publication.PUBLIC)
    for measure in hidden.distinct():
        measure.publication = Publication.PUBLIC
        try:
            measure.full_clean()
        except ValidationError as error:
            raise ValidationError([f"{measure.code}: {m}" for m in error.messages]) from None
        measure.save()
    for model, keys in zip(HELD, held, strict=True):
        try:
            with transaction.atomic():
                model.objects.filter(pk__in=keys).update(
                    held_for=held_for,
                    publication=Publication.PUBLIC,
                    published_at=now,
                    # It is this letter that reports it, unless staff named another.
                    letter=Coalesce(F("letter"), moment.letter_id),
                    version=F("version") + 1,
                )
        except IntegrityError:
            raise _who_does_not_fit(model, keys) from None


def _who_does_not_fit(model, keys) -> ValidationError:
    """Which of the held reports the database refuses, and why."""
    messages = []
    for report in model.objects.filter(pk__in=keys).select_related("measure"):
        report.publication = Publication.PUBLIC
        try:
            report.full_clean()
        except ValidationError as error:
            messages += [f"{report.measure.code}: {message}" for message in error.messages]
    return ValidationError(
        messages or ["Wat is klaargezet, past niet meer bij wat er intussen openbaar is."]
    )
