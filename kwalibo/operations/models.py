"""When the commands that must run, last ran."""

from django.db import models


class TaskRun(models.Model):
    """One command that must run again and again, and when it last did, on any server.

    `at` may lag behind by `tasks.NOTED_EVERY`: see there.
    """

    name = models.CharField("opdracht", max_length=60, unique=True)
    at = models.DateTimeField("laatst gedraaid")

    class Meta:
        verbose_name = "gedraaide opdracht"
        verbose_name_plural = "gedraaide opdrachten"
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name
