"""What people do: ask for mail, confirm it, change it, and stop."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from measures import outbox
from measures.subjects import Subject

from .messages import message_of
from .models import Follower, FollowMail, Frequency, Notice, Subscription, normalised

# How many mails about asking one address gets within a day, whoever asks.
MOST_A_DAY = 10


def ask(address: str, subject: Subject, frequency: str, now: datetime | None = None) -> None:
    """Send the mail that belongs to this: a link to confirm, or that it is followed already.

    Whoever asks is told the same; only who reads the mail of the address sees which it was.
    A mail that could not be sent is tried again by the command.
    """
    now = now or timezone.now()
    with transaction.atomic():
        follower, _ = Follower.objects.get_or_create(
            address=normalised(address), defaults={"frequency": frequency, "created_at": now}
        )
        asked = follower.mails.of_today(now).exclude(kind=FollowMail.Kind.NEWS)
        if asked.count() >= MOST_A_DAY:
            return
        kind, item = subject.scope
        subscription, _ = follower.subscriptions.get_or_create(kind=kind, item=item)
        is_known = subscription.confirmed_at is not None
        if not is_known:
            subscription.asked_at = now
            subscription.save(update_fields=["asked_at"])
        mail = follower.mails.create(
            kind=FollowMail.Kind.KNOWN if is_known else FollowMail.Kind.CONFIRM,
            subscription=subscription,
            frequency=frequency,
            created_at=now,
            next_try_at=now,
        )
    waiting = FollowMail.objects.to_send(now).filter(pk=mail.pk)
    outbox.send(waiting, message_of, now, is_private=True)


def confirm(subscription: Subscription, frequency: Frequency, now: datetime | None = None) -> None:
    """Let mails begin. Whoever follows one thing more, gets all of it in the same rhythm."""
    now = now or timezone.now()
    with transaction.atomic():
        # Two confirmations of one address wait for each other.
        follower = Follower.objects.select_for_update().get(pk=subscription.follower_id)
        subscription.refresh_from_db()
        if subscription.confirmed_at is not None:
            return
        is_first = not follower.subscriptions.confirmed().exists()
        subscription.confirmed_at = now
        subscription.save(update_fields=["confirmed_at"])
        follower.frequency = frequency
        if is_first:
            follower.told_up_to = newest_notice()
            follower.told_for = frequency.round_of(now)
        follower.save()


def newest_notice() -> int:
    return Notice.objects.aggregate(last=Max("pk"))["last"] or 0


def set_frequency(follower: Follower, frequency: Frequency) -> None:
    Follower.objects.filter(pk=follower.pk).update(frequency=frequency)


def stop(follower: Follower, subscription: int | None = None) -> bool:
    """Delete what is followed, or one of it; with the last the address goes. True when it did."""
    with transaction.atomic():
        rows = follower.subscriptions.all()
        if subscription is not None:
            rows.filter(pk=subscription).delete()
        if subscription is None or not rows.confirmed().exists():
            Follower.objects.filter(pk=follower.pk).delete()
            return True
    return False
