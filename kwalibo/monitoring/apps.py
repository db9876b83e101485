from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "kwalibo.monitoring"
    label = "monitoring"
    verbose_name = "bewaking"

    def ready(self):
        from . import audit, queries, task_runs

        queries.listen()
        audit.listen()
        task_runs.listen()
