"""The mails, made when they are sent: only what is public at that moment is in them.

No picture, no address that counts who opens it: every link leads where it says.
"""

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from measures import subjects

from . import links, telling
from .models import CONFIRM_WITHIN_DAYS, Follower, FollowMail, Frequency

# So many changes a mail names; of the rest it tells the number.
MOST_NAMED = 50


@dataclass(frozen=True)
class Followed:
    """One thing that somebody follows, with the link that ends it. Without a name: not public."""

    name: str
    url: str
    stop_url: str
    pk: int


def message_of(mail: FollowMail) -> EmailMultiAlternatives | None:
    """The message of a row; None when there is nothing to say (any more)."""
    if mail.kind == FollowMail.Kind.NEWS:
        return _news(mail)
    return _about_asking(mail)


def followed(follower: Follower) -> list[Followed]:
    """What an address follows, as far as it confirmed that."""
    rows = list(follower.subscriptions.confirmed())
    named = subjects.named(row.scope for row in rows)
    return [
        Followed(
            named[row.scope].name if row.scope in named else "",
            links.absolute(named[row.scope].url) if row.scope in named else "",
            links.stop_link(follower, row),
            row.pk,
        )
        for row in rows
    ]


def _about_asking(mail: FollowMail) -> EmailMultiAlternatives | None:
    subscription = mail.subscription
    if subscription is None:
        return None
    subject = subjects.named([subscription.scope]).get(subscription.scope)
    if subject is None:
        return None
    if mail.kind == FollowMail.Kind.KNOWN:
        context = {"subject": subject, "manage_url": links.manage_link(mail.follower)}
        return _message(mail, "U volgt dit al", "follow_known", context)
    if subscription.confirmed_at is not None:
        return None
    context = {
        "subject": subject,
        "frequency": Frequency(mail.frequency).label.lower(),
        "confirm_url": links.confirm_link(subscription, mail.frequency),
        "days": CONFIRM_WITHIN_DAYS,
    }
    return _message(mail, "Bevestig dat u ons wilt volgen", "follow_confirm", context)


def _news(mail: FollowMail) -> EmailMultiAlternatives | None:
    changes = telling.news_for(mail.follower, mail.after, mail.up_to)
    if not changes:
        return None
    named = changes[:MOST_NAMED]
    number = len(changes)
    title = "1 verandering" if number == 1 else f"{number} veranderingen"
    stop_url = links.stop_link(mail.follower)
    context = {
        "title": title,
        "day": mail.day,
        "sections": [
            (heading, list(group)) for heading, group in groupby(named, lambda c: c.kind.label)
        ],
        "left": number - len(named),
        "followed": followed(mail.follower),
        "manage_url": links.manage_link(mail.follower),
        "stop_url": stop_url,
    }
    # One click in a mail program ends it (RFC 8058); the links in the text ask first, since
    # mail scanners follow links.
    headers = {
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"Kwalibo-voortgang <volgen.{_host()}>",
    }
    return _message(mail, title, "follow_news", context, headers)


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _message(mail, title, template, context, headers=None) -> EmailMultiAlternatives:
    context = context | {"site": settings.SITE_URL.rstrip("/")}
    message = EmailMultiAlternatives(
        f"Kwalibo-voortgang: {title[0].lower()}{title[1:]}",
        render_to_string(f"mail/{template}.txt", context),
        to=[mail.follower.address],
        headers={
            "Auto-Submitted": "auto-generated",
            # The same each time: a mail that went out twice can be told by it.
            "Message-ID": f"<volgen-{mail.pk}@{_host()}>",
        }
        | (headers or {}),
    )
    message.attach_alternative(render_to_string(f"mail/{template}.html", context), "text/html")
    return message
