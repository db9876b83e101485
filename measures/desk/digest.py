"""One summary per person by mail: what waits, what comes near, and what is overdue.

A summary is made once per person and day, kept as a `DigestMail`, and then sent; what fails is
tried again later. A deadline is told when it crosses a number of days, so that nobody gets the
same line every day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone

from .. import outbox
from ..models import Assignment, DigestMail, Measure
from . import work

# Days before a deadline on which it is told.
BEFORE = (30, 14, 7)
# Days after it; from the last on, every so many days.
AFTER = (1, 3, 7, 14, 30)
THEN_EVERY = 30
MONDAY, SATURDAY = 0, 5


@dataclass(frozen=True)
class Line:
    """One line of a summary; `url` begins with a slash."""

    text: str
    detail: str
    url: str


@dataclass(frozen=True)
class Section:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Digest:
    """What one person is told on a day."""

    user: User
    day: date
    sections: tuple[Section, ...]


def is_due(assignment: Assignment, day: date) -> bool:
    """Whether this person gets a summary on this day, if there is anything to tell."""
    match assignment.digest:
        case Assignment.Digest.DAILY:
            return day.weekday() < SATURDAY
        case Assignment.Digest.WEEKLY:
            return day.weekday() == MONDAY
    return False


def crossed(deadline: date, since: date, day: date) -> bool:
    """Whether a deadline crossed one of its numbers of days after `since`, up to `day`."""
    return any(
        _is_told(deadline, since + timedelta(days=n)) for n in range(1, (day - since).days + 1)
    )


def _is_told(deadline: date, day: date) -> bool:
    late = (day - deadline).days
    if late <= 0:
        return -late in BEFORE or late == 0
    return late in AFTER or (late > AFTER[-1] and (late - AFTER[-1]) % THEN_EVERY == 0)


def digests(day: date) -> list[Digest]:
    """What there is to tell on a day, for everybody who wants to know; nobody without a line."""
    wanted = Assignment.objects.select_related("user", "party").filter(user__is_active=True)
    told_before = dict(
        DigestMail.objects.filter(day__lt=day).order_by("day").values_list("user", "day")
    )
    found = []
    for assignment in wanted.exclude(user__email="").order_by("pk"):
        if not is_due(assignment, day):
            continue
        is_daily = assignment.digest == Assignment.Digest.DAILY
        since = told_before.get(assignment.user_id, day - timedelta(days=1 if is_daily else 7))
        sections = _sections(assignment, since, day)
        if sections:
            found.append(Digest(assignment.user, day, sections))
    return found


def _sections(assignment: Assignment, since: date, day: date) -> tuple[Section, ...]:
    found = []
    if assignment.user.is_staff:
        # Read anew: rights and field of work are remembered on a person.
        user = get_user_model().objects.get(pk=assignment.user_id)
        for waiting in work.lists_of(user, day):
            if waiting.key in ("goedkeuren", "concepten", "akkoord"):
                lines = [
                    Line(item.name, f"{item.what}. {item.detail}", item.url)
                    for item in waiting.items
                ]
                if waiting.left:
                    lines.append(Line(f"Nog {waiting.left} meer", "", waiting.url))
                found.append(Section(waiting.title, tuple(lines)))
        measures = work.in_field(Measure.objects.as_of(), user).remaining()
        found += _deadlines(measures, since, day, "admin:measures_measure_update")
    if assignment.party_id:
        # Somebody from outside is told what everybody can read.
        own = Measure.objects.public_as_of().filter(lead=assignment.party).remaining()
        found += _deadlines(own, since, day, "")
    return tuple(section for section in found if section.lines)


def _deadlines(measures, since: date, day: date, screen: str) -> Iterable[Section]:
    near = day + timedelta(days=BEFORE[0])
    found = [
        measure
        for measure in measures.filter(deadline__lte=near).order_by("deadline", "number")
        if crossed(measure.deadline, since, day)
    ]

    def line(measure):
        when = formats.date_format(measure.deadline, "j F Y")
        days = (measure.deadline - day).days
        left = f"nog {days} dagen" if days > 1 else "nog 1 dag" if days else "vandaag"
        late = "1 dag te laat" if days == -1 else f"{-days} dagen te laat"
        url = reverse(screen, args=[measure.pk]) if screen else measure.get_absolute_url()
        return Line(str(measure), f"Streefdatum {when}: {late if days < 0 else left}", url)

    late = tuple(line(measure) for measure in found if measure.deadline < day)
    soon = tuple(line(measure) for measure in found if measure.deadline >= day)
    return [Section("Te laat", late), Section("De streefdatum komt dichtbij", soon)]


def make(day: date) -> int:
    """Keep the summaries of a day that are not made yet; the number of new ones."""
    made = 0
    for digest in digests(day):
        context = {
            "digest": digest,
            "site": settings.SITE_URL.rstrip("/"),
            "name": digest.user.get_short_name() or digest.user.get_username(),
        }
        number = sum(len(section.lines) for section in digest.sections)
        points = "1 punt" if number == 1 else f"{number} punten"
        _, is_new = DigestMail.objects.get_or_create(
            user=digest.user,
            day=day,
            defaults={
                "address": digest.user.email,
                "subject": f"Kwalibo-voortgang: {points} voor u",
                "text": render_to_string("mail/digest.txt", context),
                "html": render_to_string("mail/digest.html", context),
            },
        )
        made += is_new
    return made


def send(now: datetime | None = None) -> tuple[int, int]:
    """Send what waits; how many went, and how many failed and are logged."""
    now = now or timezone.now()
    return outbox.send(DigestMail.objects.to_send(now), _message, now)


def _message(mail: DigestMail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        mail.subject, mail.text, to=[mail.address], headers={"Auto-Submitted": "auto-generated"}
    )
    message.attach_alternative(mail.html, "text/html")
    return message
