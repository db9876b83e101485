"""Ending the sessions of a person, wherever they are logged in."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone


def end_all(user) -> int:
    """Log somebody out in every browser; how many sessions that ended.

    A session tells only when it is opened whose it is. Visitors have none, so there are few.
    """
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
            ended += 1
    return ended
