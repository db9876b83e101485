"""What gunicorn serves: Django, its turns, the cache of pages, and around all what is logged."""

import os

from django.core.wsgi import get_wsgi_application

from .operations.checks import refuse_unsafe_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kwalibo.settings")

# manage.py runs these checks itself; a web server does not.
refuse_unsafe_start()
django = get_wsgi_application()

from .monitoring.requests import RequestLog  # noqa: E402 (needs the settings)
from .operations.warm_up import warm_up  # noqa: E402
from .page_cache import PageCache  # noqa: E402
from .turns import Turns  # noqa: E402

warm_up()
application = RequestLog(PageCache(Turns(django)))
