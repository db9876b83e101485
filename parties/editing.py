"""Recognising a form that was opened before somebody else saved."""

from django.db import models


class Versioned(models.Model):
    """A record that counts how often it was saved.

    A form carries the version that it was opened with; when the record has
    moved on since, saving would overwrite another person's work. The form
    mixin `parties.forms.StaleFormMixin` refuses that.
    """

    version = models.PositiveIntegerField("versie", default=0, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.version += 1
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "version"}
        super().save(*args, **kwargs)
