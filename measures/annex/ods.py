"""The annex as ODS."""

from ..documents import ods
from .content import AnnexContent
from .layout import tables


def render(content: AnnexContent) -> bytes:
    return ods.write(tables(content), title=content.title, day=content.reference_date)
