"""Rendered annexes, kept so that no visitor waits for one to be made."""

from django.db import models


class AnnexFile(models.Model):
    """The bytes of an annex in one format.

    Found by the digest of the content that it shows: as long as nothing public
    changes the digest stays the same and so does the file.
    """

    digest = models.CharField(max_length=64)
    format = models.CharField(max_length=10)
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "bewaarde bijlage"
        verbose_name_plural = "bewaarde bijlagen"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["digest", "format"], name="annex_file_is_kept_once")
        ]

    def __str__(self):
        return f"{self.format} {self.digest[:12]}"
