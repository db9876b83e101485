"""Compress what everybody may read.

A compressed page with a secret in it can be made to tell that secret by its length (BREACH).
So only answers to who sent no cookie, and got none, are compressed: they hold nothing that is
of one person. Staff screens, with their tokens in forms, are left as they are.
"""

from django.middleware.gzip import GZipMiddleware

TEXT = ("text/", "application/json", "application/xml", "image/svg+xml")
TEXT_SUFFIXES = ("+json", "+xml")


class PublicGZipMiddleware(GZipMiddleware):
    """Django's compression, for text without a secret. Other files are compressed already."""

    def process_response(self, request, response):
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
        is_text = media_type.startswith(TEXT) or media_type.endswith(TEXT_SUFFIXES)
        if request.COOKIES or response.cookies or not is_text:
            return response
        return super().process_response(request, response)
