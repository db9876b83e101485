"""The commands that must run say here that they did; who watches over them listens.

`ran.send(sender=None, name="verify_snapshots", faults=0, number=12)`, after every run, also one
that found nothing: how many things went wrong, and how many were looked at or done.
"""

from django.dispatch import Signal

ran = Signal()
