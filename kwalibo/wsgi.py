"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from .operations.checks import refuse_unsafe_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kwalibo.settings")

# manage.py runs these checks itself; a web server does not.
refuse_unsafe_start()
application = get_wsgi_application()
