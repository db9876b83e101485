"""The whole public data as files, kept so that each is made once per version of the data."""

from django.db import models


class DataFile(models.Model):
    """One file: of which data it was made (`digest`), and in which format."""

    digest = models.CharField("kenmerk van de gegevens", max_length=64)
    format = models.CharField("bestandssoort", max_length=10)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("grootte in bytes")
    created_at = models.DateTimeField("gemaakt op", auto_now_add=True)

    class Meta:
        verbose_name = "bestand met alle gegevens"
        verbose_name_plural = "bestanden met alle gegevens"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["digest", "format"], name="data_file_is_made_once")
        ]

    def __str__(self):
        return f"{self.format} {self.digest[:12]}"


class DataFilePart(models.Model):
    """A part of the bytes of a file: it is sent part by part, never whole in memory."""

    file = models.ForeignKey(
        DataFile, models.CASCADE, related_name="parts", verbose_name="bestand met alle gegevens"
    )
    position = models.PositiveIntegerField("volgorde")
    content = models.BinaryField("inhoud")

    class Meta:
        verbose_name = "deel van een bestand met alle gegevens"
        verbose_name_plural = "delen van een bestand met alle gegevens"
        ordering = ["file", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["file", "position"], name="data_file_part_is_one")
        ]

    def __str__(self):
        return f"{self.file}, {self.position}"
