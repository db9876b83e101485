"""Another lead, theme or deadline for several measures at once: all of them or none."""

import uuid
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from parties.admin_mixins import log, sentences
from parties.changes import Change
from parties.forms import DayInput
from parties.models import Party

from .. import rules
from ..models import DeadlineChange, Measure, Theme
from ..periods import Precision, format_period, period_end
from .bulk import chosen_measures
from .report_form import DONE, PREVIEW, PUBLISH, SUBMIT

KEEP, UNKNOWN = "", "onbekend"
OPENED_BEFORE = (
    "Intussen is een van deze maatregelen gewijzigd. Hieronder staat hoe het nu is. "
    "Bekijk het voorbeeld opnieuw."
)


class BulkChangeForm(forms.Form):
    """What changes for every chosen measure; what is left empty stays as it is."""

    maatregel = forms.ModelMultipleChoiceField(
        label="Maatregelen",
        queryset=Measure.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies minstens één maatregel."},
    )
    lead = forms.ChoiceField(label="Trekker", required=False)
    theme = forms.ModelChoiceField(
        Theme.objects.all(), label="Hoofdlijn", required=False, empty_label="Niet wijzigen"
    )
    deadline = forms.DateField(label="Nieuwe streefdatum", required=False, widget=DayInput)
    precision = forms.ChoiceField(
        label="Nauwkeurigheid van de streefdatum",
        choices=[choice for choice in Precision.choices if choice[0] != Precision.UNKNOWN],
        initial=Precision.DAY,
        required=False,
    )
    reporting_date = forms.DateField(
        label="Vanaf welke dag geldt deze datum?", required=False, widget=DayInput
    )
    reason = forms.CharField(
        label="Waarom verschuift de datum?",
        help_text="Deze reden komt bij elke gekozen maatregel te staan. Iedereen leest dit.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)
    # Every measure with its version, as the form was opened.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, measures, **kwargs):
        super().__init__(*args, **kwargs)
        self.measures = measures
        chosen = self.fields["maatregel"]
        chosen.queryset = Measure.objects.filter(pk__in=[measure.pk for measure in measures])
        chosen.choices = [(measure.pk, str(measure)) for measure in measures]
        self.fields["lead"].choices = [
            (KEEP, "Niet wijzigen"),
            (UNKNOWN, "Onbekend"),
            *((str(party.pk), party.name) for party in Party.objects.all()),
        ]

    def clean(self):
        cleaned = super().clean()
        if not any(cleaned.get(name) for name in ("lead", "theme", "deadline")):
            self.add_error(None, "Vul in wat er anders wordt: trekker, hoofdlijn of streefdatum.")
        if cleaned.get("deadline") and not cleaned.get("reporting_date"):
            self.add_error("reporting_date", "Vul in vanaf welke dag de nieuwe datum geldt.")
        if cleaned.get("reason") and not cleaned.get("deadline") and "deadline" not in self.errors:
            self.add_error("deadline", "U gaf een reden, maar geen nieuwe streefdatum.")
        if cleaned.get("seen") != seen_of(self.measures):
            self.data = self.data.copy()
            self.data["seen"] = seen_of(self.measures)
            self.add_error(None, OPENED_BEFORE)
        return cleaned

    def plans(self) -> list["Plan"]:
        """What happens to every chosen measure, in the order of their numbers."""
        return [
            Plan.of(measure, self.cleaned_data)
            for measure in self.measures
            if measure in self.cleaned_data["maatregel"]
        ]


@dataclass
class Plan:
    """One measure with its new values, unsaved, and what that changes."""

    measure: Measure
    change: DeadlineChange | None
    changes: list[Change]
    record_changes: bool

    @classmethod
    def of(cls, measure, data):
        changes = []
        if data["lead"]:
            before = measure.lead
            key = None if data["lead"] == UNKNOWN else int(data["lead"])
            measure.lead_id = key
            if key != (before.pk if before else None):
                changes.append(Change("trekker", _name(before), _name(measure.lead)))
        if data["theme"] and data["theme"] != measure.theme:
            changes.append(Change("hoofdlijn", str(measure.theme), str(data["theme"])))
            measure.theme = data["theme"]
        record_changes = bool(changes)
        change = None
        if data["deadline"]:
            change = DeadlineChange(
                measure=measure,
                deadline=period_end(data["deadline"], data["precision"]),
                precision=data["precision"],
                reporting_date=data["reporting_date"],
                reason=data["reason"],
                submission=uuid.uuid5(data["submission"], str(measure.pk)),
            )
            now = measure.deadline_text or format_period(
                measure.deadline, measure.deadline_precision
            )
            changes.append(Change("streefdatum", now if measure.deadline else "geen", change.label))
        return cls(measure, change, changes, record_changes)

    def problem(self) -> str:
        """What stands in the way, in Dutch, or nothing."""
        try:
            if self.record_changes:
                self.measure.full_clean()
        except ValidationError as error:
            return sentences(error, Measure)
        try:
            if self.change:
                self.change.check_for_the_public()
        except ValidationError as error:
            return sentences(error, DeadlineChange)
        return ""


def seen_of(measures) -> str:
    return " ".join(f"{measure.pk}:{measure.version}" for measure in measures)


def _name(party) -> str:
    return party.short_name if party else UNKNOWN


def change_measures(model_admin, request):
    """Show, preview, or save the form for the measures in the address."""
    measures = chosen_measures(request)
    if not isinstance(measures, list):
        return measures
    if request.method != "POST":
        initial = {
            "maatregel": measures,
            "reporting_date": timezone.localdate(),
            "submission": uuid.uuid4(),
            "seen": seen_of(measures),
        }
        return _screen(model_admin, request, BulkChangeForm(measures=measures, initial=initial))
    with transaction.atomic():
        keys = [measure.pk for measure in measures]
        held = Measure.objects.select_for_update().filter(pk__in=keys).order_by("pk")
        now = {measure.pk: measure for measure in held}
        measures = [now[key] for key in keys if key in now]
        if _sent_before(request, measures):
            messages.warning(request, "Dit was al opgeslagen. Er is niets twee keer gemaakt.")
            return redirect("admin:measures_measure_changelist")
        form = BulkChangeForm(request.POST, measures=measures)
        if not form.is_valid():
            return _screen(model_admin, request, form)
        plans = form.plans()
        if not any(plan.changes for plan in plans):
            messages.info(request, "Zo is het al. Er is niets gewijzigd.")
            return redirect("admin:measures_measure_changelist")
        problems = {plan.measure.pk: plan.problem() for plan in plans if plan.problem()}
        if problems or PREVIEW in request.POST:
            return _screen(model_admin, request, form, plans=plans, problems=problems)
        return _save(request, plans)


def _sent_before(request, measures) -> bool:
    """Whether this form made deadlines before; without a deadline a second time changes nothing."""
    try:
        submission = uuid.UUID(request.POST.get("submission", ""))
    except ValueError:
        return False
    ours = [uuid.uuid5(submission, str(measure.pk)) for measure in measures]
    return DeadlineChange.objects.filter(submission__in=ours).exists()


def _save(request, plans):
    # The deadline takes its way to the public; the record itself is changed at once.
    done = DONE[SUBMIT if rules.four_eyes() else PUBLISH]
    with transaction.atomic():
        for plan in plans:
            if plan.record_changes:
                plan.measure.save()
            if plan.change:
                plan.change.measure = plan.measure
                plan.change.write(request.user)
                if rules.four_eyes():
                    plan.change.submit(request.user)
                else:
                    plan.change.publish(request.user)
                log(request, plan.change, done)
            if plan.changes:
                log(request, plan.measure, "; ".join(str(change) for change in plan.changes))
    codes = ", ".join(plan.measure.code for plan in plans if plan.changes)
    messages.success(request, f"Gewijzigd: {codes}.")
    if any(plan.change for plan in plans):
        messages.success(request, f"De nieuwe streefdatum is {done}.")
    return redirect("admin:measures_measure_changelist")


def _screen(model_admin, request, form, *, plans=(), problems=None):
    chosen = {str(value) for value in form["maatregel"].value() or []}
    after = {plan.measure.pk: plan for plan in plans}
    rows = [
        {
            "measure": measure,
            "is_chosen": not form.is_bound or str(measure.pk) in chosen,
            "problem": (problems or {}).get(measure.pk),
            "changes": after[measure.pk].changes if measure.pk in after else [],
        }
        for measure in form.measures
    ]
    context = model_admin.admin_site.each_context(request) | {
        "title": "Trekker, hoofdlijn of streefdatum wijzigen",
        "opts": Measure._meta,
        "form": form,
        "rows": rows,
        "problems": problems,
        "is_preview": bool(plans) and not problems,
        "four_eyes": rules.four_eyes(),
        "media": model_admin.media + form.media,
    }
    return TemplateResponse(request, "admin/measures/bulk_change.html", context)
