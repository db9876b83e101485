"""A line in the log for every run of a command that must run."""

import logging

from measures import tasks

from . import logs

logger = logging.getLogger("kwalibo.task")


def listen() -> None:
    tasks.ran.connect(tell, dispatch_uid="monitoring.task_runs")


def tell(sender, *, name: str, faults: int = 0, number: int | None = None, **kwargs) -> None:
    fields = {"task": name, "faults": faults, "number": number}
    if faults:
        logs.emit(logger, logging.ERROR, f"task {name} went wrong", fields)
    else:
        logs.emit(logger, logging.INFO, "task ran", fields)
