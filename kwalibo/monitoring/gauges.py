"""What the database knows, asked at each scrape: what waits, what ran, and since when.

Over a connection of its own with a short patience. When the database does not answer, these
are absent and `kwalibo_database_up` is 0; what was counted is told all the same.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError, connections
from django.db.models import Count, Min, Q
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from measures import data_version
from measures.models import DigestMail, ReportingMoment

from ..follow.models import FollowMail
from ..operations.models import TaskRun
from ..operations.tasks import LATE_AFTER

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 2
STATEMENT_SECONDS = 2
# Rows that are mails, by what they are.
MAILS = {"digest": DigestMail, "follow": FollowMail}


class DatabaseCollector(Collector):
    def describe(self):
        # prometheus_client would ask for everything when this is registered.
        return []

    def collect(self):
        found, is_up = [], 1
        try:
            with patient_for_a_moment():
                found = list(families())
        except (DatabaseError, InterfaceError) as problem:
            logger.warning("The metrics of the database are absent: %s", type(problem).__name__)
            is_up = 0
        yield GaugeMetricFamily(
            "kwalibo_database_up", "Whether the database answered this scrape.", is_up
        )
        yield from found


@contextmanager
def patient_for_a_moment():
    """Let this thread use a new connection that waits for nothing long, and close it after."""
    usual = connections["default"]
    ours = usual.copy()
    options = dict(ours.settings_dict["OPTIONS"])
    if usual.vendor == "postgresql":
        options.pop("pool", None)
        options |= {
            "connect_timeout": CONNECT_SECONDS,
            "options": f"-c jit=off -c statement_timeout={STATEMENT_SECONDS}s",
        }
    else:
        options["timeout"] = STATEMENT_SECONDS
    ours.settings_dict = ours.settings_dict | {"OPTIONS": options, "CONN_MAX_AGE": 0}
    connections["default"] = ours
    try:
        yield
    finally:
        ours.close()
        connections["default"] = usual


def families() -> Iterator[GaugeMetricFamily]:
    """Each gauge, from a handful of queries."""
    now = timezone.now()
    yield GaugeMetricFamily(
        "kwalibo_data_version",
        "The number of the version of the public data.",
        data_version.current(connections["default"]).number,
    )
    yield from _releases(now)
    yield from _mails(now)
    yield from _tasks(now)


def _releases(now):
    found = ReportingMoment.objects.due(now).aggregate(number=Count("pk"), oldest=Min("release_at"))
    yield GaugeMetricFamily(
        "kwalibo_releases_due",
        "Letters whose time to become public has come, and that are not public.",
        found["number"],
    )
    late = (now - found["oldest"]).total_seconds() if found["oldest"] else 0
    yield GaugeMetricFamily(
        "kwalibo_release_late_seconds", "How long the oldest of those has waited.", late
    )


def _mails(now):
    family = GaugeMetricFamily(
        "kwalibo_mails",
        "Mails that are not sent: waiting for a first try, failed and to be tried again, given up.",
        labels=["kind", "state"],
    )
    for kind, model in MAILS.items():
        unsent = Q(sent_at__isnull=True)
        again = unsent & Q(next_try_at__isnull=False)
        found = model.objects.aggregate(
            waiting=Count("pk", filter=again & Q(tries=0)),
            failing=Count("pk", filter=again & Q(tries__gt=0)),
            given_up=Count("pk", filter=unsent & Q(next_try_at__isnull=True)),
        )
        for state, number in found.items():
            family.add_metric([kind, state], number)
    yield family


def _tasks(now):
    ran = GaugeMetricFamily(
        "kwalibo_task_run_timestamp_seconds", "When a task last ran.", labels=["task"]
    )
    age = GaugeMetricFamily(
        "kwalibo_task_age_seconds", "How long ago a task last went well.", labels=["task"]
    )
    well = GaugeMetricFamily(
        "kwalibo_task_success_timestamp_seconds", "When a task last went well.", labels=["task"]
    )
    faults = GaugeMetricFamily(
        "kwalibo_task_faults", "How many things went wrong in the last run.", labels=["task"]
    )
    number = GaugeMetricFamily(
        "kwalibo_task_items",
        "How many things the last run looked at or did (verify_snapshots: snapshots verified).",
        labels=["task"],
    )
    patience = GaugeMetricFamily(
        "kwalibo_task_patience_seconds",
        "After how long without going well somebody should look.",
        labels=["task"],
    )
    for run in TaskRun.objects.all():
        ran.add_metric([run.name], run.at.timestamp())
        faults.add_metric([run.name], run.faults)
        if run.number is not None:
            number.add_metric([run.name], run.number)
        if run.went_well_at:
            well.add_metric([run.name], run.went_well_at.timestamp())
            age.add_metric([run.name], (now - run.went_well_at).total_seconds())
    for name, wait in LATE_AFTER.items():
        patience.add_metric([name], wait.total_seconds())
    yield from (ran, well, age, faults, number, patience)
