"""The staff screens of evaluations and findings."""

from django.contrib import admin
from django.db.models import Count

from parties.admin_mixins import FoldedRows, PublishableAdmin

from ..models import Evaluation, Finding, FindingLink
from .sources import ORIGIN


@admin.register(Evaluation)
class EvaluationAdmin(PublishableAdmin):
    list_display = ["title", "author", "date_text", "publication_mark"]
    list_filter = ["publication"]
    search_fields = ["key", "title", "author"]
    autocomplete_fields = ["sources"]
    fieldsets = [
        (None, {"fields": ["title", "author", ("date", "date_precision")]}),
        ORIGIN,
        ("Op de website", {"fields": ["key", "publication"]}),
    ]

    @admin.display(description="datum", ordering="date")
    def date_text(self, evaluation):
        return evaluation.date_label


class MeasureLinkInline(FoldedRows):
    model = FindingLink
    autocomplete_fields = ["measure", "sources"]
    fields = ["measure", ("certainty", "sources"), "remark"]
    verbose_name_plural = "maatregelen bij dit verbeterpunt"


@admin.register(Finding)
class FindingAdmin(PublishableAdmin):
    list_display = ["text", "number_of_measures", "certainty", "position", "publication_mark"]
    list_filter = ["publication", "evaluations", "certainty"]
    search_fields = ["key", "text"]
    autocomplete_fields = ["evaluations", "sources"]
    inlines = [MeasureLinkInline]
    fieldsets = [
        (None, {"fields": ["text", "evaluations"]}),
        ORIGIN,
        ("Op de website", {"fields": [("key", "position"), "publication"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(measure_count=Count("measure_links"))

    @admin.display(description="aantal maatregelen", ordering="measure_count")
    def number_of_measures(self, finding):
        return finding.measure_count
