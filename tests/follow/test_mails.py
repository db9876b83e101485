"""Mails to followers: each change once, in its round, public when it is sent, and never lost."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kwalibo.follow import asking, messages, rounds
from kwalibo.follow.models import Follower, FollowMail, Frequency, Notice, Subscription
from measures import outbox, subjects
from measures.models import Status
from parties.publication import Publication
from tests.factories import (
    CONCEPT,
    make_letter,
    make_measure,
    make_motion,
    make_party,
    make_theme,
    report,
    shift,
)

pytestmark = pytest.mark.django_db

# 2 March 2026 is a Monday; Dutch time is one hour ahead of UTC until the 29th.
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


def on(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def follow(address, *records, frequency=Frequency.DAILY, now=MONDAY) -> Follower:
    """Somebody who confirmed these subjects; without one, the whole."""
    follower, _ = Follower.objects.get_or_create(address=address)
    for subject in map(subjects.of, records) if records else [subjects.everything()]:
        kind, item = subject.scope
        row = Subscription.objects.create(follower=follower, kind=kind, item=item, asked_at=now)
        asking.confirm(row, frequency, now)
    follower.refresh_from_db()
    return follower


def run(now: datetime) -> list[str]:
    """The bodies of the mails that a run sends."""
    before = len(mail.outbox)
    rounds.run(now)
    return [message.body for message in mail.outbox[before:]]


def named_in(body: str) -> list[str]:
    """The titles of the changes that a mail names."""
    told = body.partition("U krijgt deze mail")[0]
    return [line[2:] for line in told.splitlines() if line.startswith("- ")]


def publish(measure, status=Status.PLANNED, at=None, **values):
    return report(measure, status, on=date(2026, 1, 1), published_at=at, **values)


@pytest.fixture
def desk():
    return make_measure("Een loket", number=7, published_at=on(1))


def test_what_becomes_public_is_told_the_next_morning_and_once(desk):
    follow("wil@voorbeeld.example")
    publish(desk, at=on(2, 14))

    assert run(on(2, 15)) == []
    assert run(on(3, 5, 59)) == []
    (body,) = run(on(3, 6, 0))
    assert named_in(body) == ["M7 Een loket: gepland"]
    assert run(on(3, 6, 1)) == []
    assert run(on(4, 6, 1)) == []


def test_who_wants_it_weekly_gets_it_on_monday_with_all_of_the_week(desk):
    follow("wil@voorbeeld.example", frequency=Frequency.WEEKLY, now=on(4))
    publish(desk, at=on(5))
    publish(desk, Status.IMPLEMENTED, at=on(8, 22))

    assert [run(on(day)) for day in (5, 6, 7, 8)] == [[], [], [], []]
    assert run(on(9, 5, 59)) == []
    (body,) = run(on(9, 6))
    assert named_in(body) == ["M7 Een loket: geïmplementeerd", "M7 Een loket: gepland"]
    assert [run(on(day)) for day in (10, 15)] == [[], []]


def test_a_monday_on_which_nothing_ran_is_made_up_for_later(desk):
    follow("wil@voorbeeld.example", frequency=Frequency.WEEKLY, now=on(4))
    publish(desk, at=on(5))

    assert len(run(on(11))) == 1


def test_a_change_after_an_empty_round_waits_for_the_next(desk):
    follow("wil@voorbeeld.example", now=on(2))
    run(on(3, 7))
    publish(desk, at=on(3, 9))

    assert run(on(3, 10)) == []
    assert len(run(on(4, 7))) == 1


def test_however_many_subscriptions_match_a_change_is_named_once_in_one_mail():
    theme, party = make_theme(), make_party()
    desk = make_measure("Een loket", number=7, theme=theme, lead=party)
    motion = make_motion(measures=[desk])
    follow("wil@voorbeeld.example", desk, theme, party, motion)
    follow("wil@voorbeeld.example")
    publish(desk, at=on(2, 14))
    Notice.objects.all().delete()

    (body,) = [b for b in run(on(3, 7)) if "M7" in b]

    assert named_in(body).count("M7 Een loket: gepland") == 1


def test_who_follows_one_thing_is_told_of_nothing_else(desk):
    other = make_measure("Iets anders", number=8, published_at=on(1))
    follow("wil@voorbeeld.example", desk)
    publish(desk, at=on(2, 14))
    publish(other, at=on(2, 14))

    (body,) = run(on(3, 7))

    assert named_in(body) == ["M7 Een loket: gepland"]


def test_what_was_public_before_somebody_confirmed_is_not_told(desk):
    publish(desk, at=on(2, 10))
    follow("wil@voorbeeld.example", now=on(2, 12))

    assert run(on(3, 7)) == []


def test_what_is_followed_later_is_told_from_then_on(desk):
    other = make_measure("Iets anders", number=8, published_at=on(1))
    follow("wil@voorbeeld.example", desk, now=on(2, 12))
    publish(other, at=on(2, 13))
    follow("wil@voorbeeld.example", other, now=on(2, 14))
    publish(other, Status.IMPLEMENTED, at=on(2, 15))

    (body,) = run(on(3, 7))

    assert named_in(body) == ["M8 Iets anders: geïmplementeerd"]


def test_a_mail_tells_of_every_kind_of_change(desk):
    follow("wil@voorbeeld.example")
    publish(desk, at=on(2, 14), explanation="Er komt <een> loket.")
    shift(desk, date(2027, 1, 1), on=date(2026, 1, 1), published_at=on(2, 14), reason="Later.")
    make_letter("Stand 2026", published_at=on(2, 14))
    make_motion("Motie over het loket", published_at=on(2, 14))

    (body,) = run(on(3, 7))

    assert named_in(body) == [
        "Brief aan de Kamer: Stand 2026",
        "M7 Een loket: gepland",
        "M7 Een loket: streefdatum wordt 1 januari 2027",
        "Motie over het loket",
    ]
    (message,) = mail.outbox
    html = message.alternatives[0].content
    assert message.subject == "Kwalibo-voortgang: 4 veranderingen"
    assert "Er komt <een> loket." in body
    assert "Er komt &lt;een&gt; loket." in html
    assert "http://127.0.0.1:8000/maatregelen/7/standen/" in body
    # Nothing that tells who reads it, and no link that goes by way of somewhere.
    assert "<img" not in html
    assert all(link.startswith("http://127.0.0.1:8000/") for link in links_in(html))


def links_in(html: str) -> list[str]:
    return re.findall(r'(?:href|src)="([^"]*)"', html)


def test_a_mail_can_be_stopped_by_one_click_in_a_mail_program(desk, client):
    follow("wil@voorbeeld.example")
    publish(desk, at=on(2, 14))
    run(on(3, 7))

    headers = mail.outbox[0].extra_headers

    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"]
    assert address.startswith("<http://127.0.0.1:8000/volgen/afmelden/")
    path = address.strip("<>").removeprefix("http://127.0.0.1:8000")
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Follower.objects.count() == FollowMail.objects.count() == 0
    # As a mail server gets it.
    sent = mail.outbox[0].message()
    assert sent["List-Unsubscribe"].replace("\n", "").replace(" ", "") == address


def test_what_was_withdrawn_before_the_morning_is_not_told_at_all(desk):
    follow("wil@voorbeeld.example")
    update = publish(desk, at=on(2, 14), explanation="TOCHNIET")
    rounds.notice(on(2, 15))
    update.withdraw("Het klopte niet.")

    assert run(on(3, 7)) == []


def test_what_was_told_and_then_withdrawn_is_told_without_its_text(desk):
    follow("wil@voorbeeld.example")
    update = publish(desk, at=on(2, 14), explanation="TOCHNIET")
    run(on(3, 7))
    update.withdraw("GEHEIME REDEN")

    (body,) = run(on(4, 7))

    assert named_in(body) == ["M7 Een loket: een stand van zaken ingetrokken"]
    for text in ("TOCHNIET", "GEHEIME REDEN", "gepland"):
        assert text not in body


def test_what_is_withdrawn_while_a_mail_waits_is_not_in_it(desk):
    follow("wil@voorbeeld.example")
    update = publish(desk, at=on(2, 14), explanation="TOCHNIET")
    publish(desk, Status.IMPLEMENTED, at=on(2, 15))
    rounds.notice(on(3, 7))
    rounds.make(on(3, 7))
    update.withdraw("Het klopte niet.")

    rounds.send(on(3, 8))

    assert named_in(mail.outbox[0].body) == ["M7 Een loket: geïmplementeerd"]


def test_a_mail_with_nothing_left_to_tell_is_not_sent(desk):
    follow("wil@voorbeeld.example")
    update = publish(desk, at=on(2, 14))
    rounds.notice(on(3, 7))
    rounds.make(on(3, 7))
    update.withdraw("Het klopte niet.")

    assert rounds.send(on(3, 8)) == (0, 0)
    assert FollowMail.objects.count() == 0


def test_what_is_not_public_is_never_told(desk):
    follow("wil@voorbeeld.example")
    publish(desk, publication=CONCEPT)
    hidden = make_measure("GEHEIM", publication=CONCEPT)
    publish(hidden, at=on(2, 14))
    make_letter("GEHEIM", publication=CONCEPT)
    make_motion("GEHEIM", publication=CONCEPT)

    assert run(on(3, 7)) == []
    hidden.publication = Publication.PUBLIC
    hidden.published_at = on(3, 9)
    hidden.save()
    (body,) = run(on(4, 7))
    assert named_in(body) == [f"M{hidden.number} GEHEIM: gepland"]


def test_a_long_mail_names_some_and_counts_the_rest(desk, monkeypatch):
    monkeypatch.setattr(messages, "MOST_NAMED", 2)
    follow("wil@voorbeeld.example")
    for _ in range(5):
        publish(desk, at=on(2, 14))

    (body,) = run(on(3, 7))

    assert len(named_in(body)) == 2
    assert "En nog 3 meer." in body
    assert mail.outbox[0].subject == "Kwalibo-voortgang: 5 veranderingen"


def test_a_crash_between_making_and_sending_loses_nothing_and_doubles_nothing(desk, monkeypatch):
    follow("wil@voorbeeld.example")
    follow("fia@voorbeeld.example")
    publish(desk, at=on(2, 14))

    def crash(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", crash)
        with pytest.raises(SystemExit):
            rounds.run(on(3, 7))
    assert mail.outbox == []

    # The mail that it was busy with is free again after a while.
    assert len(run(on(3, 7, 1))) == 1
    assert len(run(on(3, 7, outbox.CLAIMED_FOR + 1))) == 1
    assert run(on(3, 9)) == []
    assert sorted(m.to[0] for m in mail.outbox) == [
        "fia@voorbeeld.example",
        "wil@voorbeeld.example",
    ]


def test_a_crash_before_the_mails_are_made_loses_nothing(desk):
    follow("wil@voorbeeld.example")
    publish(desk, at=on(2, 14))
    rounds.notice(on(3, 7))

    assert len(run(on(3, 8))) == 1


def test_what_fails_is_tried_again_with_longer_pauses_and_given_up_at_last(
    desk, monkeypatch, caplog
):
    follow("wil@voorbeeld.example")
    publish(desk, at=on(2, 14))

    def refuse(self, *args, **kwargs):
        raise OSError("wil@voorbeeld.example is full")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    now = on(3, 7)
    for minutes in (0, *outbox.PAUSES):
        now += timedelta(minutes=minutes)
        if minutes:
            assert rounds.send(now - timedelta(minutes=1)) == (0, 0)
        with time_machine.travel(now), pytest.raises(CommandError, match="nieuwe poging"):
            call_command("send_follow_mails")

    given_up = FollowMail.objects.get()
    assert (given_up.tries, given_up.next_try_at) == (len(outbox.PAUSES) + 1, None)
    assert given_up.error == "OSError"
    assert "wil@voorbeeld.example" not in caplog.text


def test_who_stops_while_a_mail_is_on_its_way_is_not_brought_back(desk, monkeypatch):
    follower = follow("wil@voorbeeld.example")
    publish(desk, at=on(2, 14))

    def stop_meanwhile(self, *args, **kwargs):
        asking.stop(follower)

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", stop_meanwhile)
    rounds.run(on(3, 7))

    assert Follower.objects.count() == FollowMail.objects.count() == 0


def test_one_run_does_a_bounded_amount_of_work_and_the_next_goes_on(desk, monkeypatch):
    monkeypatch.setattr(rounds, "MOST", 2)
    for n in range(5):
        follow(f"een{n}@voorbeeld.example")
    publish(desk, at=on(2, 14))

    assert [len(run(on(3, 7, minute))) for minute in range(4)] == [2, 2, 1, 0]


def test_somebody_who_wants_it_daily_instead_gets_no_second_mail_that_day(desk):
    follower = follow("wil@voorbeeld.example", frequency=Frequency.WEEKLY, now=on(4))
    publish(desk, at=on(5))
    assert len(run(on(9, 7))) == 1

    asking.set_frequency(follower, Frequency.DAILY)
    publish(desk, Status.IMPLEMENTED, at=on(9, 9))

    assert run(on(9, 10)) == []
    assert len(run(on(10, 7))) == 1


def test_what_was_published_in_a_long_transaction_is_told_all_the_same(desk):
    """It is stamped before it can be seen; somebody was told of later things by then."""
    follow("wil@voorbeeld.example", now=on(2, 6))
    publish(desk, at=on(3, 6, 30))
    run(on(3, 7))
    publish(desk, Status.IMPLEMENTED, at=on(3, 5))

    (body,) = run(on(4, 7))

    assert named_in(body) == ["M7 Een loket: geïmplementeerd"]


def test_the_command_says_numbers_and_no_addresses(desk, capsys):
    follow("wil@voorbeeld.example")
    publish(desk, at=on(2, 14))

    with time_machine.travel(on(3, 7)):
        call_command("send_follow_mails")

    said = capsys.readouterr().out
    assert "Gemaakt: 1. Verstuurd: 1." in said
    assert "@" not in said


def test_however_many_followers_and_changes_there_are_no_more_queries_per_mail(desk):
    numbers = []
    for day, followers, changes in [(2, 2, 3), (10, 4, 60)]:
        for n in range(followers):
            follow(f"een{day}{n}@voorbeeld.example", now=on(day))
        for _ in range(changes):
            publish(desk, at=on(day, 14))
        rounds.notice(on(day + 1, 7))
        with CaptureQueriesContext(connection) as queries:
            made = rounds.make(on(day + 1, 7))
            sent, _ = rounds.send(on(day + 1, 7))
        assert made == sent
        numbers.append(len(queries) / sent)

    assert numbers[1] <= numbers[0]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["publish", "publish", "shift", "withdraw", "follow", "run", "run"]),
        st.integers(0, 2),  # which measure, or which follower
        st.integers(0, 2),  # what is followed
        st.integers(1, 40),  # how many hours pass after it
    ),
    max_size=25,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_every_change_is_told_exactly_once_to_each_who_followed_it_before(steps, atomic_example):
    with atomic_example():
        mail.outbox.clear()
        theme = make_theme()
        measures = [
            make_measure(f"Naam{n}", theme=theme, published_at=on(1), deadline=date(2026, 6, 1))
            for n in range(3)
        ]
        now = MONDAY
        told: dict[str, dict[int, datetime]] = {}  # by address, what it follows since when
        published = []  # (title, measure, moment)
        withdrawn = []
        for step, n, item, hours in steps:
            measure = measures[n]
            if step == "publish":
                update = publish(measure, at=now, explanation=f"Tekst {len(published)}!")
                published.append((update, n, now))
            elif step == "shift":
                published.append(
                    (
                        shift(
                            measure,
                            date(2027, 1, 1),
                            on=date(2026, 1, 1),
                            published_at=now,
                            reason=f"Tekst {len(published)}!",
                        ),
                        n,
                        now,
                    )
                )
            elif step == "withdraw" and published and not withdrawn:
                published[-1][0].withdraw("Het klopte niet.")
                withdrawn.append(len(published) - 1)
            elif step == "follow":
                address = f"een{n}@voorbeeld.example"
                known = told.setdefault(address, {})
                if item not in known:
                    records = [] if item == 2 else [[measures[0]], [theme]][item]
                    rhythm = [Frequency.DAILY, Frequency.WEEKLY][n % 2]
                    follow(address, *records, frequency=rhythm, now=now)
                    known[item] = now
            elif step == "run":
                rounds.run(now)
            now += timedelta(hours=hours)
        for _ in range(2):
            # A weekly round later, twice: everybody has had their turn.
            now += timedelta(days=8)
            rounds.run(now)

        for address, known in told.items():
            bodies = "\n".join(m.body for m in mail.outbox if m.to == [address])
            for number, (_, n, moment) in enumerate(published):
                follows = any(
                    since < moment and (item != 0 or n == 0) for item, since in known.items()
                )
                times = bodies.count(f"Tekst {number}!")
                if number in withdrawn:
                    assert times <= follows
                else:
                    assert times == follows, (address, number)
            rounds_told = FollowMail.objects.filter(follower__address=address).values_list("day")
            assert len(set(rounds_told)) == len(rounds_told)
