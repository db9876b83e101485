"""The measures as a spreadsheet: out, changed in Excel or LibreOffice, and in again.

`write` makes the file; `read` takes it as hostile; `plan` says exactly what would change,
per row and field; `apply` does that and nothing else, all or nothing. No HTTP here.
"""

from .applying import Moved, apply
from .planning import Plan, Problem, RowPlan, plan
from .reading import FORMATS, Refused, Sheet, read
from .writing import write

__all__ = [
    "FORMATS",
    "Moved",
    "Plan",
    "Problem",
    "Refused",
    "RowPlan",
    "Sheet",
    "apply",
    "plan",
    "read",
    "write",
]
