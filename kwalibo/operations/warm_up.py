"""Doing beforehand what the first reader of a new worker would wait for."""

import logging

from django.conf import settings
from django.template import TemplateSyntaxError
from django.template.loader import get_template
from django.urls import get_resolver

logger = logging.getLogger(__name__)

# The templates of pages for everybody; those of colleagues come when one of them does.
FOLDERS = ("components", "measures", "parties", "charts", "django")


def warm_up() -> None:
    """Import every view, and read every template of the public pages.

    Asks no database, so it works when that is away. A template that is broken is logged: the
    other pages work without it.
    """
    get_resolver().reverse_dict  # noqa: B018 (reading it imports all that it names)
    for name in ("base.html", *_names()):
        try:
            get_template(name)
        except TemplateSyntaxError:
            logger.exception("Het sjabloon %s is niet te lezen.", name)


def _names() -> list[str]:
    root = settings.BASE_DIR / "templates"
    return [
        str(path.relative_to(root))
        for folder in FOLDERS
        for path in sorted((root / folder).rglob("*.*ml"))
    ]
