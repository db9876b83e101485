"""The staff screen of evidence: beside a progress update, also one that is published.

Title and visibility can change; a link or a file is never replaced.
"""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from parties.admin_mixins import RecordAdmin, log, moment, person
from parties.forms import StaleFormMixin

from ..evidence_form import CheckedFileForm
from ..evidence_response import answer
from ..models import Evidence


class NewEvidenceForm(CheckedFileForm, StaleFormMixin):
    """A link or a file; the file is checked before anything is kept."""

    def clean(self):
        cleaned = super().clean()
        url, document = cleaned.get("url"), cleaned.get("document")
        if url and document:
            self.add_error("url", "Geef een webadres of kies een bestand, niet allebei.")
        elif not (url or document) and not {"url", "document"} & self.errors.keys():
            self.add_error("url", "Geef een webadres, of kies hieronder een bestand.")
        if self.errors and document:
            self.add_error(
                "document", "Kies dit bestand opnieuw: een browser onthoudt niet welk het was."
            )
        return cleaned


@admin.register(Evidence)
class EvidenceAdmin(RecordAdmin):
    list_display = ["title", "update", "kind_text", "visibility", "author_name"]
    list_filter = ["visibility"]
    list_select_related = ["update__measure", "author"]
    search_fields = ["title", "file_name", "url", "update__measure__title"]
    search_help_text = "Zoek op titel, naam van het bestand, webadres of maatregel."
    autocomplete_fields = ["update"]
    instead_of_deleting = "Zet het op ‘Intern’ als het niet meer op de website hoort."

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = NewEvidenceForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["update", "title", "url", "document", "visibility"]
        return ["belongs_to", "title", "place", "visibility", "made"]

    def get_readonly_fields(self, request, obj=None):
        return ["belongs_to", "place", "made"] if obj else []

    def get_urls(self):
        file = self.admin_site.admin_view(require_safe(self.file_view))
        return [path("<int:pk>/bestand/", file, name="measures_evidence_file"), *super().get_urls()]

    def file_view(self, request, pk):
        evidence = get_object_or_404(Evidence.objects.documents(), pk=pk)
        if not self.has_view_permission(request, evidence):
            raise PermissionDenied
        return answer(request, evidence, cache="private, no-store")

    def save_model(self, request, obj, form, change):
        if not change:
            obj.author = request.user
        super().save_model(request, obj, form, change)

    def why_kept(self, request, obj) -> str:
        if obj.must_stay:
            kept = f"‘{obj}’ is openbaar geweest en wordt daarom niet verwijderd."
            return f"{kept} {self.instead_of_deleting}"
        return super().why_kept(request, obj)

    def render_change_form(self, request, context, *args, **kwargs):
        evidence = context["original"]
        if evidence and evidence.must_stay:
            context["show_delete"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    # Back to the progress update that it belongs to.

    def response_post_save_add(self, request, obj):
        return redirect("admin:measures_progressupdate_change", obj.update_id)

    def response_post_save_change(self, request, obj):
        return redirect("admin:measures_progressupdate_change", obj.update_id)

    # In the history of the update too, and so in that of the measure.

    def log_addition(self, request, obj, message):
        log(request, obj.update, f"bewijsstuk toegevoegd: {_told(obj)}")
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        if message != "niets gewijzigd":
            log(request, obj.update, f"bewijsstuk ‘{obj}’: {message}")
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for evidence in queryset:
            log(request, evidence.update, f"bewijsstuk verwijderd: {_told(evidence)}")
        return super().log_deletions(request, queryset)

    @admin.display(description="soort")
    def kind_text(self, evidence):
        return "Link" if evidence.url else f"{evidence.file_kind}, {filesizeformat(evidence.size)}"

    @admin.display(description="auteur", ordering="author__username")
    def author_name(self, evidence):
        return person(evidence.author)

    @admin.display(description="stand van zaken")
    def belongs_to(self, evidence):
        url = reverse("admin:measures_progressupdate_change", args=[evidence.update_id])
        return format_html('<a href="{}">{}</a>', url, evidence.update)

    @admin.display(description="bewijs")
    def place(self, evidence):
        if evidence.url:
            return format_html('<a href="{0}">{0}</a>', evidence.url)
        url = reverse("admin:measures_evidence_file", args=[evidence.pk])
        return format_html(
            '<a href="{}">{}</a> ({}, {})',
            url,
            evidence.file_name,
            evidence.file_kind,
            filesizeformat(evidence.size),
        )

    @admin.display(description="toegevoegd")
    def made(self, evidence):
        return f"{person(evidence.author)}, {moment(evidence.created_at)}"


def _told(evidence) -> str:
    """A piece of evidence in the log: what it is, where from, and who may see it."""
    where = evidence.url or evidence.file_name
    return f"{evidence} ({where}; {evidence.get_visibility_display().lower()})"
