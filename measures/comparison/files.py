"""Comparisons as files, made once for as long as they say the same."""

import hashlib
import json

from .. import documents
from ..annex import files
from ..models import AnnexFile
from .changes import Comparison
from .layout import as_json, paper

# Raise this when the layout of the same comparison changes.
LAYOUT = 1


def file_of(comparison: Comparison, format: str, *, is_now: bool) -> AnnexFile:
    """The comparison in one of `documents.FORMATS`."""
    said = json.dumps(as_json(comparison, is_now=is_now), sort_keys=True)
    digest = hashlib.sha256(f"vergelijking {files.LAYOUT}.{LAYOUT} {said}".encode()).hexdigest()
    return files.kept(
        digest, format, lambda: documents.render(paper(comparison, is_now=is_now), format)
    )
