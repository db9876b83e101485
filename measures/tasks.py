"""The commands that must run say here that they did; who watches over them listens.

`ran.send(sender=None, name="release_due")`, after every look, also one that found nothing.
"""

from django.dispatch import Signal

ran = Signal()
