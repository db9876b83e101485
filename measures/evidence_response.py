"""Sending a file of evidence so that no browser shows it or runs anything in it."""

import logging

from django.http import FileResponse, Http404
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag

logger = logging.getLogger(__name__)


def answer(request, evidence, *, cache: str):
    """The file of this evidence, which the caller knows that this visitor may have.

    Always to save, never to show: a browser then needs no trust in what is inside.
    Raises Http404 when the file is not on disk.
    """
    etag = quote_etag(evidence.sha256)
    response = get_conditional_response(request, etag=etag) or _whole(evidence)
    response.headers["Content-Disposition"] = content_disposition_header(True, evidence.file_name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = cache
    response.headers["ETag"] = etag
    return response


def _whole(evidence) -> FileResponse:
    try:
        # The server reads it while it sends: never whole in memory.
        file = evidence.document.open("rb")
    except FileNotFoundError:
        logger.error("Het bestand van bewijsstuk %s ontbreekt.", evidence.pk)
        raise Http404 from None
    return FileResponse(file, content_type=evidence.media_type)
