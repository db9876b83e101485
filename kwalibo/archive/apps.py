"""The app that has the command `export_static`."""

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "kwalibo.archive"
    label = "archive"
    verbose_name = "Archiefkopie"
