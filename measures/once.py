"""What takes a look at every record, done once for each version of the public data.

How many measures there are of each sort takes longer the more there are, and is asked by almost
every page. It stays the same until something public changes, and `data_version` says when that
is; so a process keeps the last answers by that version. Nothing has to be emptied or kept in
step, and an answer can never be older than the data it is shown with. Inside a transaction that
changed something the version is that transaction's own, so a rehearsal leaves nothing behind.

Kept are small things alone: numbers and a few kilobytes of text, never records.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from django.db import connection

from . import data_version

# So many answers are kept; the one that was not asked for longest goes first.
MOST = 100

_kept: OrderedDict[Hashable, Any] = OrderedDict()
_lock = threading.Lock()


def once[Made](about: Hashable, make: Callable[[], Made]) -> Made:
    """What `make()` returned for this version of the data, or does now; never change it.

    `about` says all that the answer depends on besides the public data: the day, the settings.
    """
    # The version before the data: what is kept may be newer than its key, never older.
    key = (connection.alias, data_version.current().key, about)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = make()
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made
