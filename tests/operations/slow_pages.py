"""The site with pages that take too long, to see what stops them."""

import time

# It makes Django ready, which the rest needs.
from kwalibo.wsgi import application

# isort: split
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path

from kwalibo.urls import handler400, handler500
from kwalibo.urls import urlpatterns as site

LONG = 60


def sleeping_query(request):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_sleep({LONG})")
    return HttpResponse("wakker")


def waiting_for_a_lock(request):
    """Two of these at once: the second waits for the first."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(1)")
        # In pieces, so that no statement takes too long, nor is the pause between them.
        for _ in range(LONG * 5):
            cursor.execute("SELECT pg_sleep(0.2)")
            if "kort" in request.GET:
                break
    return HttpResponse("gedaan")


def idle_in_a_transaction(request):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        time.sleep(5)
        cursor.execute("SELECT 1")
    return HttpResponse("gedaan")


urlpatterns = [
    path("slaap/", sleeping_query),
    path("slot/", waiting_for_a_lock),
    path("stil/", idle_in_a_transaction),
    *site,
]
settings.ROOT_URLCONF = __name__

__all__ = ["application", "handler400", "handler500"]
