"""A column that the database works out and keeps."""

from django.db import models


class StoredField(models.GeneratedField):
    """A stored generated column. Both of our databases have those, so nobody has to ask them.

    Django's own check asks PostgreSQL for its version. A server must be able to start, and to
    say which setting is missing, while its database is away.
    """

    def _check_supported(self, databases):
        return []
