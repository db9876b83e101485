"""Writers of plain tables: `csv`, `xlsx` and `ods`, each `write(tables) -> bytes`.

They know nothing of measures: a `Table` is a title, columns and rows of texts and
whole numbers. The same tables give the same bytes on every run. No text can become a
formula.
"""

from .table import Table

__all__ = ["Table"]
