"""Whether the commands that must run, do."""

from datetime import timedelta

from django.utils import timezone

from measures import tasks

# After how long without a run somebody should look.
LATE_AFTER = {
    "release_due": timedelta(minutes=15),
    "send_digests": timedelta(hours=1),
}
# A run is written down once in so long. On SQLite every write tells all processes that their
# cached pages may be old, and release_due runs twice a minute.
NOTED_EVERY = timedelta(minutes=5)


def listen() -> None:
    """Hear of every run."""
    tasks.ran.connect(note, dispatch_uid="operations.note")


def note(sender, *, name: str, faults: int = 0, number: int | None = None, **kwargs) -> None:
    """Write down that a command ran now, unless the same was written down just before."""
    from .models import TaskRun

    now = timezone.now()
    told = {"faults": faults, "number": number}
    if TaskRun.objects.filter(name=name, at__gt=now - NOTED_EVERY, **told).exists():
        return
    well = {} if faults else {"went_well_at": now}
    TaskRun.objects.update_or_create(name=name, defaults={"at": now, **told, **well})


def late() -> set[str]:
    """The commands that did not run lately, or never. One query."""
    from .models import TaskRun

    now = timezone.now()
    seen = dict(TaskRun.objects.values_list("name", "at"))
    return {
        name
        for name, patience in LATE_AFTER.items()
        if name not in seen or seen[name] < now - patience
    }
