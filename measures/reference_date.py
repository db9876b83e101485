"""The day that a page is about, and what was known by when.

`?peildatum=JJJJ-MM-DD` asks how it stood on a day; `&bekend_op=JJJJ-MM-DD` leaves out what
was published only after that day. Without them a page tells how it is now.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from . import sentences
from .models import Measure

PARAMETER = "peildatum"
KNOWN = "bekend_op"
# Before this no day can be meant; nearer to year 1 there is nothing to subtract from.
EARLIEST = date(1900, 1, 1)


class BadQuery(BadRequest):
    """A question that cannot be answered; the message is Dutch and shown to the reader."""


@dataclass(frozen=True)
class ReferenceDate:
    """The day asked for and the day by which it was known; None for the state as it is now."""

    asked: date | None = None
    known_on: date | None = None

    @property
    def day(self) -> date:
        """The day itself; today when none was asked for."""
        return self.asked or timezone.localdate()

    @property
    def point(self) -> tuple[date | None, date | None]:
        """(day, known_on), as the query sets take them."""
        return self.asked, self.known_on

    @property
    def is_past(self) -> bool:
        """Whether this may tell something else than the state as it is now."""
        return self.asked is not None or self.known_on is not None

    @property
    def query(self) -> str:
        """What a link adds to stay on this day: '?peildatum=2024-12-31', or nothing."""
        asked = {PARAMETER: self.asked, KNOWN: self.known_on}
        given = {name: day.isoformat() for name, day in asked.items() if day}
        return f"?{urlencode(given)}" if given else ""


def parse(text: str, known: str = "") -> ReferenceDate:
    """Read days that somebody typed. Raises BadQuery with a sentence for the reader."""
    return ReferenceDate(_day(text, "peildatum"), _day(known, "datum bij ‘bekend op’"))


def _day(text: str, name: str) -> date | None:
    text = text.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadQuery(
            f"De {name} ‘{text[:40]}’ bestaat niet. "
            "Schrijf een datum als jaar-maand-dag, bijvoorbeeld 2024-12-31."
        ) from None
    if day < EARLIEST:
        raise BadQuery(f"De {name} ligt voor {EARLIEST.year}. Kies een latere dag.")
    if day > timezone.localdate():
        raise BadQuery(
            f"De {name} {day:%d-%m-%Y} ligt in de toekomst. Kies vandaag of een eerdere dag."
        )
    return day


def of(request) -> ReferenceDate:
    """The reference date of a request, kept for the templates (`context`)."""
    get = request.GET.get
    request.reference_date = parse(get(PARAMETER, ""), get(KNOWN, ""))
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
        # The API reads its own, and tells every fault at once.
        if request.resolver_match.app_name not in ("admin", "api"):
            of(request)


def context(request) -> dict:
    """Template context: `reference`, `peildatum_query` for links that keep the day, and
    `today_says`: what the whole looks like now. A page may put its own sentence there."""
    reference = getattr(request, "reference_date", None) or ReferenceDate()
    return {
        "reference": reference,
        "peildatum_query": reference.query,
        "today_says": SimpleLazyObject(today_says),
    }


def today_says() -> str:
    """How many measures are implemented now."""
    return sentences.today(Measure.objects.tally().by_status())
