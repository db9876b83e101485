"""The WSGI application that gunicorn serves: Django, with the cache of pages before it."""

import os

from django.core.wsgi import get_wsgi_application

from .operations.checks import refuse_unsafe_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kwalibo.settings")

# manage.py runs these checks itself; a web server does not.
refuse_unsafe_start()
django = get_wsgi_application()

from .operations.warm_up import warm_up  # noqa: E402 (needs the settings)
from .page_cache import PageCache  # noqa: E402

warm_up()
application = PageCache(django)
