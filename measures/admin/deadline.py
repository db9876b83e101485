"""The staff screens of deadlines: a short form to give or move one, and the ledger.

A concept can be changed and published; what was published is read-only and can be
withdrawn, with a reason. Nothing here changes anything on a GET.
"""

import uuid

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from parties.admin_mixins import PublishableAdmin, log, person, sentences
from parties.changes import changes_of
from parties.forms import DayInput, StaleFormMixin
from parties.publication import Publication

from ..models import DeadlineChange, Measure, ReportingMoment
from .update_form import CONCEPT, HOLD, PUBLISH

ALREADY_SAVED = "Deze streefdatum was al opgeslagen. Er is niets twee keer gemaakt."


class DeadlineForm(StaleFormMixin, forms.ModelForm):
    """A deadline of one measure: the first, or a shift with its reason."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    moment = forms.ModelChoiceField(
        ReportingMoment.objects.none(),
        required=False,
        label="Klaarzetten voor",
        empty_label="Kies een brief",
        help_text="Wordt openbaar samen met die brief, en niet eerder.",
    )

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

    def __init__(self, *args, publishing=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["moment"].queryset = ReportingMoment.objects.in_preparation()
        self.initial.setdefault("moment", self.instance.held_for_id)
        self.initial.setdefault("seen", latest_of(self.instance.measure))
        others = self.instance.measure.deadline_changes.exclude(pk=self.instance.pk)
        if others.exclude(publication=Publication.WITHDRAWN).exists():
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = (
                "Zeg waarom de streefdatum verschuift."
            )
        self.initial["submission"] = self.initial.get("submission") or self.instance.submission
        if publishing:
            self.instance.publication = Publication.PUBLIC

    def clean(self):
        cleaned = super().clean()
        if HOLD in self.data and not cleaned.get("moment") and "moment" not in self.errors:
            self.add_error("moment", "Kies de brief waarvoor u dit klaarzet.")
        latest = latest_of(self.instance.measure)
        if (cleaned.get("seen") or "") != latest:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = latest
            self.add_error(
                None,
                "Intussen is de streefdatum gewijzigd. Boven dit formulier staat hoe het nu is.",
            )
        return cleaned

    def add_model_errors(self, error: ValidationError) -> None:
        by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error}
        for name, found in by_field.items():
            self.add_error(name if name in self.fields else None, found)


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label="Waarom trekt u deze streefdatum in?",
        help_text="Deze reden blijft bewaard en staat in de geschiedenis.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Zeg waarom u deze streefdatum intrekt."},
    )


def latest_of(measure) -> str:
    """Which published deadline holds for a measure now, as a form carries it."""
    latest = measure.deadline_changes.published().latest_first()
    return str(latest.values_list("pk", flat=True).first() or "")


def new_change(model_admin, request, pk):
    """Give the measure with this key its first deadline, or move it."""
    measure = get_object_or_404(Measure, pk=pk)
    if request.method != "POST":
        initial = {"submission": uuid.uuid4()}
        if measure.deadline_changes.published().exists():
            initial["reporting_date"] = timezone.localdate()
        change = DeadlineChange(measure=measure)
        return _screen(model_admin, request, DeadlineForm(instance=change, initial=initial))
    with transaction.atomic():
        Measure.objects.select_for_update().get(pk=pk)
        saved = DeadlineChange.objects.filter(submission=_submission(request)).first()
        if saved:
            messages.warning(request, ALREADY_SAVED)
            return redirect("admin:measures_deadlinechange_change", saved.pk)
        return _answer(model_admin, request, DeadlineChange(measure=measure, author=request.user))


def _submission(request):
    try:
        return uuid.UUID(request.POST.get("submission", ""))
    except ValueError:
        return None


def _answer(model_admin, request, change):
    """Do what the button says, or show the form again with what is wrong."""
    publishing, holding = CONCEPT not in request.POST, HOLD in request.POST
    form = DeadlineForm(request.POST, instance=change, publishing=publishing)
    is_new = change.pk is None
    if not form.is_valid():
        return _screen(model_admin, request, form)
    change = form.save(commit=False)
    change.submission = form.cleaned_data["submission"] if is_new else change.submission
    try:
        with transaction.atomic():
            if holding:
                change.hold(form.cleaned_data["moment"])
            elif publishing:
                change.publish()
            else:
                change.held_for = None
                change.full_clean()
                change.save()
            form.save_m2m()
    except ValidationError as error:
        form.add_model_errors(error)
        return _screen(model_admin, request, form)
    done = "gepubliceerd" if publishing else "opgeslagen als concept"
    if holding:
        done = f"klaargezet voor ‘{change.held_for}’"
    changes = "; ".join(map(str, changes_of(form)))
    text = done if is_new or not changes else f"{done}; {changes}"
    log(request, change, text, ADDITION if is_new else CHANGE)
    log(request, change.measure, f"streefdatum {change.label} {done}")
    messages.success(request, f"{change.measure.code}: streefdatum {change.label} is {done}.")
    return redirect("admin:measures_measure_deadline", change.measure_id)


def _screen(model_admin, request, form):
    change = form.instance
    context = model_admin.admin_site.each_context(request) | {
        "title": f"Streefdatum: {change.measure.code}",
        "opts": Measure._meta,
        "measure": change.measure,
        "change": change,
        "ledger": _ledger(change.measure),
        "form": form,
        "buttons": {"publish": PUBLISH, "concept": CONCEPT, "hold": HOLD},
        "media": model_admin.media + form.media,
    }
    return TemplateResponse(request, "admin/measures/deadline_form.html", context)


def _ledger(measure):
    """All rows of the ledger, concepts and withdrawn ones too, latest first."""
    rows = measure.deadline_changes.latest_first().select_related("letter", "author", "held_for")
    return rows.prefetch_related("sources")


@admin.register(DeadlineChange)
class DeadlineChangeAdmin(PublishableAdmin):
    list_display = ["measure", "deadline_text", "since", "reason", "publication_mark"]
    list_display_links = ["measure", "deadline_text"]
    list_filter = ["publication", "is_original"]
    list_select_related = ["measure"]
    search_fields = ["measure__title", "reason", "wording"]
    search_help_text = "Zoek op titel van de maatregel of reden."
    fields = ["deadline", "reason"]
    actions = []

    def has_add_permission(self, request):
        """Never without a measure: the form for a new one starts from the measure."""
        return False

    def get_urls(self):
        withdraw = self.admin_site.admin_view(require_POST(self.withdraw_view))
        return [
            path("<int:pk>/intrekken/", withdraw, name="measures_deadlinechange_withdraw"),
            *super().get_urls(),
        ]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        change = self._find(object_id)
        may_change = self.has_change_permission(request)
        if not (may_change or (request.method != "POST" and self.has_view_permission(request))):
            raise PermissionDenied
        is_open = change.publication == Publication.CONCEPT and not (
            change.held_for and not change.held_for.is_in_preparation
        )
        if not (is_open and may_change):
            if request.method == "POST":
                messages.error(
                    request, "Dit ligt intussen vast. Er is niets gewijzigd. Maak een nieuwe."
                )
            return self._read_only(request, change, WithdrawalForm())
        if request.method != "POST":
            return _screen(self, request, DeadlineForm(instance=change))
        with transaction.atomic():
            Measure.objects.select_for_update().get(pk=change.measure_id)
            change = DeadlineChange.objects.select_for_update().get(pk=change.pk)
            if change.publication != Publication.CONCEPT:
                messages.warning(request, ALREADY_SAVED)
                return redirect("admin:measures_deadlinechange_change", change.pk)
            if change.is_held and not change.held_for.is_in_preparation:
                messages.error(
                    request,
                    f"Dit ligt intussen vast voor ‘{change.held_for}’. Er is niets gewijzigd.",
                )
                return redirect("admin:measures_deadlinechange_change", change.pk)
            return _answer(self, request, change)

    def history_view(self, request, object_id, extra_context=None):
        return redirect("admin:measures_measure_record", self._find(object_id).measure_id)

    def withdraw_view(self, request, pk):
        form = WithdrawalForm(request.POST)
        with transaction.atomic():
            change = self._find(pk)
            if not self.has_change_permission(request, change):
                raise PermissionDenied
            if not change.is_public:
                messages.warning(request, "Deze streefdatum was al ingetrokken.")
                return redirect("admin:measures_deadlinechange_change", pk)
            if not form.is_valid():
                return self._read_only(request, change, form)
            try:
                change.withdraw(form.cleaned_data["reason"])
            except ValidationError as error:
                form.add_error(None, sentences(error, DeadlineChange))
                change.refresh_from_db()
                return self._read_only(request, change, form)
            log(request, change, f"ingetrokken: {change.withdrawal_reason}")
            log(request, change.measure, f"streefdatum {change.label} ingetrokken")
        messages.success(request, f"{change.measure.code}: streefdatum is ingetrokken.")
        return redirect("admin:measures_measure_deadline", change.measure_id)

    def _find(self, key) -> DeadlineChange:
        found = DeadlineChange.objects.select_related("measure", "letter", "author", "held_for")
        return get_object_or_404(found, pk=key if str(key).isdecimal() else None)

    def _read_only(self, request, change, form):
        context = self.admin_site.each_context(request) | {
            "title": str(change),
            "opts": self.opts,
            "measure": change.measure,
            "change": change,
            "author": person(change.author),
            "form": form,
            "may_withdraw": change.is_public and self.has_change_permission(request),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/measures/published_deadline.html", context)

    @admin.display(description="streefdatum", ordering="deadline")
    def deadline_text(self, change):
        return change.label

    @admin.display(description="geldt sinds", ordering="reporting_date")
    def since(self, change):
        return change.reporting_date_label if change.reporting_date else "onbekend"
