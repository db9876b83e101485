"""The staff screens of reporting moments: prepare a letter, freeze what it tells, release it."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from parties.admin_mixins import RecordAdmin, log, moment, person
from parties.forms import DayInput

from .. import annex, documents, moments, snapshot
from ..annex import layout
from ..models import ReportingMoment
from ..moments import HELD
from ..preflight import Check, Row

State = ReportingMoment.State
# A moment that should have been public for longer than this many seconds is overdue.
PATIENCE = 120
REASON, REASON_FOR_ALL = "reden:", "reden-voor-alle:"

# Steps that only prepare; the others fix what Parliament is told, or show it to everybody.
NEEDS_LITTLE = {"_render", "_free"}


class ScheduleForm(forms.Form):
    day = forms.DateField(label="Op welke dag?", widget=DayInput)
    time = forms.TimeField(
        label="Hoe laat? (Nederlandse tijd)", widget=forms.TimeInput(attrs={"type": "time"})
    )

    def moment(self) -> datetime:
        data = self.cleaned_data
        return timezone.make_aware(datetime.combine(data["day"], data["time"]))


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label="Waarom gaat dit niet door?",
        help_text="Deze reden blijft bewaard. De vastgelegde tekst ook.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Zeg waarom u dit peilmoment intrekt."},
    )


@dataclass(frozen=True)
class ShownRow:
    """A row of the checks with the form that mends it and the reason that was typed."""

    row: Row
    url: str
    name: str
    reason: str


@dataclass(frozen=True)
class Group:
    """The rows of one check."""

    check: Check
    rows: list[ShownRow]
    reason: str

    @property
    def is_blocking(self) -> bool:
        return self.rows[0].row.is_blocking

    @property
    def name(self) -> str:
        return f"{REASON_FOR_ALL}{self.check.value}"


@admin.register(ReportingMoment)
class ReportingMomentAdmin(RecordAdmin):
    list_display = ["title", "letter", "reference_date", "state_mark", "public_since", "prepare"]
    list_filter = ["state"]
    list_select_related = ["letter"]
    search_fields = ["title", "letter__title"]
    autocomplete_fields = ["letter"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "letter", "reference_date", "introduction"]}),
        ("Vergelijken", {"fields": ["previous"]}),
        ("Op de website", {"fields": ["slug"]}),
    ]
    instead_of_deleting = "Trek het in als de brief niet doorgaat."
    never_put_back = "Een peilmoment wijzigt u in het eigen scherm, in de voorbereiding."

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "previous":
            kwargs["queryset"] = ReportingMoment.objects.public()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        """What is frozen can be looked at, not changed."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.is_in_preparation)

    def has_delete_permission(self, request, obj=None):
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or obj.is_in_preparation)

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/voorbereiden/",
                wrap(self.prepare_view),
                name="measures_reportingmoment_prepare",
            ),
            path(
                "<int:pk>/voorbeeld/",
                wrap(self.preview_view),
                name="measures_reportingmoment_preview",
            ),
            path(
                "<int:pk>/voorbeeld.<str:format>",
                wrap(self.preview_file),
                name="measures_reportingmoment_preview_file",
            ),
            *super().get_urls(),
        ]

    def response_add(self, request, obj, post_url_continue=None):
        super().response_add(request, obj, post_url_continue)
        return redirect("admin:measures_reportingmoment_prepare", obj.pk)

    # The one screen per letter.

    def prepare_view(self, request, pk):
        found = get_object_or_404(ReportingMoment.objects.select_related("letter"), pk=pk)
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        if request.method == "POST":
            right = "change" if NEEDS_LITTLE & request.POST.keys() else "freeze"
            if not request.user.has_perm(f"measures.{right}_reportingmoment"):
                raise PermissionDenied
            return self._step(request, found)
        return self._screen(request, found)

    def _step(self, request, found):
        """Do what the button says; what stands in the way is said, with all that was typed."""
        steps = {
            "_freeze": self._freeze,
            "_render": self._render,
            "_release": self._release,
            "_schedule": self._schedule,
            "_unschedule": self._unschedule,
            "_withdraw": self._withdraw,
            "_free": self._free,
        }
        step = next((steps[name] for name in steps if name in request.POST), None)
        if step is None:
            return self._screen(request, found)
        try:
            said = step(request, found)
        except ValidationError as error:
            found.refresh_from_db()
            return self._screen(request, found, errors=error.messages)
        if said is None:  # A form that is not filled in well.
            return self._screen(request, found)
        log(request, found, said)
        messages.success(request, f"{found}: {said}.")
        return redirect("admin:measures_reportingmoment_prepare", found.pk)

    def _freeze(self, request, found):
        if request.POST.get("opened_version") != str(found.version) and found.is_in_preparation:
            raise ValidationError(
                "Dit peilmoment is gewijzigd nadat u deze pagina opende. Er is niets "
                "vastgesteld. Kijk eerst hoe het nu is."
            )
        made = moments.freeze(found, by=request.user, reason_for=lambda row: _reason(request, row))
        moments.render_files(made)
        return f"vastgesteld; de controlewaarde is {made.sha256}"

    def _render(self, request, found):
        moments.render_files(found.snapshot)
        return "bestanden gemaakt"

    def _release(self, request, found):
        moments.release(found)
        return "openbaar gemaakt, met alles wat ervoor klaarstond"

    def _schedule(self, request, found):
        form = ScheduleForm(request.POST)
        if not form.is_valid():
            return None
        at = form.moment()
        moments.schedule(found, at)
        return f"wordt vanzelf openbaar op {moment(at)}"

    def _unschedule(self, request, found):
        moments.schedule(found, None)
        return "wordt niet meer vanzelf openbaar"

    def _withdraw(self, request, found):
        form = WithdrawalForm(request.POST)
        if not form.is_valid():
            return None
        moments.withdraw(found, form.cleaned_data["reason"])
        return "ingetrokken; wat ervoor klaarstond, is weer concept"

    def _free(self, request, found):
        """Take one report off the moment: it is an ordinary concept again."""
        kind, _, key = request.POST["_free"].partition("-")
        for model in HELD:
            if model._meta.model_name == kind and key.isdecimal():
                report = get_object_or_404(model.objects.held_for(found), pk=key)
                report.let_go(request.user)
                log(request, report, f"niet meer klaargezet voor {found}")
                return f"{report} staat er niet meer voor klaar"
        raise ValidationError("Dit staat niet meer klaar voor dit peilmoment.")

    def _screen(self, request, found, errors=()):
        groups, problems = [], list(errors)
        if found.is_in_preparation:
            try:
                groups = _groups(request, found)
            except ValidationError as error:
                problems += error.messages
        posted = request.POST or None
        made = getattr(found, "snapshot", None)
        there = set(made.files.values_list("format", flat=True)) if made else set(annex.FORMATS)
        overdue = (
            found.release_at
            and (timezone.now() - found.release_at).total_seconds() > PATIENCE
            and found.state == State.FROZEN
        )
        context = self.admin_site.each_context(request) | {
            "title": f"Brief voorbereiden: {found}",
            "opts": self.opts,
            "moment": found,
            "snapshot": made,
            "missing": sorted(set(annex.FORMATS) - there),
            "frozen_by": person(found.frozen_by),
            "errors": problems,
            "groups": groups,
            "held": [report for model in HELD for report in _held(model, found)],
            "schedule_form": ScheduleForm(posted if posted and "_schedule" in posted else None),
            "withdrawal_form": WithdrawalForm(posted if posted and "_withdraw" in posted else None),
            "is_overdue": overdue,
            "may_freeze": request.user.has_perm("measures.freeze_reportingmoment"),
            "may_change": request.user.has_perm("measures.change_reportingmoment"),
            "acceptances": list(_acceptances(found)),
            "media": self.media,
        }
        return TemplateResponse(
            request,
            "admin/measures/prepare.html",
            context,
            status=400 if problems and request.method == "POST" else 200,
        )

    # What it will look like.

    def _preview(self, request, pk, show):
        """What `show` makes of the moment and its annex; or back, with what stands in the way."""
        found = get_object_or_404(ReportingMoment.objects.select_related("letter"), pk=pk)
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        if not found.is_in_preparation:
            return show(found, snapshot.read(found.snapshot))
        try:
            return show(found, moments.content_of(found))
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            return redirect("admin:measures_reportingmoment_prepare", pk)

    def preview_view(self, request, pk):
        def page(found, content):
            context = self.admin_site.each_context(request) | {
                "title": f"Voorbeeld van de bijlage: {found}",
                "opts": self.opts,
                "moment": found,
                "content": content,
                "formats": documents.FORMATS,
                "blocks": [(type(block).__name__, block) for block in layout.blocks(content)],
            }
            return TemplateResponse(request, "admin/measures/annex_preview.html", context)

        return self._preview(request, pk, page)

    def preview_file(self, request, pk, format):
        """A file to read beforehand; its name says that it is no more than that."""
        if format not in documents.FORMATS:
            return redirect("admin:measures_reportingmoment_prepare", pk)

        def file(found, content):
            name = f"CONCEPT-bijlage-{found.slug}.{format}"
            return HttpResponse(
                annex.render(content, format),
                content_type=annex.FORMATS[format].media_type,
                headers={
                    "Content-Disposition": f'attachment; filename="{name}"',
                    "Cache-Control": "no-store",
                },
            )

        return self._preview(request, pk, file)

    # The list.

    @admin.display(description="toestand", ordering="state")
    def state_mark(self, found):
        label = found.get_state_display()
        return f"{label} (reconstructie)" if found.is_reconstruction else label

    @admin.display(description="openbaar", ordering="published_at")
    def public_since(self, found):
        if found.published_at:
            return moment(found.published_at)
        return f"gepland: {moment(found.release_at)}" if found.release_at else "nog niet"

    @admin.display(description="werk")
    def prepare(self, found):
        label = "Brief voorbereiden" if found.is_in_preparation else "Bekijken"
        return format_html(
            '<a class="beheer-button" href="{}">{}<span class="visually-hidden">: {}</span></a>',
            reverse("admin:measures_reportingmoment_prepare", args=[found.pk]),
            label,
            found,
        )


