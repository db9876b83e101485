"""A number for this process that no other has at the same time, and that is used again.

prometheus_client keeps the counts of each process in a file of its own. Named by pid, every
worker that is replaced leaves files for ever. Named by slot, its successor goes on counting in
them: counts stay, and the number of files is that of the workers. The lock of a slot is gone
with its process, however that ended, so nothing has to be cleaned up.
"""

import fcntl
import os
from itertools import count
from pathlib import Path

_mine: dict[int, tuple[int, object]] = {}


def slot(folder: Path) -> int:
    """The slot of this process in this folder, taken at the first call."""
    held = _mine.get(os.getpid())
    if held is None:
        _mine.clear()  # What was open before a fork is of the parent.
        held = _mine[os.getpid()] = _take(folder)
    return held[0]


def _take(folder: Path) -> tuple[int, object]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for number in count():
        # Open for as long as the process lives.
        file = (folder / f"slot-{number}.lock").open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            continue
        return number, file
    raise AssertionError
