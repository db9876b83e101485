"""Sending mails that are rows (`models.outgoing.Outgoing`): each once, failures again later.

No transaction is open while a mail server thinks: a process first claims a row for a while.
After a crash between sending and noting it, the mail goes out a second time; the other order
could lose it.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives

logger = logging.getLogger(__name__)

# After how many minutes a failure is tried again; after the last, nobody tries any more.
PAUSES = (5, 30, 120, 480, 1440)
# For how many minutes a process has a mail for itself.
CLAIMED_FOR = 15


def send(
    waiting,
    message_of: Callable[[Any], EmailMultiAlternatives | None],
    now: datetime,
    *,
    is_private: bool = False,
) -> tuple[int, int]:
    """Send what waits; how many went, and how many failed and are logged.

    `waiting` is a query set of what is to be sent now. `message_of` makes the message of a
    row; None means that there is nothing to tell any more, and the row goes. With
    `is_private` an error is kept and logged by its name alone: what a mail server says tends
    to hold the address.
    """
    sent = failed = 0
    for key in list(waiting.values_list("pk", flat=True)):
        rows = waiting.model.objects.filter(pk=key)
        until = now + timedelta(minutes=CLAIMED_FOR)
        # Another process may have sent it since, or be sending it now.
        if not rows.to_send(now).update(next_try_at=until):
            continue
        mail = rows.first()
        message = message_of(mail) if mail else None
        if message is None:
            rows.delete()
        elif _try(mail, message, now, is_private):
            sent += 1
        else:
            failed += 1
    return sent, failed


def _try(mail, message: EmailMultiAlternatives, now: datetime, is_private: bool) -> bool:
    """Send one, and note how it went; not by saving, which would bring a deleted row back."""
    rows, tries = type(mail).objects.filter(pk=mail.pk), mail.tries + 1
    try:
        message.send()
    # Whatever a mail server does, the mails after this one must not wait for it.
    except Exception as error:
        name, what = type(error).__name__, f"{mail._meta.object_name} {mail.pk}"
        logger.error(
            "%s could not be sent (try %s): %s", what, tries, name, exc_info=not is_private
        )
        left = PAUSES[tries - 1 : tries]
        rows.update(
            tries=tries,
            error=name if is_private else f"{name}: {error}",
            next_try_at=now + timedelta(minutes=left[0]) if left else None,
        )
        return False
    rows.update(tries=tries, sent_at=now, next_try_at=None, error="")
    return True
