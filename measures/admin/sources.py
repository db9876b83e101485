"""The staff screen of sources."""

from django.contrib import admin

from parties.admin_mixins import PublishableAdmin

from ..models import Source

# The part of a form that every sourced record has.
ORIGIN = ("Waar komt dit vandaan?", {"fields": ["certainty", "sources", "remark"]})


@admin.register(Source)
class SourceAdmin(PublishableAdmin):
    list_display = ["key", "title", "date_text", "paper", "publication_mark"]
    list_display_links = ["key", "title"]
    list_filter = ["publication", ("parties", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["key", "title", "paper", "remark"]
    search_help_text = "Zoek op bronnummer (S01), titel of vindplaats."
    autocomplete_fields = ["parties"]
    fieldsets = [
        (None, {"fields": ["key", "title", ("date", "date_precision")]}),
        ("Waar is de bron te vinden?", {"fields": ["paper", "url", "parties"]}),
        ("Op de website", {"fields": ["remark", "publication"]}),
    ]

    @admin.display(description="datum", ordering="date")
    def date_text(self, source):
        return source.date_text
