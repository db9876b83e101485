"""The staff screens of progress updates.

A concept can be changed, published and deleted; what was published is read-only
and can be withdrawn, with a reason.
"""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import Action, ActionLocation
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_POST

from parties.admin_mixins import PublishableAdmin, log, person, sentences
from parties.publication import Publication

from ..models import Measure, ProgressUpdate, ReportingMoment
from . import update_form


def _holding(moment):
    """The action that holds the chosen concepts for a moment; what does not fit is named."""

    def hold(model_admin, request, queryset):
        held, refused = [], []
        for pk in queryset.order_by("measure__number", "pk").values_list("pk", flat=True):
            try:
                with transaction.atomic():
                    update = ProgressUpdate.objects.select_for_update().get(pk=pk)
                    if update.publication != Publication.CONCEPT:
                        raise ValidationError("Alleen een concept kan worden klaargezet.")
                    update.hold(moment)
                    log(request, update, f"klaargezet voor ‘{moment}’")
                    held.append(str(update))
            except ValidationError as error:
                refused.append(f"{update}: {sentences(error, ProgressUpdate)}")
        if held:
            text = f"Klaargezet voor ‘{moment}’: {'; '.join(held)}."
            model_admin.message_user(request, text, messages.SUCCESS)
        for line in refused:
            model_admin.message_user(request, f"Niet klaargezet: {line}", messages.ERROR)

    return hold


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label="Waarom trekt u deze stand van zaken in?",
        help_text="Deze reden blijft bewaard en staat in de geschiedenis.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Zeg waarom u deze stand van zaken intrekt."},
    )


class HeldFilter(admin.SimpleListFilter):
    """What waits for a letter, and what waits for none."""

    title = "klaargezet"
    parameter_name = "klaargezet"

    def lookups(self, request, model_admin):
        waiting = ReportingMoment.objects.filter(progressupdates__publication=Publication.CONCEPT)
        return [(str(moment.pk), str(moment)) for moment in waiting.distinct()]

    def queryset(self, request, queryset):
        if self.value() and self.value().isdecimal():
            return queryset.held_for(self.value())
        return queryset


