"""Annexes that were rendered before, so that nobody waits for one twice."""

import hashlib
import threading
from collections.abc import Callable
from datetime import date

from django.db.models.functions import Length

from ..models import AnnexFile
from . import AnnexContent, build, render

# Raise this when a renderer changes what it makes of the same content.
LAYOUT = 4
# How many files are kept; the oldest go first.
KEPT = 300

# One at a time in each process: making a file is work, and a crowd wants the same one.
_rendering = threading.Lock()


def get_or_render(
    day: date, format: str, known_on: date | None = None
) -> tuple[AnnexContent, AnnexFile]:
    """The annex as of `day` and its file, made when no file has this content yet."""
    content = build(day, known_on=known_on)
    return content, file_of(content, format)


def sizes(content: AnnexContent) -> dict[str, int]:
    """How large the files of this content are, in bytes; those not made yet are left out."""
    known = AnnexFile.objects.filter(digest=_digest(content))
    return dict(known.values_list("format", Length("content")))


def _digest(content: AnnexContent) -> str:
    return hashlib.sha256(f"{LAYOUT} {content.digest}".encode()).hexdigest()


def file_of(content: AnnexContent, format: str) -> AnnexFile:
    return kept(_digest(content), format, lambda: render(content, format))


def kept(digest: str, format: str, make: Callable[[], bytes]) -> AnnexFile:
    """The file of what has this digest, made only when it is not there yet."""
    known = AnnexFile.objects.filter(digest=digest, format=format)
    if found := known.first():
        return found
    with _rendering:
        if found := known.first():
            return found
        # Another process may be as far; the first to write wins, and both are alike.
        file, _ = AnnexFile.objects.get_or_create(
            digest=digest, format=format, defaults={"content": make()}
        )
        old = AnnexFile.objects.values_list("pk", flat=True)[KEPT:]
        AnnexFile.objects.filter(pk__in=list(old)).delete()
        return file
