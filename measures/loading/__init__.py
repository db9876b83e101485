"""Loading a data file into the database: all of it, or nothing.

`reader.py` walks the file and knows the place of every field; `loader.py`
turns its sections into records. A record that exists is left as staff made it.
`reconstructions.py` then makes the reporting moments public, with their files.
"""

from pathlib import Path

from . import reconstructions
from .loader import Report, load
from .reader import DataFileError

# The data set that comes with the application.
SHIPPED = Path(__file__).resolve().parents[1] / "data" / "kwalibo.json"

__all__ = ["SHIPPED", "DataFileError", "Report", "load", "reconstructions"]
