"""One mail per person: what waits, what comes near, what is late; nothing twice, nothing lost."""

import logging
from datetime import date, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from measures import outbox
from measures.desk import digest
from measures.models import Assignment, DigestMail, InternalNote, Status
from tests.desk.people import colleague
from tests.factories import CONCEPT, make_measure, make_party, report

MONDAY = date(2024, 6, 3)


def person(name, role="redacteur", digest="dagelijks", **values):
    user = colleague(name, role, email=f"{name}@voorbeeld.example")
    Assignment.objects.filter(user=user).update(digest=digest, **values)
    return user


def told(day):
    return {
        one.user.username: {
            section.title: [line.text for line in section.lines] for section in one.sections
        }
        for one in digest.digests(day)
    }


@pytest.mark.django_db
def test_who_wants_it_daily_gets_it_on_working_days_and_weekly_on_monday():
    make_measure(deadline=MONDAY - timedelta(days=1))
    for name in ("dagelijks", "wekelijks", "nooit"):
        person(name, digest=name)
    late = make_measure(deadline=MONDAY + timedelta(days=12))
    report(late, Status.PLANNED, on=date(2024, 1, 1))

    assert set(told(MONDAY)) == {"dagelijks", "wekelijks"}
    assert set(told(MONDAY + timedelta(days=5))) == set()


@pytest.mark.django_db
def test_what_waits_for_approval_is_told_to_who_approves():
    writer, _ = person("wil"), person("fia", "fiatteur")
    update = report(
        make_measure("Een loket"), Status.PLANNED, on=MONDAY, publication=CONCEPT, author=writer
    )
    update.submit(writer)

    assert told(MONDAY) == {"fia": {"Wacht op uw akkoord": [str(update.measure)]}}


@pytest.mark.django_db
def test_without_anything_to_tell_there_is_no_mail():
    person("wil")
    make_measure()

    call_command("send_digests", dag=MONDAY)

    assert mail.outbox == []


@given(late=st.integers(-60, 400))
def test_a_deadline_is_told_ever_less_often(late):
    days = [n for n in range(-60, late + 1) if digest._is_told(MONDAY, MONDAY + timedelta(days=n))]
    after = [n for n in days if n > 0]
    gaps = [b - a for a, b in pairwise(after)]

    assert [n for n in days if n < 0] == [n for n in (-30, -14, -7) if n <= late]
    assert gaps == sorted(gaps)
    assert all(gap <= digest.THEN_EVERY for gap in gaps)


@given(step=st.integers(1, 10), start=st.integers(-40, 0))
def test_however_often_somebody_is_told_no_number_of_days_is_skipped(step, start):
    day, crossings = MONDAY + timedelta(days=start), 0
    while day < MONDAY + timedelta(days=40):
        crossings += digest.crossed(MONDAY, day, day + timedelta(days=step))
        day += timedelta(days=step)

    passed = [
        n
        for n in range(start + 1, (day - MONDAY).days + 1)
        if digest._is_told(MONDAY, MONDAY + timedelta(days=n))
    ]
    assert crossings <= len(passed)
    assert bool(crossings) == bool(passed)
    if step == 1:
        assert crossings == len(passed)


@pytest.mark.django_db
def test_a_contact_person_is_told_of_the_measures_of_their_party_and_nothing_internal():
    party = make_party()
    user = colleague("contact", email="contact@voorbeeld.example")
    user.is_staff = False
    user.save()
    Assignment.objects.filter(user=user).update(party=party, digest="dagelijks")
    own = make_measure("Van de partij", lead=party, deadline=MONDAY + timedelta(days=7))
    hidden = make_measure(
        "Nog geheim", lead=party, deadline=MONDAY + timedelta(days=7), publication=CONCEPT
    )
    make_measure("Van een ander", deadline=MONDAY + timedelta(days=7))
    InternalNote.objects.create(measure=own, text="GEHEIM")
    report(own, Status.PLANNED, on=MONDAY, publication=CONCEPT, explanation="GEHEIM")

    call_command("send_digests", dag=MONDAY)

    (message,) = mail.outbox
    both = message.body + message.alternatives[0].content
    assert "Van de partij" in both
    assert f"http://127.0.0.1:8000/maatregelen/{own.number}/" in both
    for text in ("GEHEIM", hidden.title, "Van een ander", "/beheer/"):
        assert text not in both


@pytest.mark.django_db
def test_the_command_twice_sends_nothing_twice(capsys):
    person("wil")
    make_measure("Een <b>vet</b> loket", deadline=MONDAY + timedelta(days=7))

    call_command("send_digests", dag=MONDAY)
    call_command("send_digests", dag=MONDAY)

    (message,) = mail.outbox
    assert message.to == ["wil@voorbeeld.example"]
    assert "Een <b>vet</b> loket" in message.body
    assert "Een &lt;b&gt;vet&lt;/b&gt; loket" in message.alternatives[0].content
    assert "nog 7 dagen" in message.body
    assert "Verstuurd: 0" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_look_beforehand_sends_and_keeps_nothing(capsys):
    person("wil")
    make_measure("Een loket", deadline=MONDAY)

    call_command("send_digests", dag=MONDAY, dry_run=True)

    assert "Een loket" in capsys.readouterr().out
    assert (mail.outbox, DigestMail.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_what_fails_is_logged_tried_again_and_given_up_at_last(monkeypatch, caplog):
    person("wil")
    make_measure(deadline=MONDAY)

    def refuse(self, *args, **kwargs):
        raise OSError("de mailserver is weg")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
        with caplog.at_level(logging.ERROR), pytest.raises(CommandError, match="nieuwe poging"):
            call_command("send_digests", dag=MONDAY)
        assert "could not be sent" in caplog.text
        found = DigestMail.objects.get()
        assert (found.tries, found.sent_at) == (1, None)
        assert "de mailserver is weg" in found.error
        # Not before its time.
        assert digest.send() == (0, 0)
        with time_machine.travel(timezone.now() + timedelta(minutes=6)):
            assert digest.send() == (0, 1)

    with time_machine.travel(timezone.now() + timedelta(minutes=60)):
        assert digest.send() == (1, 0)
    assert len(mail.outbox) == 1

    found.refresh_from_db()
    found.sent_at, found.tries, found.next_try_at = None, len(outbox.PAUSES), timezone.now()
    found.save()
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    assert digest.send() == (0, 1)
    found.refresh_from_db()
    assert found.next_try_at is None
