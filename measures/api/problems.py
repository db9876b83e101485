"""What callers get when something is wrong: problem+json (RFC 9457), always."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.views import exception_handler

from ..reference_date import BadQuery

MEDIA_TYPE = "application/problem+json"
WHERE = "De beschrijving van deze API staat op /api/v1/openapi.json."

TITLES = {
    400: "De vraag klopt niet",
    404: "Niet gevonden",
    405: "Alleen lezen",
    406: "Dit formaat hebben wij niet",
    429: "Te veel vragen achter elkaar",
    500: "Er ging iets mis bij ons",
    503: "Tijdelijk niet bereikbaar",
}
DETAILS = {
    400: f"Wij konden deze vraag niet lezen. {WHERE}",
    404: f"Op dit adres is niets. Een adres eindigt niet op een schuine streep. {WHERE}",
    405: "Deze API is om te lezen. Gebruik GET, HEAD of OPTIONS.",
    406: "Wij antwoorden in JSON. Vraag om ‘application/json’, of laat ‘Accept’ weg.",
    429: "Wacht zo lang als in de kop ‘Retry-After’ staat. Alle gegevens tegelijk: /open-data/.",
    500: "De fout is bij ons vastgelegd. Probeer het over een paar minuten opnieuw.",
    503: "Onze database antwoordt niet. Probeer het over een halve minuut opnieuw.",
}


class InvalidQuery(exceptions.APIException):
    """A question with faults; `errors` is a list of {"in", "name", "detail"}, all of them."""

    status_code = 400

    def __init__(self, errors: list[dict[str, str]]):
        super().__init__(" ".join(error["detail"] for error in errors))
        self.errors = errors


def problem(status: int, detail: str = "", errors: list | None = None) -> dict[str, Any]:
    """The members of a problem; `detail` is Dutch."""
    known = status in TITLES
    return {
        "type": "about:blank",
        "title": TITLES[status] if known else HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or DETAILS.get(status, WHERE),
        **({"errors": errors} if errors else {}),
    }


def answer(status: int, headers=None) -> JsonResponse:
    """A whole response, for what went wrong before or outside a view of the API."""
    return JsonResponse(
        problem(status),
        status=status,
        content_type=MEDIA_TYPE,
        headers=headers,
        json_dumps_params={"ensure_ascii": False},
    )


def handle(problem_found: Exception, context):
    """Django REST framework asks this for every exception in a view; None is a 500."""
    response = exception_handler(problem_found, context)
    if response is None:
        return None
    detail, errors = "", None
    if isinstance(problem_found, InvalidQuery):
        errors, detail = problem_found.errors, str(problem_found.detail)
    elif isinstance(problem_found, BadQuery) or (
        isinstance(problem_found, Http404) and problem_found.args
    ):
        detail = str(problem_found)
    response.data = problem(response.status_code, detail, errors)
    response.content_type = MEDIA_TYPE
    return response
