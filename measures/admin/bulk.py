"""One progress update for several measures at once: all of them or none."""

import uuid

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from parties.admin_mixins import log, sentences
from parties.certainty import Certainty
from parties.forms import DayInput

from .. import rules
from ..models import Measure, ProgressUpdate, Status
from ..periods import Precision, period_end
from .report_form import CONCEPT, DONE, PREVIEW, PUBLISH, SUBMIT, latest_of

# More than anybody can look over in one form.
MOST = 100
CHANGED = (
    "Intussen is er een stand van zaken van een van deze maatregelen gepubliceerd of "
    "ingetrokken. Bij de maatregelen staat hoe het nu is."
)


SENT_BEFORE = (
    "Dit formulier is al opgeslagen, met een andere inhoud. Slaat u nog een keer op, dan krijgt "
    "elke gekozen maatregel er nog een stand van zaken bij."
)
TOO_MANY = f"Kies hoogstens {MOST} maatregelen tegelijk."


class BulkForm(forms.Form):
    """What is the same for every chosen measure."""

    maatregel = forms.ModelMultipleChoiceField(
        label="Maatregelen",
        queryset=Measure.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies minstens één maatregel."},
    )
    status = forms.ChoiceField(
        label="Status",
        # 'Opgegaan in' names another measure for each; that is not for many at once.
        choices=[("", "Kies een status")]
        + [choice for choice in Status.choices if choice[0] != Status.MERGED],
    )
    reporting_date = forms.DateField(label="Peildatum", widget=DayInput)
    reporting_date_precision = forms.ChoiceField(
        label="Nauwkeurigheid van de peildatum",
        choices=[choice for choice in Precision.choices if choice[0] != Precision.UNKNOWN],
        initial=Precision.DAY,
    )
    explanation = forms.CharField(
        label="Stand van zaken",
        help_text="Deze tekst komt bij elke gekozen maatregel te staan.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    sources = forms.ModelMultipleChoiceField(
        label="Bronnen",
        required=False,
        queryset=None,
        widget=AutocompleteSelectMultiple(ProgressUpdate._meta.get_field("sources"), admin.site),
    )
    certainty = forms.ChoiceField(
        label="Zekerheid", choices=Certainty.choices, initial=Certainty.UNKNOWN
    )
    remark = forms.CharField(
        label="Opmerking bij de bron", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, measures, **kwargs):
        super().__init__(*args, **kwargs)
        self.measures = measures
        chosen = self.fields["maatregel"]
        chosen.queryset = Measure.objects.filter(pk__in=[measure.pk for measure in measures])
        chosen.choices = [(measure.pk, str(measure)) for measure in measures]
        self.fields["sources"].queryset = ProgressUpdate.sources.field.related_model.objects.all()

    def clean(self):
        cleaned = super().clean()
        now = seen_of(self.measures)
        if cleaned.get("seen") != now:
            self.data = self.data.copy()
            self.data["seen"] = now
            self.add_error(None, CHANGED)
        return cleaned

    def says_something_else(self, saved: ProgressUpdate) -> bool:
        """Whether this was changed after `saved` was made by it."""
        return any(
            self.cleaned_data.get(name) != getattr(saved, name)
            for name in ("status", "explanation", "certainty", "remark")
        )

    def start_anew(self) -> None:
        """Make of this a form that was not sent before, and say so."""
        self.data = self.data.copy()
        self.data["submission"] = str(uuid.uuid4())
        self.add_error(None, SENT_BEFORE)

    def updates(self, author) -> list[ProgressUpdate]:
        """One unsaved update per chosen measure, in the order of their numbers."""
        data = self.cleaned_data
        return [
            ProgressUpdate(
                measure=measure,
                status=data["status"],
                reporting_date=period_end(data["reporting_date"], data["reporting_date_precision"]),
                reporting_date_precision=data["reporting_date_precision"],
                explanation=data["explanation"],
                certainty=data["certainty"],
                remark=data["remark"],
                author=author,
                # The same form makes the same updates, however often it is sent.
                submission=uuid.uuid5(data["submission"], str(measure.pk)),
            )
            for measure in self.measures
            if measure in data["maatregel"]
        ]


def seen_of(measures) -> str:
    return " ".join(f"{measure.pk}:{latest_of(ProgressUpdate, measure)}" for measure in measures)


