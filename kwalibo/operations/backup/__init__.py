"""Back-ups: database and documents in one file that proves itself.

`make()` writes one archive, `check()` reads it without touching anything, `restore()` puts it
in place. What the archive holds and how to open it without this application: `archive.py`.
Every problem is a BackupError with a Dutch sentence.
"""

from .errors import BackupError
from .making import Made, make
from .restoring import Restored, check, restore

__all__ = ["BackupError", "Made", "Restored", "check", "make", "restore"]