@admin.register(ProgressUpdate)
class ProgressUpdateAdmin(PublishableAdmin):
    list_display = [
        "measure_code",
        "reporting_date_text",
        "status_mark",
        "short_text",
        "author_name",
        "publication_mark",
        "waits_for",
    ]
    list_display_links = ["measure_code", "reporting_date_text"]
    list_filter = ["publication", "status", HeldFilter]
    list_select_related = ["measure", "merged_into", "author", "held_for"]
    search_fields = ["measure__title", "explanation"]
    search_help_text = "Zoek op nummer (M7 of 7), titel van de maatregel of tekst."
    fields = ["status", "reporting_date", "explanation"]
    actions = ["publish"]

    def has_add_permission(self, request):
        """Never without a measure: the form for a new one starts from the measure."""
        return False

    def get_search_results(self, request, queryset, search_term):
        number = search_term.strip().lower().removeprefix("m").strip()
        if number.isdecimal() and len(number) < 9:
            return queryset.filter(measure__number=int(number)), False
        return super().get_search_results(request, queryset, search_term)

    def get_urls(self):
        withdraw = self.admin_site.admin_view(require_POST(self.withdraw_view))
        return [
            path(
                "<int:pk>/intrekken/",
                withdraw,
                name="measures_progressupdate_withdraw",
            ),
            *super().get_urls(),
        ]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        may_change = self.has_change_permission(request)
        if not (may_change or (request.method != "POST" and self.has_view_permission(request))):
            raise PermissionDenied
        try:
            update = self._find(object_id)
        except Http404:
            if request.method != "POST":
                raise
            return update_form.after_deletion(self, request)
        # A POST to what is no concept any more came from a form that was opened before.
        is_concept = update.publication == Publication.CONCEPT or request.method == "POST"
        is_frozen = update.is_held and not update.held_for.is_in_preparation
        if is_concept and may_change and not (is_frozen and request.method != "POST"):
            return update_form.edit_concept(self, request, update)
        return self._read_only(request, update, WithdrawalForm())

    def history_view(self, request, object_id, extra_context=None):
        return redirect("admin:measures_measure_record", self._find(object_id).measure_id)

    def withdraw_view(self, request, pk):
        form = WithdrawalForm(request.POST)
        with transaction.atomic():
            measure = self._find(pk).measure_id
            list(Measure.objects.select_for_update().filter(pk=measure))
            update = ProgressUpdate.objects.select_for_update().get(pk=pk)
            if not self.has_change_permission(request, update):
                raise PermissionDenied
            if not update.is_public:
                messages.warning(request, "Deze stand van zaken was al ingetrokken.")
                return redirect("admin:measures_progressupdate_change", pk)
            if not form.is_valid():
                return self._read_only(request, update, form)
            try:
                update.withdraw(form.cleaned_data["reason"])
            except ValidationError as error:
                form.add_error(None, sentences(error, ProgressUpdate))
                update.refresh_from_db()
                return self._read_only(request, update, form)
            log(request, update, f"ingetrokken: {update.withdrawal_reason}")
        update.measure.refresh_from_db()
        messages.success(
            request,
            f"{update.measure.code}: stand van zaken van {update.reporting_date_label} is "
            f"ingetrokken. De status is nu: {update.measure.get_status_display().lower()}.",
        )
        return redirect("admin:measures_progressupdate_change", pk)

    def _find(self, key) -> ProgressUpdate:
        try:
            return ProgressUpdate.objects.select_related(
                "measure", "author", "merged_into", "held_for"
            ).get(pk=unquote(str(key)))
        except (ProgressUpdate.DoesNotExist, ValueError) as error:
            raise Http404 from error

    def log_deletions(self, request, queryset):
        """In the history of the measure too: that of the update goes with it."""
        for update in queryset:
            text = f"concept verwijderd: {update}"
            if update.explanation:
                text += f": {update.explanation}"
            log(request, update.measure, text)
        return super().log_deletions(request, queryset)

    def _read_only(self, request, update, form):
        context = self.admin_site.each_context(request) | {
            "title": f"{update.measure.code}: stand van zaken van {update.reporting_date_label}",
            "opts": self.opts,
            "update": update,
            "measure": update.measure,
            "author": person(update.author),
            "form": form,
            "may_withdraw": update.is_public and self.has_change_permission(request),
            "media": self.media,
            "sources": update.sources.all(),
            "public_url": (
                update.measure.get_absolute_url()
                if update.is_public and update.measure.is_public
                else ""
            ),
        }
        return TemplateResponse(request, "admin/measures/published_update.html", context)

    def get_actions(self, request, action_location=ActionLocation.CHANGE_LIST):
        """With an action for each letter in preparation: hold what was chosen for it."""
        actions = super().get_actions(request, action_location)
        if action_location == ActionLocation.CHANGE_LIST and self.has_change_permission(request):
            for moment in ReportingMoment.objects.in_preparation():
                name = f"hold_for_{moment.pk}"
                label = f"Klaarzetten voor ‘{moment}’".replace("%", "%%")
                actions[name] = Action(_holding(moment), name, label, label, [action_location])
        return actions

    @admin.action(description="Gekozen concepten publiceren", permissions=["change"])
    def publish(self, request, queryset):
        published, refused = [], []
        for update in queryset.select_related("measure").order_by("reporting_date", "pk"):
            try:
                with transaction.atomic():
                    update = ProgressUpdate.objects.select_for_update().get(pk=update.pk)
                    if update.publication != Publication.CONCEPT:
                        raise ValidationError(
                            "Dit is geen concept meer. Alleen een concept kan worden gepubliceerd."
                        )
                    update.publish()
                    log(request, update, "gepubliceerd")
                    published.append(str(update))
            except ValidationError as error:
                refused.append(f"{update}: {sentences(error, ProgressUpdate)}")
        if published:
            self.message_user(request, f"Gepubliceerd: {'; '.join(published)}.", messages.SUCCESS)
        for line in refused:
            self.message_user(request, f"Niet gepubliceerd: {line}", messages.ERROR)

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

    @admin.display(description="klaargezet voor")
    def waits_for(self, update):
        return str(update.held_for) if update.is_held else ""

    @admin.display(description="auteur", ordering="author__username")
    def author_name(self, update):
        return person(update.author)
