"""Who follows what by mail: the only personal data of the public site.

An address, what it follows and how often it gets mail; nothing else. It is deleted, with all
that hangs on it, as soon as somebody stops, and no history keeps it (`measures/history.py`
knows nothing of this app).
"""

import secrets
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from measures import news, subjects
from measures.models.outgoing import Outgoing, OutgoingQuerySet, sent_is_not_tried_again

# After how many days an address that nobody confirmed is deleted; the link works as long.
CONFIRM_WITHIN_DAYS = 3
# Mails go in the morning, in Dutch time.
MORNING = time(7)


def new_token() -> str:
    return secrets.token_urlsafe(24)


def normalised(address: str) -> str:
    """One spelling of an address: nobody has two that differ in capitals alone."""
    return address.strip().lower()


class Frequency(models.TextChoices):
    DAILY = "dagelijks", "Hoogstens één mail per dag"
    WEEKLY = "wekelijks", "Hoogstens één mail per week, op maandag"

    def round_of(self, now: datetime) -> date:
        """The day of the round of mails that `now` falls in: today, or the last Monday."""
        local = timezone.localtime(now)
        day = local.date() if local.time() >= MORNING else local.date() - timedelta(days=1)
        return day - timedelta(days=day.weekday()) if self is Frequency.WEEKLY else day


class FollowerQuerySet(models.QuerySet):
    def confirmed(self):
        """Those who confirmed that they want mail about something."""
        confirmed = Subscription.objects.confirmed().filter(follower=OuterRef("pk"))
        return self.filter(Exists(confirmed))

    def due(self, now: datetime):
        """Those whose next round of mails has begun."""
        begun = Q()
        for frequency in Frequency:
            begun |= Q(frequency=frequency, told_for__lt=frequency.round_of(now))
        return self.confirmed().filter(begun)

    def without_a_subscription(self):
        return self.filter(subscriptions__isnull=True)


class Follower(models.Model):
    """An address that follows something. `told_up_to` is the last notice that it was told of."""

    address = models.EmailField("adres", unique=True)
    # Nobody can guess it: with a signature it opens the page of this address.
    token = models.CharField("sleutel", max_length=40, unique=True, default=new_token)
    frequency = models.CharField(
        "hoe vaak", max_length=10, choices=Frequency, default=Frequency.WEEKLY
    )
    created_at = models.DateTimeField("gemaakt op", default=timezone.now)
    told_up_to = models.PositiveBigIntegerField("verteld tot en met", default=0)
    told_for = models.DateField("laatste ronde", null=True)

    objects = FollowerQuerySet.as_manager()

    class Meta:
        verbose_name = "volger"
        verbose_name_plural = "volgers"
        ordering = ["pk"]

    def __str__(self):
        # Never the address: this ends up in logs and on screens.
        return f"Volger {self.pk}"

    @property
    def rhythm(self) -> Frequency:
        return Frequency(self.frequency)


class SubscriptionQuerySet(models.QuerySet):
    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)

    def expired(self, now: datetime):
        """Those that nobody confirmed in time."""
        before = now - timedelta(days=CONFIRM_WITHIN_DAYS)
        return self.filter(confirmed_at__isnull=True, asked_at__lt=before)


class Subscription(models.Model):
    """One thing that an address follows. `item` is the key of its record, 0 for the whole.

    No foreign key: what people follow must never stand in the way of deleting a record, nor
    show up on the screen that does so.
    """

    follower = models.ForeignKey(
        Follower, models.CASCADE, related_name="subscriptions", verbose_name="volger"
    )
    kind = models.CharField("soort", max_length=10, choices=subjects.Kind)
    item = models.PositiveBigIntegerField("wat")
    asked_at = models.DateTimeField("gevraagd op", default=timezone.now)
    confirmed_at = models.DateTimeField("bevestigd op", null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "abonnement"
        verbose_name_plural = "abonnementen"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["follower", "kind", "item"], name="subscription_is_one_per_subject"
            ),
            models.CheckConstraint(
                condition=Q(kind=subjects.Kind.ALL, item=0)
                | ~Q(kind=subjects.Kind.ALL) & Q(item__gt=0),
                name="subscription_names_an_item_or_the_whole",
            ),
        ]

    def __str__(self):
        return f"Abonnement {self.pk}"

    @property
    def scope(self) -> tuple[str, int]:
        return self.kind, self.item


class Notice(models.Model):
    """A change that we saw is public: the order in which followers are told of changes.

    Rows are added under a lock, so a later one has a greater key. Nothing of a change is kept
    here; what a mail says is read anew when it is sent.
    """

    kind = models.CharField("soort", max_length=20, choices=news.Kind)
    item = models.PositiveBigIntegerField("wat")
    # Since when anybody could know; of a withdrawal, when we saw it.
    at = models.DateTimeField("sinds")

    class Meta:
        verbose_name = "bericht"
        verbose_name_plural = "berichten"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "item"], name="notice_is_given_once")
        ]

    def __str__(self):
        return f"{self.kind} {self.item}"


class Watch(models.Model):
    """The one row that is held while notices are made; says when that was last done."""

    looked_at = models.DateTimeField("laatst gekeken", null=True)

    class Meta:
        verbose_name = "laatste keer"
        verbose_name_plural = "laatste keer"
        ordering = ["pk"]

    def __str__(self):
        return "Laatste keer"


class FollowMailQuerySet(OutgoingQuerySet):
    def of_today(self, now: datetime):
        return self.filter(created_at__gt=now - timedelta(days=1))


class FollowMail(Outgoing):
    """A mail to a follower: what to say, never the saying of it.

    News tells of the notices after `after` up to `up_to`.
    """

    class Kind(models.TextChoices):
        CONFIRM = "bevestigen", "Vraag om te bevestigen"
        KNOWN = "bekend", "U volgt dit al"
        NEWS = "nieuws", "Wat er veranderde"

    follower = models.ForeignKey(
        Follower, models.CASCADE, related_name="mails", verbose_name="volger"
    )
    kind = models.CharField("soort", max_length=10, choices=Kind)
    subscription = models.ForeignKey(
        Subscription,
        models.CASCADE,
        related_name="mails",
        null=True,
        verbose_name="abonnement",
    )
    # What somebody chose who has to confirm.
    frequency = models.CharField("hoe vaak", max_length=10, choices=Frequency, blank=True)
    day = models.DateField("ronde", null=True)
    after = models.PositiveBigIntegerField("na bericht", default=0)
    up_to = models.PositiveBigIntegerField("tot en met bericht", default=0)
    created_at = models.DateTimeField("gemaakt op", default=timezone.now)

    objects: ClassVar[Any] = FollowMailQuerySet.as_manager()

    class Meta:
        verbose_name = "mail aan een volger"
        verbose_name_plural = "mails aan volgers"
        ordering = ["pk"]
        indexes = [models.Index(fields=["next_try_at"], name="follow_mail_to_send")]
        constraints = [
            models.UniqueConstraint(
                fields=["follower", "day"],
                condition=Q(kind="nieuws"),
                name="follow_mail_is_one_a_round",
            ),
            sent_is_not_tried_again("follow_mail_sent_is_not_tried_again"),
        ]

    def __str__(self):
        return f"Mail {self.pk}"
