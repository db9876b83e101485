"""Dutch pages for what goes wrong."""

import logging

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from measures.reference_date import BadQuery

logger = logging.getLogger(__name__)


def bad_request(request, exception):
    """Say what was wrong with the question, where that is ours to say."""
    message = str(exception) if isinstance(exception, BadQuery) else ""
    return render(request, "400.html", {"message": message}, status=400)


class DatabaseAwayMiddleware:
    """Answer 503 with a plain page when the database cannot be reached."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        logger.error("De database antwoordt niet: %s", exception)
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "30"})
