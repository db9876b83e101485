"""The app of parties, and of the ideas that every record shares."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "parties"
    verbose_name = "Partijen"
