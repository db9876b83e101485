"""The admin site that carries the name of this product."""

from django.contrib.admin.apps import AdminConfig


class KwaliboAdminConfig(AdminConfig):
    default_site = "kwalibo.admin.KwaliboAdminSite"
