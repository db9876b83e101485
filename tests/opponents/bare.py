"""Django with nothing in it: one view per body, which is fixed bytes. A WSGI application.

`BODIES` names a folder; each file in it is answered at its own name. `BARE_MIDDLEWARE=1` adds
the middleware that a new project begins with; without it there is none at all.
"""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

from . import APPS, MIDDLEWARE

is_usual = os.environ.get("BARE_MIDDLEWARE") == "1"
settings.configure(
    SECRET_KEY="x" * 50,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=MIDDLEWARE if is_usual else [],
    INSTALLED_APPS=APPS if is_usual else [],
)


def fixed(body: bytes):
    return lambda request: HttpResponse(body)


urlpatterns = [
    path(file.name, fixed(file.read_bytes())) for file in Path(os.environ["BODIES"]).iterdir()
]
application = get_wsgi_application()
