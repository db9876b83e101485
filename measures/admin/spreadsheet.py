"""The measures out as a spreadsheet, and in again: what would change first, then all or nothing."""

import hashlib

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from .. import rules
from .. import spreadsheet as sheets
from ..annex import FORMATS
from ..desk.work import in_field
from ..evidence_files import clean_name
from ..models import Measure, SpreadsheetUpload
from ..spreadsheet.writing import with_standing_reports
from .report_form import CONCEPT, SUBMIT


def urls(model_admin):
    """The addresses under the list of measures."""

    def wrap(view):
        return model_admin.admin_site.admin_view(
            lambda request, **kwargs: view(model_admin, request, **kwargs)
        )

    return [
        path("spreadsheet/", wrap(upload), name="measures_measure_spreadsheet"),
        path(
            "spreadsheet/maatregelen.<str:format>",
            wrap(download),
            name="measures_measure_spreadsheet_download",
        ),
        path("spreadsheet/<int:pk>/", wrap(preview), name="measures_measure_spreadsheet_preview"),
    ]


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Gewijzigd bestand",
        help_text="xlsx, ods of csv. U ziet eerst wat er verandert; er wordt nog niets opgeslagen.",
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
        error_messages={"required": "Kies een bestand.", "empty": "Dit bestand is leeg."},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.SPREADSHEET_MAX_MB * 1024 * 1024:
            raise forms.ValidationError(
                f"Dit bestand is groter dan {settings.SPREADSHEET_MAX_MB} MB. "
                "Zo groot is onze lijst nooit."
            )
        self.data_of_file = file.read()
        try:
            self.sheet = _read(file.name, self.data_of_file)
        except sheets.Refused as error:
            raise forms.ValidationError(str(error)) from error
        return file


def _read(name: str, data: bytes) -> sheets.Sheet:
    return sheets.read(name, data, max_mb=settings.SPREADSHEET_MAX_MB)


def download(model_admin, request, *, format):
    """The file that people change."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    if format not in sheets.FORMATS:
        raise Http404
    measures = with_standing_reports(Measure.objects.all())
    if "eigen" in request.GET:
        measures = in_field(measures, request.user)
    name = f"maatregelen-{timezone.localdate():%Y-%m-%d}.{format}"
    return HttpResponse(
        sheets.write(measures, format),
        content_type=FORMATS[format].media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def upload(model_admin, request):
    """Where to fetch the list and to send it back."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    may_send = model_admin.has_update_permission(request)
    if request.method == "POST":
        if not may_send:
            raise PermissionDenied
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            SpreadsheetUpload.forget_old()
            data = form.data_of_file
            kept = SpreadsheetUpload.objects.create(
                user=request.user,
                name=clean_name(form.cleaned_data["file"].name),
                sha256=hashlib.sha256(data).hexdigest(),
                content=data,
            )
            return redirect("admin:measures_measure_spreadsheet_preview", kept.pk)
    else:
        form = UploadForm()
    context = model_admin.admin_site.each_context(request) | {
        "title": "Maatregelen in een spreadsheet",
        "form": form,
        "may_send": may_send,
        "formats": sheets.FORMATS,
        "has_field": any(rules.field_of_work(request.user)),
        "earlier": SpreadsheetUpload.objects.filter(applied_at__isnull=False)
        .select_related("user")
        .defer("content")[:5],
    }
    return TemplateResponse(request, "admin/measures/spreadsheet.html", context)


def preview(model_admin, request, *, pk):
    """What the file would change; with a button: do that."""
    if not model_admin.has_update_permission(request):
        raise PermissionDenied
    with transaction.atomic():
        # Two presses on the button wait for each other.
        found = SpreadsheetUpload.objects.select_for_update()
        kept = get_object_or_404(found, pk=pk, user=request.user)
        if kept.applied_at:
            messages.info(request, f"‘{kept}’ is al verwerkt. {kept.result}")
            return redirect("admin:measures_measure_spreadsheet")
        sheet = _read(kept.name, bytes(kept.content))
        if SUBMIT in request.POST or CONCEPT in request.POST:
            return _load(model_admin, request, kept, sheet)
        return _screen(model_admin, request, kept, sheets.plan(sheet, request.user))


def _load(model_admin, request, kept, sheet):
    submit = SUBMIT in request.POST
    try:
        done = sheets.apply(sheet, request.user, request.POST.get("digest", ""), submit=submit)
    except sheets.Moved as error:
        messages.warning(request, str(error))
        return _screen(model_admin, request, kept, error.plan)
    kept.result = result_of(done, submit=submit)
    kept.content, kept.applied_at = b"", timezone.now()
    kept.save()
    messages.success(request, kept.result)
    if done.reports:
        return redirect("admin:measures_progressupdate_changelist")
    return redirect("admin:measures_measure_changelist")


def result_of(done: sheets.Plan, *, submit: bool) -> str:
    """What was done, in a sentence or two."""
    codes = ", ".join(row.measure.code for row in done.rows)
    if not codes:
        return "Er is niets gewijzigd: alles stond er al zo."
    told = f"Verwerkt: {codes}."
    if done.reports:
        number = f"{done.reports} " + ("concept" if done.reports == 1 else "concepten")
        way = "gemaakt en ter goedkeuring aangeboden" if submit else "gemaakt"
        told += f" {number} {way}."
    return told


def _screen(model_admin, request, kept, plan: sheets.Plan):
    context = model_admin.admin_site.each_context(request) | {
        "title": f"Voorbeeld: {kept.name}",
        "kept": kept,
        "plan": plan,
        "four_eyes": rules.four_eyes(),
        "changes_records": any(row.fields for row in plan.rows),
    }
    return TemplateResponse(request, "admin/measures/spreadsheet_preview.html", context)
