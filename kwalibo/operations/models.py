"""When the commands that must run, last ran."""

from django.db import models


class TaskRun(models.Model):
    """One command that must run again and again, and when it last did, on any server.

    `at` may lag behind by `tasks.NOTED_EVERY`: see there.
    """

    name = models.CharField("opdracht", max_length=60, unique=True)
    at = models.DateTimeField("laatst gedraaid")
    # When it last ended without a fault, and what it found then or since.
    went_well_at = models.DateTimeField("laatst goed gegaan", null=True)
    faults = models.PositiveIntegerField("fouten", db_default=0)
    number = models.PositiveIntegerField("aantal", null=True)

    class Meta:
        verbose_name = "gedraaide opdracht"
        verbose_name_plural = "gedraaide opdrachten"
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name
