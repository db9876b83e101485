"""Signed links: what is in a mail is the only key to what an address follows."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from .models import CONFIRM_WITHIN_DAYS, Follower, Frequency, Subscription

_CONFIRM = "kwalibo.follow.confirm"


def _signer() -> signing.Signer:
    return signing.Signer(salt="kwalibo.follow.personal")


def absolute(path: str) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def confirm_link(subscription: Subscription, frequency: str) -> str:
    """Where somebody confirms; works for three days."""
    link = signing.dumps({"s": subscription.pk, "f": frequency}, salt=_CONFIRM)
    return absolute(reverse("follow-confirm", args=[link]))


def read_confirm(link: str) -> tuple[Subscription, Frequency] | None:
    """What a link confirms; None when it is wrong, too old, or about what is not there."""
    try:
        read = signing.loads(link, salt=_CONFIRM, max_age=CONFIRM_WITHIN_DAYS * 86_400)
    except signing.BadSignature:
        return None
    found = Subscription.objects.filter(pk=read["s"]).select_related("follower").first()
    return (found, Frequency(read["f"])) if found else None


def personal(follower: Follower) -> str:
    """What stands for an address in a link, for as long as it follows something."""
    return _signer().sign(follower.token)


def is_ours(link: str) -> bool:
    """Whether we made this link, be it for an address that is gone."""
    try:
        _signer().unsign(link)
    except signing.BadSignature:
        return False
    return True


def read_personal(link: str) -> Follower | None:
    """Whose link this is; None when it is wrong, or when the address is gone."""
    try:
        token = _signer().unsign(link)
    except signing.BadSignature:
        return None
    return Follower.objects.filter(token=token).first()


def manage_link(follower: Follower) -> str:
    return absolute(reverse("follow-manage", args=[personal(follower)]))


def stop_link(follower: Follower, subscription: Subscription | None = None) -> str:
    """Where somebody stops with everything, or with one subject."""
    if subscription is None:
        return absolute(reverse("follow-stop", args=[personal(follower)]))
    return absolute(reverse("follow-stop-one", args=[personal(follower), subscription.pk]))
