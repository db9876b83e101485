"""Loading a data file into the database: all of it, or nothing.

`reader.py` walks the file and knows the place of every field; `loader.py`
turns its sections into records. A record that exists is left as staff made it.
"""

from .loader import Report, load
from .reader import DataFileError

__all__ = ["DataFileError", "Report", "load"]
