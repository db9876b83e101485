"""Writers of plain tables: `csv`, `xlsx` and `ods`, each `write(tables) -> bytes`.

They know nothing of measures: a `Table` is a title, columns and rows of text. The same
tables give the same bytes on every run. No cell can become a formula.
"""

from .table import Table

__all__ = ["Table"]
