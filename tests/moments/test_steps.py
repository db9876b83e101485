"""From preparing a letter to everybody being able to read it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from measures import annex, moments, snapshot
from measures.models import (
    DeadlineChange,
    Measure,
    ProgressUpdate,
    ReportingMoment,
    Snapshot,
    SnapshotFile,
    Status,
)
from parties.publication import Publication
from tests.factories import (
    CONCEPT,
    make_letter,
    make_measure,
    make_moment,
    make_motion,
    make_party,
    make_source,
    report,
    shift,
)

pytestmark = pytest.mark.django_db
DAY = date(2024, 12, 31)
WHY = "Dit is met de directie besproken."


def freeze(moment):
    """Freeze with a reason for whatever the checks say."""
    made = moments.freeze(moment, by=None, reason_for=lambda row: WHY)
    moment.refresh_from_db()
    return made


def frozen(moment):
    moments.render_files(freeze(moment))
    moment.refresh_from_db()
    return moment


def public(moment):
    return moments.release(frozen(moment))


def held(moment, measure, status, *, on, **values):
    update = report(measure, status, on=on, publication=CONCEPT, **values)
    update.hold(moment)
    return update


def test_what_was_frozen_stays_whatever_is_edited_later():
    lead = make_party("Inspectie")
    measure = make_measure("Oude titel", lead=lead, deadline=date(2025, 1, 1))
    report(measure, Status.PLANNED, on=date(2024, 1, 1), explanation="Het plan is er.")
    moment = public(make_moment(on=DAY))
    before = moment.snapshot.document

    measure.title = "Nieuwe titel"
    measure.save()
    lead.name = "Andere naam"
    lead.save()
    report(measure, Status.IMPLEMENTED, on=date(2024, 6, 1))
    shift(measure, date(2026, 1, 1), on=date(2024, 3, 1))
    moment.letter.title = "Andere brief"
    moment.letter.save()

    content = snapshot.read(Snapshot.objects.get())
    (row,) = content.sections[0].rows
    assert Snapshot.objects.get().document == before
    assert (row.title.text, row.status, row.text) == (
        "Oude titel",
        Status.PLANNED,
        "Het plan is er.",
    )


def test_a_snapshot_reads_back_as_the_content_that_was_frozen():
    measure = make_measure(lead=make_party(), deadline=date(2024, 1, 1))
    shift(measure, date(2024, 6, 1), on=date(2024, 2, 1), reason="Er was meer tijd nodig.")
    report(measure, Status.PLANNED, on=date(2024, 1, 1))
    moment = make_moment(on=DAY, introduction="Een woord vooraf.")
    content = moments.content_of(moment)

    made = freeze(moment)

    assert snapshot.read(made) == content
    assert made.sha256 == snapshot.sha256_of(made.document)
    assert snapshot.to_document(snapshot.from_document(made.document)) == made.document


def test_an_annex_may_tell_what_changed_since_the_previous_letter():
    measure = make_measure("Het loket")
    first = public(make_moment(on=date(2024, 1, 1)))
    report(measure, Status.IMPLEMENTED, on=date(2024, 6, 1))

    made = freeze(make_moment(on=DAY, previous=first))

    changes = snapshot.read(made).changes
    assert changes.title == "Wijzigingen sinds de vorige brief"
    assert "is 1 maatregel geïmplementeerd" in changes.sentences[0]
    assert [row.number for row in changes.rows] == [measure.code]
    text = annex.render(snapshot.read(made), "csv").decode("utf-8-sig")
    assert "Wijzigingen sinds de vorige brief" in text


def test_the_files_are_made_once_and_are_those_of_the_snapshot():
    make_measure()
    moment = frozen(make_moment(on=DAY))

    files = {file.format: bytes(file.content) for file in moment.snapshot.files.all()}

    content = snapshot.read(moment.snapshot)
    assert files == {format: annex.render(content, format) for format in annex.FORMATS}
    moments.render_files(moment.snapshot)
    assert SnapshotFile.objects.count() == len(annex.FORMATS)


def test_what_is_held_is_in_the_snapshot_and_public_only_with_the_moment():
    measure, new = make_measure(), make_measure(publication=CONCEPT)
    moment = make_moment(on=DAY)
    held(moment, measure, Status.IMPLEMENTED, on=DAY, explanation="Het is klaar.")
    held(moment, new, Status.PLANNED, on=DAY)
    change = shift(measure, date(2025, 6, 1), on=DAY, publication=CONCEPT, is_original=True)
    change.hold(moment)

    frozen(moment)

    texts = [row.text for s in snapshot.read(moment.snapshot).sections for row in s.rows]
    assert "Het is klaar." in texts
    assert not ProgressUpdate.objects.public().exists()
    assert not DeadlineChange.objects.public().exists()
    assert list(Measure.objects.public()) == [measure]
    assert annex.build(DAY).sections[0].rows[0].status == Status.UNKNOWN

    moment = moments.release(moment)

    told, now = snapshot.read(moment.snapshot), annex.build(DAY, moment)
    assert told == now
    assert {m.status for m in Measure.objects.public()} == {Status.IMPLEMENTED, Status.PLANNED}
    # One transaction, one moment of publication.
    assert {update.published_at for update in ProgressUpdate.objects.public()} == {
        moment.published_at
    }


def test_a_concept_letter_becomes_public_with_its_moment_and_stays_so():
    letter = make_letter(publication=CONCEPT)
    public(make_moment(on=DAY, letter=letter))
    letter.refresh_from_db()
    assert letter.is_public

    letter.publication = Publication.WITHDRAWN
    with pytest.raises(ValidationError, match="De brief blijft daarom openbaar"):
        letter.full_clean()
    assert refused(letter.save)


def test_what_was_held_says_which_letter_reported_it():
    moment = make_moment(on=DAY)
    update = held(moment, make_measure(), Status.PLANNED, on=DAY)
    moments.render_files(freeze(moment))
    moments.release(moment)
    update.refresh_from_db()
    assert update.letter == moment.letter


def test_a_blocking_row_asks_for_a_reason():
    make_measure("Zonder trekker")
    moment = make_moment(on=DAY)

    with pytest.raises(ValidationError, match="Er is geen trekker bekend"):
        moments.freeze(moment, by=None)

    moment.refresh_from_db()
    assert moment.is_in_preparation
    freeze(moment)
    assert moment.acceptances.get().reason == WHY


@pytest.mark.parametrize("step", ["freeze", "release"])
def test_a_step_is_not_taken_twice(step):
    moment = make_moment(on=DAY)
    frozen(moment)
    if step == "release":
        moments.release(moment)
        again = lambda: moments.release(moment)  # noqa: E731
    else:
        again = lambda: moments.freeze(moment, by=None)  # noqa: E731

    with pytest.raises(ValidationError, match="is al"):
        again()

    assert Snapshot.objects.count() == 1


def test_what_is_not_frozen_does_not_become_public():
    moment = make_moment(on=DAY)
    with pytest.raises(ValidationError, match="nog niet vastgesteld"):
        moments.release(moment)
    assert not ReportingMoment.objects.public().exists()


def test_without_its_files_nothing_becomes_public():
    measure, moment = make_measure(), make_moment(on=DAY)
    held(moment, measure, Status.PLANNED, on=DAY)
    freeze(moment)

    with pytest.raises(ValidationError, match="ontbreken bestanden"):
        moments.release(moment)

    assert not ReportingMoment.objects.public().exists()
    assert not ProgressUpdate.objects.public().exists()


def test_a_held_update_that_no_longer_fits_is_named_and_nothing_becomes_public():
    measure, other = make_measure(), make_measure()
    moment = make_moment(on=DAY)
    held(moment, measure, Status.PLANNED, on=DAY)
    held(moment, other, Status.PLANNED, on=DAY)
    frozen(moment)
    report(measure, Status.DROPPED, on=date(2024, 1, 1))

    with pytest.raises(ValidationError, match=f"{measure.code}: {measure.code} is geëindigd"):
        moments.release(moment)

    moment.refresh_from_db()
    assert moment.state == ReportingMoment.State.FROZEN
    assert ProgressUpdate.objects.public().count() == 1


def test_what_is_held_cannot_be_published_alone():
    moment = make_moment(on=DAY)
    update = held(moment, make_measure(), Status.PLANNED, on=DAY)
    with pytest.raises(ValidationError, match="staat klaar voor"):
        update.publish()
    assert not ProgressUpdate.objects.public().exists()


def test_holding_asks_what_publishing_asks():
    update = report(make_measure(), Status.PLANNED, on=DAY, publication=CONCEPT, explanation="")
    with pytest.raises(ValidationError, match="Vul een peildatum en een tekst in"):
        update.hold(make_moment(on=DAY))
    update.refresh_from_db()
    assert (update.held_for, update.publication, update.published_at) == (None, CONCEPT, None)


def test_nothing_can_be_held_for_a_frozen_moment():
    moment = frozen(make_moment(on=DAY))
    update = report(make_measure(), Status.PLANNED, on=DAY, publication=CONCEPT)
    with pytest.raises(ValidationError, match="is al vastgesteld"):
        update.hold(moment)


def test_withdrawing_a_frozen_moment_gives_back_what_was_held():
    moment = make_moment(on=DAY)
    update = held(moment, make_measure(), Status.PLANNED, on=DAY)
    frozen(moment)

    moments.withdraw(moment, "De brief gaat niet door.")

    update.refresh_from_db()
    assert (update.publication, update.held_for) == (CONCEPT, None)
    update.publish()
    assert Snapshot.objects.count() == 1
    # The same letter can have a new moment.
    make_moment(on=DAY, letter=moment.letter)


def test_a_moment_becomes_public_by_itself_at_its_time(capsys):
    moment = make_moment(on=DAY)
    held(moment, make_measure(), Status.PLANNED, on=DAY)
    frozen(moment)
    at = timezone.now() + timedelta(hours=2)
    moments.schedule(moment, at)

    call_command("release_due")
    assert not ReportingMoment.objects.public().exists()

    with time_machine.travel(at + timedelta(seconds=1)):
        call_command("release_due")
        assert "Openbaar gemaakt" in capsys.readouterr().out
        assert ReportingMoment.objects.public().get() == moment
        assert ProgressUpdate.objects.public().count() == 1


def test_a_time_that_has_passed_is_refused():
    moment = frozen(make_moment(on=DAY))
    with pytest.raises(ValidationError, match="al voorbij"):
        moments.schedule(moment, datetime(2024, 1, 1, tzinfo=UTC))
    with pytest.raises(ValidationError, match="eerst vast"):
        moments.schedule(make_moment(on=DAY), timezone.now() + timedelta(days=1))


def test_a_moment_that_cannot_be_released_stays_frozen_and_says_why(capsys):
    moment = make_moment(on=DAY)
    freeze(moment)
    soon = timezone.now() + timedelta(hours=1)
    with pytest.raises(ValidationError, match="ontbreken bestanden"):
        moments.schedule(moment, soon)
    ReportingMoment.objects.update(release_at=soon)
    whole = frozen(make_moment(on=DAY))
    moments.schedule(whole, soon)
    with time_machine.travel(timezone.now() + timedelta(hours=3)), pytest.raises(CommandError):
        call_command("release_due")
    assert "ontbreken bestanden" in capsys.readouterr().err
    # The other one did not wait for it.
    assert ReportingMoment.objects.public().get() == whole


def test_what_was_withdrawn_since_the_freezing_is_not_published_after_all():
    measure, moment = make_measure(), make_moment(on=DAY)
    update = report(measure, Status.PLANNED, on=DAY, explanation="Met een naam erin.")
    frozen(moment)
    update.withdraw("Er stond een naam in.")

    with pytest.raises(ValidationError, match=f"{measure.code}: wat de brief hierover zegt"):
        moments.release(moment)

    assert not ReportingMoment.objects.public().exists()


def test_a_withdrawn_letter_does_not_come_back_with_its_moment():
    moment = frozen(make_moment(on=DAY))
    moment.letter.publication = Publication.WITHDRAWN
    moment.letter.save()
    with pytest.raises(ValidationError, match="is ingetrokken"):
        moments.release(moment)
    assert not ReportingMoment.objects.public().exists()


def test_a_letter_does_not_break_the_embargo_of_the_one_before():
    first = make_moment(on=date(2024, 1, 1))
    held(first, make_measure(), Status.PLANNED, on=date(2024, 1, 1))
    frozen(first)
    second = make_moment(on=DAY, previous=first)
    for step in (second.full_clean, lambda: moments.freeze(second, by=None)):
        with pytest.raises(ValidationError, match="nog niet openbaar"):
            step()


def test_a_letter_in_preparation_counts_in_what_will_be_told_of_a_motion():
    letter = make_letter("De nieuwe brief", publication=CONCEPT)
    make_motion("Motie", fulfilled_by=letter, ministry_position="afgedaan")
    moment = make_moment(on=DAY, letter=letter)

    frozen(moment)

    assert "Brief: De nieuwe brief" in moment.snapshot.document
    assert snapshot.read(moment.snapshot) == annex.build(DAY, moments.release(moment))


def test_a_damaged_letter_before_is_said_while_the_next_is_prepared():
    make_measure()
    first = public(make_moment("De vorige", on=date(2024, 1, 1)))
    tamper("UPDATE measures_snapshot SET sha256 = %s", "0" * 64)
    second = make_moment(on=DAY)

    assert any("is beschadigd" in row.text for row in moments.checks(second))
    second.previous = ReportingMoment.objects.get(pk=first.pk)
    with pytest.raises(ValidationError, match="De vorige brief is niet te lezen"):
        moments.content_of(second)


def test_the_watch_goes_on_when_the_database_is_away_for_a_while(capsys, monkeypatch):
    answers = iter([OperationalError("weg"), ([], []), KeyboardInterrupt()])

    def look():
        answer = next(answers)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    monkeypatch.setattr(moments, "release_due", look)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    # The connection of the test is not for the command to close.
    monkeypatch.setattr(
        "measures.management.commands.release_due.close_old_connections", lambda: None
    )

    call_command("release_due", elke=30)

    assert "De database antwoordt niet: weg" in capsys.readouterr().err


def tamper(sql, *values):
    """Write past every trigger, as only somebody with the database in his hands can."""
    from measures import triggers

    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    triggers.install(connection)


def test_verification_finds_what_was_tampered_with(capsys):
    make_measure()
    moment = public(make_moment("De slotbrief", on=DAY))
    call_command("verify_snapshots")
    assert "1 momentopname nagerekend" in capsys.readouterr().out

    tamper("UPDATE measures_snapshot SET document = REPLACE(document, 'Maatregel', 'maatregel')")

    with pytest.raises(CommandError):
        call_command("verify_snapshots")
    assert "‘De slotbrief’ is beschadigd" in capsys.readouterr().err
    with pytest.raises(snapshot.CorruptSnapshot):
        snapshot.read(moment.snapshot.__class__.objects.get())


def test_verification_finds_a_damaged_file(capsys):
    public(make_moment(on=DAY))
    tamper("UPDATE measures_snapshotfile SET content = %s WHERE format = 'pdf'", b"anders")
    with pytest.raises(CommandError):
        call_command("verify_snapshots")
    assert "bestand pdf" in capsys.readouterr().err


def test_a_corrupt_snapshot_is_not_released():
    moment = frozen(make_moment(on=DAY))
    tamper("UPDATE measures_snapshot SET sha256 = %s", "0" * 64)
    with pytest.raises(ValidationError, match="Er is niets openbaar gemaakt"):
        moments.release(moment)


def refused(change):
    """Whether the database itself refuses a change."""
    from django.db import IntegrityError

    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


def test_the_database_keeps_what_is_frozen():
    moment = make_moment(on=DAY, letter=make_letter(publication=CONCEPT))
    update = held(moment, make_measure(), Status.PLANNED, on=DAY, certainty="vermeld")
    frozen(moment)
    rows = ReportingMoment.objects.filter(pk=moment.pk)
    updates = ProgressUpdate.objects.filter(pk=update.pk)
    other = make_moment(on=DAY)

    attempts = [
        lambda: Snapshot.objects.update(document="{}"),
        lambda: Snapshot.objects.all()._raw_delete("default"),
        lambda: SnapshotFile.objects.update(content=b""),
        lambda: SnapshotFile.objects.all().delete(),
        lambda: rows.update(title="Anders"),
        lambda: rows.update(reference_date=date(2023, 1, 1)),
        lambda: rows.update(slug="anders"),
        lambda: rows.update(state="voorbereiding", frozen_at=None),
        lambda: rows._raw_delete("default"),
        lambda: updates.update(explanation="Anders."),
        lambda: updates.update(held_for=None),
        lambda: updates.update(held_for=other),
        lambda: updates.update(publication=Publication.PUBLIC, published_at=timezone.now()),
        lambda: updates.delete(),
        lambda: updates.update(certainty="onbekend"),
        lambda: updates.update(remark="Anders."),
        lambda: update.sources.add(make_source()),
        lambda: rows.update(state="openbaar", published_at=timezone.now()),
        lambda: ReportingMoment.objects.filter(pk=other.pk).update(
            state="vastgesteld", frozen_at=timezone.now()
        ),
        lambda: ReportingMoment.objects.bulk_create(
            [
                ReportingMoment(
                    title="x",
                    slug="x",
                    reference_date=DAY,
                    letter=make_letter(),
                    state="openbaar",
                    frozen_at=timezone.now(),
                    published_at=timezone.now(),
                )
            ]
        ),
    ]

    assert [number for number, change in enumerate(attempts) if not refused(change)] == []


def test_a_moment_that_another_server_releases_first_is_no_fault(monkeypatch):
    moment = frozen(make_moment("Brief", on=DAY))
    moments.schedule(moment, timezone.now() + timedelta(hours=1))
    release = moments.release

    def after_another(found):
        release(found)
        return release(found)

    monkeypatch.setattr(moments, "release", after_another)

    assert moments.release_due(timezone.now() + timedelta(hours=2)) == ([], [])