def _acceptances(found):
    """The reasons with which a moment was frozen, each with the name of its check."""
    for one in found.acceptances.select_related("author"):
        one.check_label = Check(one.check_name).label
        yield one


def _held(model, found):
    """What waits for the moment, each with the address of its form."""
    for report in (
        model.objects.held_for(found).select_related("measure").order_by("measure__number", "pk")
    ):
        report.form_url = _form_of(report)
        report.kind = f"{model._meta.model_name}-{report.pk}"
        report.kind_label = model._meta.verbose_name
        yield report


def _form_of(record) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])


def _groups(request, found) -> list[Group]:
    """The checks that say something, each with its rows and what was typed for them."""
    shown = [
        ShownRow(
            row,
            _form_of(row.record),
            f"{REASON}{row.key}",
            request.POST.get(f"{REASON}{row.key}", ""),
        )
        for row in moments.checks(found)
    ]
    return [
        Group(check, rows, request.POST.get(f"{REASON_FOR_ALL}{check.value}", ""))
        for check in Check
        if (rows := [one for one in shown if one.row.check == check])
    ]


def _reason(request, row: Row) -> str:
    """What was typed for a row; else what was typed for all rows of its check."""
    own = request.POST.get(f"{REASON}{row.key}", "").strip()
    return own or request.POST.get(f"{REASON_FOR_ALL}{row.check.value}", "")
