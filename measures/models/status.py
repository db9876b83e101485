"""The statuses of a measure."""

from django.db import models


class Status(models.TextChoices):
    """How far a measure is. The stored value is also what addresses and files use."""

    UNKNOWN = "onbekend", "Onbekend"
    PLANNED = "gepland", "Gepland"
    IN_DEVELOPMENT = "in-uitwerking", "In uitwerking"
    BEING_INTRODUCED = "wordt-doorgevoerd", "Wordt doorgevoerd"
    IMPLEMENTED = "geimplementeerd", "Geïmplementeerd"
    DROPPED = "vervallen", "Vervallen"
    MERGED = "opgegaan-in", "Opgegaan in"

    @classmethod
    def remaining(cls) -> list["Status"]:
        """The statuses of what is not finished (*resterend*)."""
        return [status for status in cls if status not in FINISHED]


# A measure with one of these statuses has ended; the other measures go on.
ENDED = (Status.DROPPED, Status.MERGED)
# 'Resterend' is everything that is not finished: derived, never stored.
FINISHED = (Status.IMPLEMENTED, *ENDED)

EXPLANATIONS = {
    Status.UNKNOWN: "Wij kennen geen bron die zegt hoe ver deze maatregel is.",
    Status.PLANNED: "De maatregel is afgesproken. Het werk is nog niet begonnen.",
    Status.IN_DEVELOPMENT: "De maatregel wordt concreet gemaakt.",
    Status.BEING_INTRODUCED: "De maatregel is uitgewerkt en wordt ingevoerd.",
    Status.IMPLEMENTED: "De maatregel is ingevoerd.",
    Status.DROPPED: "De maatregel gaat niet door. De reden staat erbij.",
    Status.MERGED: "De maatregel gaat verder als deel van een andere maatregel.",
}
