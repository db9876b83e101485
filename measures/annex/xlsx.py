"""The annex as XLSX."""

from ..documents import xlsx
from .content import AnnexContent
from .layout import tables


def render(content: AnnexContent) -> bytes:
    return xlsx.write(tables(content), title=content.title, day=content.reference_date)
