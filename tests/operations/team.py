"""A site with work to do: people with passwords, and measures. Fills an empty database.

`python -m tests.operations.team` works on the database that DATABASE_URL names.
"""

import os
import subprocess
import sys
from datetime import date, timedelta

from tests.operations.server import ROOT

PASSWORD = "een zin die alleen wij kennen"
# A Wednesday: nobody gets a summary in a weekend.
SUMMARY_DAY = date(2024, 5, 1)
WRITER, APPROVER, MANAGER = "wil", "fia", "beheer"


def fill() -> None:
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.utils import timezone

    from kwalibo.follow.models import Follower, Frequency
    from measures import moments, subjects
    from measures.models import Assignment, Status
    from tests.desk.people import colleague
    from tests.factories import CONCEPT, make_measure, make_moment, report

    call_command("migrate", verbosity=0)
    for name, role in ((WRITER, "redacteur"), (APPROVER, "fiatteur")):
        colleague(name, role, password=PASSWORD, email=f"{name}@voorbeeld.example")
    Assignment.objects.update(digest=Assignment.Digest.DAILY)
    get_user_model().objects.create_superuser(MANAGER, password=PASSWORD)
    for number in range(1, 6):
        report(make_measure(f"Maatregel {number}"), Status.PLANNED, on=date(2024, 1, number))
    # What a summary of SUMMARY_DAY and a mail to followers have to tell.
    late = make_measure("Te laat", deadline=SUMMARY_DAY - timedelta(days=1))
    report(late, Status.PLANNED, on=date(2024, 1, 1))
    now = timezone.now()
    follower = Follower.objects.create(
        address="lezer@voorbeeld.example",
        frequency=Frequency.DAILY,
        told_for=now.date() - timedelta(days=2),
    )
    follower.subscriptions.create(kind=subjects.Kind.ALL, item=0, confirmed_at=now)
    # A letter to prepare, and one that is about to become public by itself.
    make_moment("Volgende brief", on=SUMMARY_DAY + timedelta(days=1), slug="volgende")
    moment = make_moment("Brief van vandaag", on=SUMMARY_DAY, slug="vandaag")
    report(late, Status.IN_DEVELOPMENT, on=SUMMARY_DAY, publication=CONCEPT).hold(moment)
    made = moments.freeze(moment, by=None, reason_for=lambda row: "Besproken.")
    moments.render_files(made)
    moment.refresh_from_db()
    moments.schedule(moment, timezone.now() + timedelta(seconds=1))


def fill_from_outside(server) -> None:
    """Fill the database of a server, in a process of its own."""
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.operations.team"],
        cwd=ROOT,
        env=server.environment,
        check=True,
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kwalibo.settings")
    import django

    django.setup()
    fill()
