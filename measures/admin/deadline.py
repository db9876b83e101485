"""The staff screens of deadlines: a short form to give or move one, and the ledger."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.shortcuts import redirect
from django.utils import timezone

from parties.forms import DayInput
from parties.publication import Publication

from ..models import DeadlineChange
from .report_form import ReportForm, ReportScreen
from .review import HeldFilter, ReviewedAdmin, StateFilter


class DeadlineForm(ReportForm):
    """A deadline of one measure: the first, or a shift with its reason."""

    overtaken = "Intussen is de streefdatum gewijzigd."

    class Meta:
        model = DeadlineChange
        fields = [
            "deadline",
            "precision",
            "wording",
            "reporting_date",
            "reporting_date_precision",
            "reason",
            "letter",
            "sources",
            "certainty",
            "remark",
        ]
        widgets = {
            "deadline": DayInput,
            "reporting_date": DayInput,
            "reason": forms.Textarea(attrs={"rows": 3}),
            "remark": forms.Textarea(attrs={"rows": 2}),
            "sources": AutocompleteSelectMultiple(
                DeadlineChange._meta.get_field("sources"), admin.site
            ),
        }
        labels = {
            "deadline": "Nieuwe streefdatum",
            "reporting_date": "Vanaf welke dag geldt deze datum?",
            "reporting_date_precision": "Nauwkeurigheid van die dag",
        }
        help_texts = {"reporting_date": "Bij een eerste streefdatum mag dit leeg blijven."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        others = self.instance.measure.deadline_changes.exclude(pk=self.instance.pk)
        if others.exclude(publication=Publication.WITHDRAWN).exists():
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = (
                "Zeg waarom de streefdatum verschuift."
            )


class DeadlineScreen(ReportScreen):
    model, form = DeadlineChange, DeadlineForm
    template = "admin/measures/deadline_form.html"
    new_url = "admin:measures_measure_deadline"
    this = "Deze streefdatum"

    def initial(self, measure):
        if measure.deadline_changes.published().exists():
            return {"reporting_date": timezone.localdate()}
        return {}

    def context(self, form):
        measure = form.instance.measure
        return {"title": f"Streefdatum: {measure.code}", "ledger": ledger_of(measure)}

    def saved(self, report, done, text, flag):
        self.log(report, text, flag)
        self.log(report.measure, f"streefdatum {report.label} {done}")
        messages.success(
            self.request, f"{report.measure.code}: streefdatum {report.label} is {done}."
        )
        return redirect("admin:measures_measure_deadline", report.measure_id)


def ledger_of(measure):
    """All rows of the ledger, concepts and withdrawn ones too, latest first."""
    rows = measure.deadline_changes.latest_first().select_related("letter", "author", "held_for")
    return rows.prefetch_related("sources")


@admin.register(DeadlineChange)
class DeadlineChangeAdmin(ReviewedAdmin):
    list_display = [
        "measure",
        "deadline_text",
        "since",
        "reason",
        "publication_mark",
        "state_mark",
        "waits_for",
    ]
    list_display_links = ["measure", "deadline_text"]
    list_filter = [StateFilter, "publication", "is_original", HeldFilter]
    list_select_related = ["measure", "held_for"]
    search_fields = ["measure__title", "reason", "wording"]
    search_help_text = "Zoek op titel van de maatregel of reden."
    fields = ["deadline", "reason"]
    screen = DeadlineScreen
    read_only_template = "admin/measures/published_deadline.html"
    this = "deze streefdatum"

    def review_context(self, report):
        return {"ledger": ledger_of(report.measure).exclude(pk=report.pk)}

    def after_withdrawal(self, request, report):
        log_text = f"streefdatum {report.label} ingetrokken"
        DeadlineScreen(self, request).log(report.measure, log_text)
        messages.success(request, f"{report.measure.code}: streefdatum is ingetrokken.")
        return redirect("admin:measures_measure_deadline", report.measure_id)

    def told(self, report):
        return f"{report}: {report.reason}" if report.reason else str(report)

    @admin.display(description="streefdatum", ordering="deadline")
    def deadline_text(self, change):
        return change.label

    @admin.display(description="geldt sinds", ordering="reporting_date")
    def since(self, change):
        return change.reporting_date_label if change.reporting_date else "onbekend"
