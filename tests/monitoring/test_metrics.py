"""What Prometheus is told, where, and to whom."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from kwalibo.follow.models import Follower, FollowMail
from kwalibo.monitoring import addresses, gauges, metrics
from kwalibo.monitoring.seen import Seen
from kwalibo.operations.models import TaskRun
from measures import data_version, moments
from measures.data_version import Version
from measures.models import ReportingMoment, Snapshot
from tests.desk.people import colleague
from tests.factories import make_moment


def told() -> dict[tuple, float]:
    """(name, *labels) → value of everything that the database knows."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in gauges.families()
        for sample in family.samples
    }


@pytest.mark.django_db
def test_the_version_of_the_data_is_told(monkeypatch):
    assert told()["kwalibo_data_version",] == data_version.current().number
    monkeypatch.setattr(data_version, "current", lambda connection: Version("41-x", 41, None))

    assert told()["kwalibo_data_version",] == 41


@pytest.mark.django_db
def test_a_letter_whose_time_has_come_is_counted_with_how_late_it_is():
    keeper, moment = colleague("keeper"), make_moment(on=timezone.localdate())
    assert (told()["kwalibo_releases_due",], told()["kwalibo_release_late_seconds",]) == (0, 0)
    moments.freeze(moment, by=keeper, reason_for=lambda row: "Zo is het.")
    ReportingMoment.objects.update(release_at=timezone.now() - timedelta(minutes=10))

    found = told()

    assert found["kwalibo_releases_due",] == 1
    assert 600 <= found["kwalibo_release_late_seconds",] < 660


@pytest.mark.django_db
def test_mails_are_counted_by_how_it_goes_with_them():
    somebody = Follower.objects.create(address="lezer@voorbeeld.example")
    now = timezone.now()
    for tries, next_try, sent in [(0, now, None), (2, now, None), (5, None, None), (1, None, now)]:
        FollowMail.objects.create(
            follower=somebody,
            kind=FollowMail.Kind.CONFIRM,
            tries=tries,
            next_try_at=next_try,
            sent_at=sent,
        )

    found = told()

    assert {state: found["kwalibo_mails", "follow", state] for state in STATES} == {
        "waiting": 1,
        "failing": 1,
        "given_up": 1,
    }


STATES = ("waiting", "failing", "given_up")


@pytest.mark.django_db
def test_snapshots_that_were_verified_are_told_with_when_and_how_many():
    keeper, moment = colleague("keeper"), make_moment(on=timezone.localdate())
    moments.render_files(moments.freeze(moment, by=keeper, reason_for=lambda row: "Zo is het."))
    call_command("verify_snapshots")

    found = told()
    assert found["kwalibo_task_items", "verify_snapshots"] == 1
    assert found["kwalibo_task_faults", "verify_snapshots"] == 0
    assert found["kwalibo_task_age_seconds", "verify_snapshots"] < 60


@pytest.mark.django_db
def test_a_run_with_faults_is_told_at_once_and_is_no_success(monkeypatch):
    well = timezone.now() - timedelta(days=2)
    TaskRun.objects.create(name="verify_snapshots", at=timezone.now(), went_well_at=well, number=0)
    monkeypatch.setattr(
        moments, "verify", lambda: moments.Verification(3, ("Een controlewaarde klopt niet.",))
    )

    with pytest.raises(CommandError):
        call_command("verify_snapshots")

    found = told()
    assert found["kwalibo_task_faults", "verify_snapshots"] == 1
    assert found["kwalibo_task_age_seconds", "verify_snapshots"] > 86_400
    assert not Snapshot.objects.exists()


@pytest.mark.django_db
def test_it_takes_the_same_few_queries_with_many_rows(django_assert_num_queries):
    for number in range(40):
        TaskRun.objects.create(name=f"taak-{number}", at=timezone.now())

    with django_assert_num_queries(5):
        list(gauges.families())


def test_without_a_database_the_rest_is_told_and_that_it_is_away(monkeypatch):
    def away():
        raise OperationalError("weg")

    monkeypatch.setattr(gauges, "families", away)

    found = list(gauges.DatabaseCollector().collect())

    assert [(family.name, family.samples[0].value) for family in found] == [
        ("kwalibo_database_up", 0)
    ]


def test_labels_have_few_values_whatever_is_asked(client, db):
    for number in range(20):
        client.get(f"/onzin-{number}/")
        client.get(f"/maatregelen/{number}/")
        seen = Seen("x" * 32)
        seen.view, seen.status = "none", 404
        metrics.count_request(seen, f"METHODE{number}", 0.1)

    found = {tuple(s.labels.items()) for f in metrics.REQUESTS.collect() for s in f.samples}
    assert not [labels for labels in found if "onzin" in str(labels) or "METHODE" in str(labels)]


def test_what_the_page_cache_answers_is_handed_on_within_a_second():
    metrics.hand_on()
    before = metrics.PAGE_CACHE.labels("hit")._value.get()
    for status in (200, 200, 304):
        seen = Seen("x" * 32)
        seen.status = status
        metrics.count_request(seen, "GET", 0.000_02)
    time.sleep(1.3)

    assert metrics.PAGE_CACHE.labels("hit")._value.get() == before + 2


def test_two_processes_never_count_in_the_same_slot_and_a_slot_is_used_again(tmp_path):
    ask = "import sys; sys.path.insert(0, '.');"
    ask += "from pathlib import Path; from kwalibo.monitoring.slots import slot;"
    ask += f"print(slot(Path({str(tmp_path)!r})), flush=True); sys.stdin.read()"

    def process():
        made = subprocess.Popen(
            [sys.executable, "-c", ask], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return made, int(made.stdout.readline())

    first, one = process()
    second, two = process()
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    third, three = process()
    for one_of_them in (second, third):
        one_of_them.communicate("")

    assert (one, two, three) == (0, 1, 0)


@pytest.mark.parametrize(
    ("bind", "found"),
    [
        ("127.0.0.1:9100", ("127.0.0.1", 9100, True)),
        ("localhost:9100", ("localhost", 9100, True)),
        ("[::1]:9100", ("::1", 9100, True)),
        ("0.0.0.0:9100", ("0.0.0.0", 9100, False)),
        (":9100", ("0.0.0.0", 9100, False)),
        ("10.0.0.5:9100", ("10.0.0.5", 9100, False)),
    ],
)
def test_an_address_is_read_and_known_to_be_local_or_not(bind, found):
    assert (*addresses.split(bind), addresses.is_loopback(bind)) == found


@pytest.mark.parametrize("bind", ["9100", "127.0.0.1", "127.0.0.1:0", "host.example:9100", "x:y"])
def test_what_is_no_address_is_refused(bind):
    with pytest.raises(ValueError, match=r"\w"):
        addresses.split(bind)
