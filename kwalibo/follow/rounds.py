"""The work behind the mails: see what is new, make mails for whose round it is, send them.

A change is *noticed* when we first see that it is public (`Notice`), in an order that only
grows. A follower was told of everything up to some notice; the next round tells what came
after. Going by the moment of publication could skip what a long transaction stamped before
anybody could see it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from measures import news, outbox

from . import telling
from .asking import newest_notice
from .messages import message_of
from .models import Follower, FollowMail, Frequency, Notice, Subscription, Watch

# How many followers one run makes mails for, and how many mails it sends.
MOST = 500
# For how many days it is kept that a mail was sent, or given up.
KEPT_DAYS = 30


@dataclass(frozen=True)
class Outcome:
    """What one run did; numbers only."""

    noticed: int
    made: int
    sent: int
    failed: int
    forgotten: int


def run(now: datetime) -> Outcome:
    """Do all there is to do now. Again right after it, there is nothing left."""
    forgotten, noticed, made = forget(now), notice(now), make(now)
    sent, failed = send(now)
    return Outcome(noticed, made, sent, failed, forgotten)


def forget(now: datetime) -> int:
    """Delete addresses that nobody confirmed in time, and old notes; how many addresses."""
    Subscription.objects.expired(now).delete()
    unused = Follower.objects.without_a_subscription()
    number = unused.count()
    unused.delete()
    over = FollowMail.objects.filter(Q(sent_at__isnull=False) | Q(next_try_at__isnull=True))
    over.filter(created_at__lt=now - timedelta(days=KEPT_DAYS)).delete()
    return number


def notice(now: datetime) -> int:
    """Note every change that is public and was not noted yet; how many."""
    with transaction.atomic():
        # One process at a time, so that a later notice has a greater key.
        watch, _ = Watch.objects.select_for_update().get_or_create(pk=1)
        found = [
            Notice(kind=source.kind, item=pk, at=at)
            for source in news.FEEDS
            for pk, at in _unnoticed(source).values_list("pk", "at")
        ]
        found.sort(key=lambda row: row.at)
        found += [
            Notice(kind=source.kind, item=pk, at=now)
            for source in news.WITHDRAWN
            for pk in _unnoticed(source)
            .filter(Exists(_notices(news.WAS[source.kind])))
            .values_list("pk", flat=True)
        ]
        Notice.objects.bulk_create(found, batch_size=1000)
        watch.looked_at = now
        watch.save()
    return len(found)


def _notices(kind: news.Kind):
    return Notice.objects.filter(kind=kind, item=OuterRef("pk"))


def _unnoticed(source: news.Source):
    rows = source.rows().filter(~Exists(_notices(source.kind)))
    return rows.prefetch_related(None).order_by("pk")


def make(now: datetime) -> int:
    """Make the mails of those whose round has begun; how many. Nobody gets an empty one."""
    newest = newest_notice()
    for frequency in Frequency:
        idle = Follower.objects.due(now).filter(frequency=frequency, told_up_to=newest)
        idle.update(told_for=frequency.round_of(now))
    # Nearly everybody was told of the same before.
    between = cache(telling.between)
    made = 0
    due = Follower.objects.due(now).order_by("pk")
    for key in list(due.values_list("pk", flat=True)[:MOST]):
        with transaction.atomic():
            follower = due.select_for_update().filter(pk=key).first()
            if follower is None:
                continue
            round_of_now = follower.rhythm.round_of(now)
            if between(follower.told_up_to, newest).to(follower):
                follower.mails.create(
                    kind=FollowMail.Kind.NEWS,
                    day=round_of_now,
                    after=follower.told_up_to,
                    up_to=newest,
                    created_at=now,
                    next_try_at=now,
                )
                made += 1
            follower.told_up_to, follower.told_for = newest, round_of_now
            follower.save(update_fields=["told_up_to", "told_for"])
    return made


def send(now: datetime) -> tuple[int, int]:
    """Send what waits; how many went, and how many failed and are tried again."""
    waiting = FollowMail.objects.to_send(now).select_related("follower").order_by("pk")[:MOST]
    return outbox.send(waiting, message_of, now, is_private=True)
