"""What a reader can point at: 'maatregel-7', 'stand-12', 'motie-30015-87', 'bronnen'.

Only what is public is found. The kind stands before the first dash, the rest is what its own
address has.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from parties.models import Party

from .models import Letter, Measure, Motion, ProgressUpdate, ReportingMoment


@dataclass(frozen=True)
class Target:
    """Something on the website; `url` begins with a slash."""

    code: str
    title: str
    url: str
    measure: Measure | None = None
    update: ProgressUpdate | None = None


WEBSITE = Target("website", "de website als geheel", "/")


def find(code: str) -> Target | None:
    """What `code` points at; None when there is no such thing, or not for the public."""
    kind, _, key = code[:120].partition("-")
    if kind not in FINDERS:
        return None
    return FINDERS[kind](key)


def _website(key: str) -> Target | None:
    return None if key else WEBSITE


def _sources(key: str) -> Target | None:
    url = f"{reverse('accountability')}#bronnen"
    return None if key else Target("bronnen", "de lijst van bronnen", url)


def _number(text: str) -> int:
    """A number in an address, or one that nothing has."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _measure(key: str) -> Target | None:
    measure = Measure.objects.public().filter(number=_number(key)).first()
    if measure is None:
        return None
    return Target(f"maatregel-{measure.number}", str(measure), measure.get_absolute_url(), measure)


def _update(key: str) -> Target | None:
    found = ProgressUpdate.objects.public().select_related("measure").filter(pk=_number(key))
    update = found.first()
    if update is None:
        return None
    title = f"de stand van zaken van {update.measure} op {update.reporting_date_label}"
    return Target(f"stand-{update.pk}", title, update.get_absolute_url(), update.measure, update)


def _motion(key: str) -> Target | None:
    motion = Motion.objects.public().filter(slug=key).first()
    if motion is None:
        return None
    title = f"{motion.title} ({motion.paper})" if motion.paper else motion.title
    return Target(f"motie-{motion.slug}", title, motion.get_absolute_url())


def _party(key: str) -> Target | None:
    party = Party.objects.public().filter(slug=key).first()
    return party and Target(f"partij-{party.slug}", party.name, party.get_absolute_url())


def _letter(key: str) -> Target | None:
    letter = Letter.objects.public().filter(key=key).first()
    if letter is None:
        return None
    moment = ReportingMoment.objects.public().filter(letter=letter).first()
    url = moment.get_absolute_url() if moment else f"{reverse('letters')}#{letter.key}"
    return Target(f"brief-{letter.key}", f"de brief ‘{letter.title}’", url)


FINDERS: dict[str, Callable[[str], Target | None]] = {
    "website": _website,
    "bronnen": _sources,
    "maatregel": _measure,
    "stand": _update,
    "motie": _motion,
    "partij": _party,
    "brief": _letter,
}
