"""The day that a page is about: `?peildatum=JJJJ-MM-DD`, else today."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import BadRequest
from django.utils import timezone

PARAMETER = "peildatum"


class BadQuery(BadRequest):
    """A question that cannot be answered; the message is Dutch and shown to the reader."""


@dataclass(frozen=True)
class ReferenceDate:
    """The day asked for, or None for the state as it is now."""

    asked: date | None = None

    @property
    def day(self) -> date:
        """The day itself; today when none was asked for."""
        return self.asked or timezone.localdate()

    @property
    def query(self) -> str:
        """What a link adds to stay on this day: '?peildatum=2024-12-31', or nothing."""
        return f"?{PARAMETER}={self.asked.isoformat()}" if self.asked else ""


def parse(text: str) -> ReferenceDate:
    """Read a day that somebody typed. Raises BadQuery with a sentence for the reader."""
    text = text.strip()
    if not text:
        return ReferenceDate()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadQuery(
            f"De peildatum ‘{text[:40]}’ bestaat niet. "
            "Schrijf een datum als jaar-maand-dag, bijvoorbeeld 2024-12-31."
        ) from None
    if day > timezone.localdate():
        raise BadQuery(
            f"De peildatum {day:%d-%m-%Y} ligt in de toekomst. Kies vandaag of een eerdere dag."
        )
    return ReferenceDate(day)


def of(request) -> ReferenceDate:
    """The reference date of a request, kept for the templates (`context`)."""
    request.reference_date = parse(request.GET.get(PARAMETER, ""))
    return request.reference_date


class ReferenceDateMiddleware:
    """Read the day for every page, also where the code may not know this module.

    A page that forgets the day would show today under an address that says
    otherwise. The admin has fields of its own with this name.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.resolver_match.app_name != "admin":
            of(request)


def context(request) -> dict:
    """Template context: `reference`, and `peildatum_query` for links that keep the day."""
    reference = getattr(request, "reference_date", None) or ReferenceDate()
    return {"reference": reference, "peildatum_query": reference.query}
