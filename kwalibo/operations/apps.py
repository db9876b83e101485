from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "kwalibo.operations"
    label = "operations"
    verbose_name = "bediening"

    def ready(self):
        from . import checks, tasks

        checks.listen()
        tasks.listen()
