"""The WSGI application that gunicorn serves: Django, with the cache of pages before it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kwalibo.settings")

django = get_wsgi_application()

from .page_cache import PageCache  # noqa: E402 (needs the settings)

application = PageCache(django)
