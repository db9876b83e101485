"""A process that dies at each statement of a request in turn: all of it is done, or nothing.

    DATABASE_URL=… python -m tests.broken_off

The requests are those that write most: publishing an update, and freezing a letter. A child
process sends one and kills itself by SIGKILL before its first statement that writes; the next
before its second, and so on, until it is done. Savepoints and commits count as statements.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import date

from tests.kills import faults_of_database, set_up
from tests.stress import faults_after, typed

WRITER, APPROVER = "wil", "fia"
MOST = 500


def is_cut_short(action: Callable[[], None], number: int) -> bool:
    """Do it in a child that dies before its statement of this number (from 1); whether it died."""
    from django.db import connection, connections

    connections.close_all()
    if child := os.fork():
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, status
        return os.WIFSIGNALED(status)
    code = 1
    try:
        seen = 0

        def count():
            nonlocal seen
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)

        def execute(run, sql, params, many, context):
            if not sql.startswith("SELECT"):
                count()
            return run(sql, params, many, context)

        commit = connection._commit
        connection._commit = lambda: (count(), commit())[1]
        with connection.execute_wrapper(execute):
            action()
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


def every_way(action, state: Callable[[], tuple], before: tuple, is_whole: Callable) -> int:
    """Cut it short at each statement until it is done; at how many it died.

    `state` tells what there is now, `is_whole` whether that is all of it. Raises AssertionError
    when something is there by half.
    """
    assert state() == before, state()
    for number in range(1, MOST):
        was_cut = is_cut_short(action, number)
        found = state()
        if found != before:
            assert is_whole(found), f"died before statement {number}: {found}"
            return number - (not was_cut)
        assert was_cut, f"it came to its end, and did nothing: {found}"
    raise AssertionError("it has no end")


def client_of(name: str):
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get(username=name))
    return client


def publishing() -> int:
    from auditlog.models import LogEntry
    from django.contrib.auth import get_user_model

    from measures.models import DataVersion, ProgressUpdate, SearchChange, Status
    from tests.factories import CONCEPT, make_measure, report

    measure = make_measure()
    update = report(measure, Status.PLANNED, on=date(2024, 1, 1), publication=CONCEPT)
    writer = get_user_model().objects.get(username=WRITER)
    update.write(writer)
    update.submit(writer)
    client = client_of(APPROVER)
    address = f"/beheer/measures/progressupdate/{update.pk}/beoordelen/"
    page = typed(client.get(address), comment="Gezien.", _approve_publish="1")

    def publish():
        assert client.post(address, page).status_code == 302

    def marks():
        return DataVersion.objects.get().number, SearchChange.objects.count(), logged().count()

    def logged():
        return LogEntry.objects.filter(object_pk=str(update.pk))

    version, notes, entries = marks()

    def state():
        now = ProgressUpdate.objects.get(pk=update.pk)
        number, noted, told = marks()
        kinds = tuple(now.steps.values_list("kind", flat=True))
        status = now.measure.status
        raised = (number > version, noted > notes, told > entries)
        return now.publication, status, kinds, now.approved_by_id is not None, *raised

    before = ("concept", "onbekend", ("geschreven", "aangeboden"), False, False, False, False)
    whole = (
        "openbaar",
        "gepland",
        ("geschreven", "aangeboden", "akkoord", "gepubliceerd"),
        *[True] * 4,
    )
    return every_way(publish, state, before, lambda found: found == whole)


def freezing() -> int:
    from measures import moments
    from measures.models import Acceptance, ReportingMoment, Snapshot, Status
    from tests.factories import CONCEPT, make_measure, make_moment, report

    moment = make_moment("Brief", on=date(2024, 12, 31))
    report(make_measure(), Status.PLANNED, on=date(2024, 6, 1), publication=CONCEPT).hold(moment)
    client = client_of("beheer")
    address = f"/beheer/measures/reportingmoment/{moment.pk}/voorbereiden/"
    page = typed(client.get(address), _freeze="1")
    page |= {name: "Besproken." for name in page if name.startswith("reden-voor-alle:")}

    def freeze():
        assert client.post(address, page).status_code == 302

    def state():
        made = Snapshot.objects.filter(moment=moment).count()
        reasons = Acceptance.objects.filter(moment=moment).exists()
        return ReportingMoment.objects.get(pk=moment.pk).state, made, reasons

    def is_whole(found):
        assert found == ("vastgesteld", 1, True), found
        # Files that a death kept from being made, the screen makes.
        moments.render_files(Snapshot.objects.get(moment=moment))
        return not moments.verify().faults

    return every_way(freeze, state, ("voorbereiding", 0, False), is_whole)


def main() -> int:
    set_up({"SECOND_FACTOR": "0", "SECRET_KEY": "alleen voor deze proef"})
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    from tests.desk.people import colleague

    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    call_command("migrate", verbosity=0)
    colleague(WRITER, "redacteur")
    colleague(APPROVER, "fiatteur")
    get_user_model().objects.create_superuser("beheer")
    for request in (publishing, freezing):
        sys.stdout.write(f"{request.__name__}: died at {request()} statements\n")
    faults = [*faults_after([]), *faults_of_database()]
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
