"""The staff screens of effects, words and statements about the whole."""

from django.contrib import admin

from parties.admin_mixins import PublishableAdmin

from ..models import Effect, GlossaryTerm, Statement
from .sources import ORIGIN


@admin.register(Effect)
class EffectAdmin(PublishableAdmin):
    list_display = ["title", "state", "certainty", "position", "publication_mark"]
    list_filter = ["publication", "state", "certainty"]
    search_fields = ["key", "title", "text"]
    autocomplete_fields = ["measures", "sources"]
    prepopulated_fields = {"key": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "text", "state", "measures"]}),
        ORIGIN,
        ("Op de website", {"fields": [("key", "position"), "publication"]}),
    ]


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(PublishableAdmin):
    list_display = ["term", "definition", "certainty", "publication_mark"]
    list_filter = ["publication", "certainty"]
    search_fields = ["term", "definition"]
    autocomplete_fields = ["sources"]
    prepopulated_fields = {"slug": ["term"]}
    fieldsets = [
        (None, {"fields": ["term", "definition"]}),
        ORIGIN,
        ("Op de website", {"fields": ["slug", "publication"]}),
    ]


@admin.register(Statement)
class StatementAdmin(PublishableAdmin):
    list_display = ["statement", "topic", "certainty", "position", "publication_mark"]
    list_filter = ["publication", "topic", "certainty"]
    search_fields = ["key", "text"]
    autocomplete_fields = ["sources"]
    fieldsets = [
        (None, {"fields": ["topic", "text"]}),
        ORIGIN,
        ("Op de website", {"fields": [("key", "position"), "publication"]}),
    ]

    @admin.display(description="uitspraak", ordering="text")
    def statement(self, statement):
        return statement.text or "Onbekend"
