"""The staff screens of progress updates.

A concept can be changed, approved and deleted; what was published is read-only, can be
corrected by a new one, and withdrawn with a reason.
"""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.template.loader import render_to_string

from ..models import ProgressUpdate
from .review import HeldFilter, ReviewedAdmin, StateFilter
from .update_form import UpdateScreen, preview_of, standing_of


@admin.register(ProgressUpdate)
class ProgressUpdateAdmin(ReviewedAdmin):
    list_display = [
        "measure_code",
        "reporting_date_text",
        "status_mark",
        "short_text",
        "author_name",
        "publication_mark",
        "state_mark",
        "waits_for",
    ]
    list_display_links = ["measure_code", "reporting_date_text"]
    list_filter = [StateFilter, "publication", "status", HeldFilter]
    list_select_related = ["measure", "merged_into", "author", "held_for"]
    search_fields = ["measure__title", "explanation"]
    search_help_text = "Zoek op nummer (M7 of 7), titel van de maatregel of tekst."
    fields = ["status", "reporting_date", "explanation"]
    screen = UpdateScreen
    read_only_template = "admin/measures/published_update.html"
    this = "deze stand van zaken"

    def get_search_results(self, request, queryset, search_term):
        number = search_term.strip().lower().removeprefix("m").strip()
        if number.isdecimal() and len(number) < 9:
            return queryset.filter(measure__number=int(number)), False
        return super().get_search_results(request, queryset, search_term)

    def review_context(self, report):
        return {"standing": standing_of(report.measure), "preview": preview_of(report)}

    def after_withdrawal(self, request, report):
        messages.success(
            request,
            f"{report.measure.code}: stand van zaken van {report.reporting_date_label} is "
            f"ingetrokken. De status is nu: {report.measure.get_status_display().lower()}.",
        )
        return redirect("admin:measures_progressupdate_change", report.pk)

    def told(self, report):
        return f"{report}: {report.explanation}" if report.explanation else str(report)

    @admin.display(description="maatregel", ordering="measure__number")
    def measure_code(self, update):
        return f"{update.measure.code} {update.measure.title}"

    @admin.display(description="peildatum", ordering="reporting_date")
    def reporting_date_text(self, update):
        return update.reporting_date_label

    @admin.display(description="status", ordering="status")
    def status_mark(self, update):
        return render_to_string(
            "components/status.html", {"value": update.status, "label": update.status_label}
        )

    @admin.display(description="tekst")
    def short_text(self, update):
        text = update.explanation
        return f"{text[:90]}…" if len(text) > 90 else text or "nog geen tekst"
