"""What can be found, and what has to be looked at again before somebody searches.

`measures/search/` fills and reads these tables; the database itself notes what changed
(`measures/search/triggers.py`), so that no way of writing can pass the index by.
"""

from django.db import models


class SearchDocument(models.Model):
    """The words of one public record, as both databases index them.

    On PostgreSQL a generated column `vector` with a GIN index hangs on this table, on SQLite
    an FTS5 table; migration 0003 makes either. What a page shows never comes from here, but
    from the record itself, read through `public()`.
    """

    kind = models.CharField("soort", max_length=12)
    object_id = models.PositiveBigIntegerField("nummer van het record")
    # The measure that a progress update tells of, and the measure itself. No foreign key:
    # nobody who deletes a measure has to know of documents.
    measure_id = models.PositiveBigIntegerField("maatregel", null=True, db_index=True)
    key = models.CharField("exacte aanduiding", max_length=200, blank=True, db_index=True)
    # Since when it is there, and for a progress update until when it was the latest.
    day = models.DateField("sinds", null=True)
    until = models.DateField("tot", null=True)
    title_words = models.TextField("woorden van de titel", blank=True)
    body_words = models.TextField("woorden van de tekst", blank=True)
    now_words = models.TextField("woorden van de laatste stand van zaken", blank=True)

    class Meta:
        verbose_name = "zoekdocument"
        verbose_name_plural = "zoekdocumenten"
        default_permissions = ()
        ordering = ["pk"]
        # The newest of a kind.
        indexes = [models.Index(fields=["kind", "id"], name="search_document_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"], name="search_document_is_there_once"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.object_id}"


class SearchChange(models.Model):
    """A record that was written since it was indexed. A row per write: nobody waits for it."""

    kind = models.CharField("soort", max_length=12)
    object_id = models.PositiveBigIntegerField("nummer van het record")

    class Meta:
        verbose_name = "nog te verwerken wijziging"
        verbose_name_plural = "nog te verwerken wijzigingen"
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self):
        return f"{self.kind} {self.object_id}"


class SearchWord(models.Model):
    """A word that occurs in what is public, for 'bedoelde u' and for compounds.

    One spelling per stem. A word may outlive its last text until `rebuild_search`; nothing
    is suggested that finds nothing.
    """

    stem = models.CharField("stam", max_length=60, unique=True)
    word = models.CharField("woord", max_length=60)

    class Meta:
        verbose_name = "zoekwoord"
        verbose_name_plural = "zoekwoorden"
        default_permissions = ()
        ordering = ["stem"]

    def __str__(self):
        return self.word
