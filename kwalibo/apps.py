"""The admin site that carries the name of this product."""

from django.contrib.admin.apps import AdminConfig
from django.db.models import fields


class KwaliboAdminConfig(AdminConfig):
    default_site = "kwalibo.admin.KwaliboAdminSite"

    def ready(self):
        # The way that Django gives to word an empty choice; its own has no Dutch.
        fields.BLANK_CHOICE_LABEL = "Maak een keuze"
        super().ready()
        # After the screens of the apps: it replaces those of Django's accounts.
        from . import accounts
        from .duties import checks  # noqa: F401 - registers them

        accounts.track_people()
