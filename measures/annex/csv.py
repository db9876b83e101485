"""The annex as CSV."""

from ..documents import csv
from .content import AnnexContent
from .layout import tables


def render(content: AnnexContent) -> bytes:
    return csv.write(tables(content))