def chosen_measures(request):
    """The measures that a form for several is about, or the answer when it cannot be shown."""
    keys = request.POST.getlist("shown") or request.GET.getlist("maatregel")
    measures = list(Measure.objects.filter(pk__in=[key for key in keys if key.isdecimal()]))
    if not measures:
        messages.error(request, "Kies eerst maatregelen in de lijst.")
        return redirect("admin:measures_measure_changelist")
    if not all(rules.works_on(request.user, measure) for measure in measures):
        messages.error(request, "Een van deze maatregelen hoort niet bij uw werkgebied.")
        return redirect("admin:measures_measure_changelist")
    if len(measures) > MOST:
        messages.error(request, TOO_MANY)
        return redirect("admin:measures_measure_changelist")
    return measures


def update_measures(model_admin, request):
    """Show, preview, or save the form for the measures in the address."""
    measures = chosen_measures(request)
    if not isinstance(measures, list):
        return measures
    if request.method != "POST":
        form = BulkForm(
            measures=measures,
            initial={
                "maatregel": measures,
                "reporting_date": timezone.localdate(),
                "submission": uuid.uuid4(),
                "seen": seen_of(measures),
            },
        )
        return _screen(model_admin, request, form)
    with transaction.atomic():
        # In one order, so that two of these forms wait for each other.
        shown = [measure.pk for measure in measures]
        list(Measure.objects.select_for_update().filter(pk__in=shown).order_by("pk"))
        form = BulkForm(request.POST, measures=measures)
        is_valid = form.is_valid()
        saved = _saved(request, measures)
        if saved and PREVIEW not in request.POST:
            if not form.says_something_else(saved):
                messages.warning(
                    request,
                    "Deze standen van zaken waren al opgeslagen. Er is niets twee keer gemaakt.",
                )
                return redirect("admin:measures_measure_changelist")
            form.start_anew()
            return _screen(model_admin, request, form)
        if not is_valid:
            return _screen(model_admin, request, form)
        updates = form.updates(request.user)
        if problems := _problems(updates, publishing=CONCEPT not in request.POST):
            return _screen(model_admin, request, form, problems=problems)
        if PREVIEW in request.POST:
            return _screen(model_admin, request, form, updates=updates)
        return _save(request, form, updates)


def _saved(request, measures) -> ProgressUpdate | None:
    """One of the updates that this form made, when it was sent before."""
    try:
        submission = uuid.UUID(request.POST.get("submission", ""))
    except ValueError:
        return None
    ours = [uuid.uuid5(submission, str(measure.pk)) for measure in measures]
    return ProgressUpdate.objects.filter(submission__in=ours).first()


def _problems(updates, *, publishing) -> dict[int, str]:
    """What stands in the way, in Dutch, by the key of the measure."""
    problems = {}
    for update in updates:
        try:
            if publishing:
                update.check_for_the_public()
            else:
                update.full_clean()
        except ValidationError as error:
            problems[update.measure_id] = sentences(error, ProgressUpdate)
    return problems


def _save(request, form, updates):
    button = next((name for name in (SUBMIT, PUBLISH) if name in request.POST), CONCEPT)
    with transaction.atomic():
        for update in updates:
            update.write(request.user)
            update.sources.set(form.cleaned_data["sources"])
            if button == SUBMIT:
                update.submit(request.user)
            elif button == PUBLISH:
                update.publish(request.user)
            log(request, update, DONE[button], ADDITION)
    codes = ", ".join(update.measure.code for update in updates)
    status = Status(form.cleaned_data["status"]).label.lower()
    messages.success(request, f"Stand van zaken ‘{status}’ {DONE[button]} voor {codes}.")
    return redirect("admin:measures_measure_changelist")


def _screen(model_admin, request, form, *, problems=None, updates=()):
    chosen = {str(value) for value in form["maatregel"].value() or []}
    after = {update.measure_id: update for update in updates}
    rows = []
    for measure in form.measures:
        measure.refresh_from_db(fields=["status", "reported_on"])
        is_chosen = not form.is_bound or str(measure.pk) in chosen
        rows.append(
            {
                "measure": measure,
                "is_chosen": is_chosen,
                "problem": (problems or {}).get(measure.pk),
                "update": after.get(measure.pk),
            }
        )
    sources = list(form.cleaned_data["sources"]) if updates else []
    context = model_admin.admin_site.each_context(request) | {
        "title": "Stand van zaken voor meer maatregelen",
        "opts": Measure._meta,
        "form": form,
        "rows": rows,
        "problems": problems,
        "updates": updates,
        "four_eyes": rules.four_eyes(),
        "sources": [source for source in sources if source.is_public],
        "hidden_sources": [source for source in sources if not source.is_public],
        "media": model_admin.media + form.media,
    }
    return TemplateResponse(request, "admin/measures/bulk.html", context)
