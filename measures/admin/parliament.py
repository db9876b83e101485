"""The staff screens of letters, motions, commitments and events."""

from django.contrib import admin

from parties.admin_mixins import FoldedRows, PublishableAdmin, yes_or_no

from ..models import Commitment, Letter, Motion, Proposer, TimelineEvent
from .sources import ORIGIN

DATE = ("date", "date_precision", "date_text")
PAPER = ("dossier", "paper_number")


class DatedAdmin(PublishableAdmin):
    """A record with a date that may be known only roughly."""

    @admin.display(description="datum", ordering="date")
    def when(self, record):
        # Not `date_text`: the list would show the field of that name.
        return record.date_label

    @admin.display(description="kamerstuk", ordering="paper_number")
    def paper(self, record):
        return record.paper or "onbekend"


@admin.register(Letter)
class LetterAdmin(DatedAdmin):
    list_display = ["title", "kind", "when", "paper", "publication_mark"]
    list_filter = ["publication", "kind"]
    search_fields = ["key", "title", "summary", "dossier", "paper_number"]
    autocomplete_fields = ["sources"]
    prepopulated_fields = {"key": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "kind", "summary"]}),
        ("Datum en Kamerstuk", {"fields": [DATE, PAPER]}),
        ORIGIN,
        ("Op de website", {"fields": ["key", "publication"]}),
    ]


class PromiseAdmin(DatedAdmin):
    """What Parliament asked or was promised; both views on it stand apart."""

    list_filter = ["publication", "ministry_position", "chamber_decision"]
    autocomplete_fields = ["fulfilled_by", "measures", "sources"]
    prepopulated_fields = {"slug": ["title"]}

    def get_search_results(self, request, queryset, search_term):
        """By number as printed ('30 015, nr. 87'), title, text or proposer."""
        found = (
            queryset.filter(pk__in=self.model._default_manager.search(search_term).values("pk"))
            if search_term.strip()
            else queryset
        )
        return found, False


class ProposerInline(FoldedRows):
    model = Proposer
    autocomplete_fields = ["sources"]
    fields = [("name", "parliamentary_group", "position"), ("certainty", "sources")]


@admin.register(Motion)
class MotionAdmin(PromiseAdmin):
    list_display = [
        "title",
        "paper",
        "when",
        "vote",
        "ministry_position",
        "chamber_decision",
        "publication_mark",
    ]
    list_filter = [*PromiseAdmin.list_filter, "vote", "closing_letter_link"]
    search_fields = ["title", "request", "slug"]
    search_help_text = "Zoek op nummer (30015-87), titel, tekst of indiener."
    inlines = [ProposerInline]
    fieldsets = [
        (None, {"fields": ["title", "request"]}),
        ("Datum en Kamerstuk", {"fields": [DATE, PAPER]}),
        ("In de Kamer", {"fields": [("vote", "appreciation"), "chamber_decision"]}),
        (
            "Volgens het ministerie",
            {"fields": ["ministry_position", "ministry_explanation", "fulfilled_by"]},
        ),
        ("Samenhang", {"fields": ["measures", "closing_letter_link"]}),
        ORIGIN,
        ("Op de website", {"fields": ["slug", "publication"]}),
    ]


@admin.register(Commitment)
class CommitmentAdmin(PromiseAdmin):
    list_display = [
        "title",
        "paper",
        "when",
        "ministry_position",
        "chamber_decision",
        "publication_mark",
    ]
    search_fields = ["title", "text", "slug"]
    search_help_text = "Zoek op nummer, titel of tekst."
    fieldsets = [
        (None, {"fields": ["title", "text"]}),
        ("Datum en Kamerstuk", {"fields": [DATE, PAPER]}),
        ("In de Kamer", {"fields": ["chamber_decision"]}),
        (
            "Volgens het ministerie",
            {"fields": ["ministry_position", "ministry_explanation", "fulfilled_by"]},
        ),
        ("Samenhang", {"fields": ["measures"]}),
        ORIGIN,
        ("Op de website", {"fields": ["slug", "publication"]}),
    ]


@admin.register(TimelineEvent)
class TimelineEventAdmin(DatedAdmin):
    list_display = ["text", "when", "planned", "letter", "publication_mark"]
    list_filter = ["publication", "is_planned"]
    list_select_related = ["letter"]
    search_fields = ["key", "text", "paper"]
    autocomplete_fields = ["letter", "sources"]
    prepopulated_fields = {"key": ["text"]}
    fieldsets = [
        (None, {"fields": ["text", DATE, "is_planned", "milestone"]}),
        ("Waar is dit te vinden?", {"fields": ["letter", "paper"]}),
        ORIGIN,
        ("Op de website", {"fields": ["key", "publication"]}),
    ]

    planned = yes_or_no("is_planned", "gepland")
