"""One short form for a progress update: new, or still concept.

'Voorbeeld bekijken' saves nothing; 'Opslaan als concept', 'Klaarzetten' (for a letter in
preparation) and 'Publiceren' do.
Nothing here changes anything on a GET.
"""

import uuid

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from parties.admin_mixins import last_log_entry, log, moment, person
from parties.changes import changes_of
from parties.forms import DayInput, StaleFormMixin
from parties.publication import Publication

from ..models import Measure, ProgressUpdate, ReportingMoment, Status

PREVIEW, CONCEPT, PUBLISH, HOLD = "_preview", "_concept", "_publish", "_hold"
ALREADY_SAVED = "Deze stand van zaken was al opgeslagen. Er is niets twee keer gemaakt."


class UpdateForm(StaleFormMixin, forms.ModelForm):
    """A progress update of one measure; the measure is not for the form to choose."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    # So that what was typed can be kept when the concept itself is gone.
    of_measure = forms.IntegerField(widget=forms.HiddenInput, required=False)

    # A letter in preparation that this waits for; only the button 'Klaarzetten' looks at it.
    moment = forms.ModelChoiceField(
        ReportingMoment.objects.none(),
        required=False,
        label="Klaarzetten voor",
        empty_label="Kies een brief",
        help_text="Wordt openbaar samen met die brief, en niet eerder.",
    )

    class Meta:
        model = ProgressUpdate
        fields = [
            "status",
            "merged_into",
            "reporting_date",
            "reporting_date_precision",
            "explanation",
            "sources",
            "certainty",
            "remark",
            "letter",
        ]
        widgets = {
            "reporting_date": DayInput,
            "explanation": forms.Textarea(attrs={"rows": 6}),
            "remark": forms.Textarea(attrs={"rows": 2}),
            "sources": AutocompleteSelectMultiple(
                ProgressUpdate._meta.get_field("sources"), admin.site
            ),
        }
        labels = {"merged_into": "Opgegaan in maatregel"}

    def __init__(self, *args, publishing=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.publishing = publishing
        self.fields["moment"].queryset = ReportingMoment.objects.in_preparation()
        self.initial.setdefault("moment", self.instance.held_for_id)
        for name in ("reporting_date", "explanation"):
            self.fields[name].optional = "(mag leeg zijn in een concept)"
        self.fields["merged_into"].queryset = Measure.objects.public().exclude(
            pk=self.instance.measure_id
        )
        self.initial.setdefault("seen", latest_of(self.instance.measure))
        self.initial["of_measure"] = self.instance.measure_id
        self.initial["submission"] = self.initial.get("submission") or self.instance.submission
        if publishing:
            # So that the model checks what it checks of a published update.
            self.instance.publication = Publication.PUBLIC

    def clean(self):
        cleaned = super().clean()
        status, target = cleaned.get("status"), cleaned.get("merged_into")
        if status == Status.MERGED and not target and "merged_into" not in self.errors:
            self.add_error("merged_into", "Kies de maatregel waarin deze is opgegaan.")
        if status and status != Status.MERGED and target:
            self.add_error(
                "merged_into", "Dit hoort alleen bij de status ‘opgegaan in’. Maak dit veld leeg."
            )
        if self.publishing:
            if not cleaned.get("reporting_date") and "reporting_date" not in self.errors:
                self.add_error("reporting_date", "Vul een peildatum in.")
            if not (cleaned.get("explanation") or "").strip():
                self.add_error("explanation", "Vul een tekst in: dit is wat iedereen leest.")
        if HOLD in self.data and not cleaned.get("moment") and "moment" not in self.errors:
            self.add_error("moment", "Kies de brief waarvoor u dit klaarzet.")
        latest = latest_of(self.instance.measure)
        if (cleaned.get("seen") or "") != latest:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = latest
            self.add_error(
                None,
                "Intussen is er een stand van zaken van deze maatregel gepubliceerd of "
                "ingetrokken. Boven dit formulier staat hoe het nu is.",
            )
        return cleaned

    def add_model_errors(self, error: ValidationError) -> None:
        """Put each message beside its field; what has no field here goes on top."""
        by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error}
        for name, found in by_field.items():
            self.add_error(name if name in self.fields else None, found)


def latest_of(measure) -> str:
    """Which published update holds for a measure now, as a form carries it."""
    latest = ProgressUpdate.objects.published().filter(measure=measure).latest_first()
    return str(latest.values_list("pk", flat=True).first() or "")


def new_update(model_admin, request, pk):
    """Make a progress update for the measure with this key."""
    measure = get_object_or_404(Measure, pk=pk)
    if request.method != "POST":
        update = ProgressUpdate(measure=measure, status=measure.status)
        initial = {"reporting_date": timezone.localdate(), "submission": uuid.uuid4()}
        return _screen(model_admin, request, UpdateForm(instance=update, initial=initial))
    with transaction.atomic():
        Measure.objects.select_for_update().get(pk=pk)
        saved = _saved(request.POST.get("submission"))
        if saved and PREVIEW not in request.POST:
            return _after_saving(model_admin, request, saved)
        update = ProgressUpdate(measure=measure, author=request.user)
        return _answer(model_admin, request, update)


def edit_concept(model_admin, request, update):
    """Change, publish or just look at an update that is still concept."""
    if request.method != "POST":
        return _screen(model_admin, request, UpdateForm(instance=update))
    with transaction.atomic():
        Measure.objects.select_for_update().get(pk=update.measure_id)
        update = ProgressUpdate.objects.select_for_update().filter(pk=update.pk).first()
        if update is None:
            return after_deletion(model_admin, request)
        if update.publication != Publication.CONCEPT:
            return _after_publication(model_admin, request, update)
        if update.is_held and not update.held_for.is_in_preparation:
            return _keep_what_was_typed(
                model_admin,
                request,
                update.measure,
                f"De tekst ligt intussen vast voor ‘{update.held_for}’.",
            )
        return _answer(model_admin, request, update)


def _after_saving(model_admin, request, saved):
    """Answer a new form that was sent before: pressed twice, or gone back to and changed."""
    if saved.publication != Publication.CONCEPT:
        return _after_publication(model_admin, request, saved)
    form = UpdateForm(request.POST, instance=saved)
    if form.is_valid() or not form.differs():
        messages.warning(request, ALREADY_SAVED)
        return redirect("admin:measures_progressupdate_change", saved.pk)
    # Without a version, what differs is stale: both texts are shown.
    return _screen(model_admin, request, form)


def _after_publication(model_admin, request, update):
    """Answer a form whose update was published after it was opened."""
    form = UpdateForm(request.POST, instance=update)
    form.is_valid()
    if not form.differs():
        messages.warning(request, ALREADY_SAVED)
        return redirect("admin:measures_progressupdate_change", update.pk)
    entry = last_log_entry(update)
    return _keep_what_was_typed(
        model_admin, request, update.measure, f"Dit is intussen gepubliceerd{_by(entry)}."
    )


def after_deletion(model_admin, request):
    """Answer a form whose concept is not there any more."""
    key = request.POST.get("of_measure", "")
    measure = Measure.objects.filter(pk=key).first() if key.isdecimal() else None
    if measure is None:
        raise Http404
    return _keep_what_was_typed(
        model_admin,
        request,
        measure,
        f"Dit concept is intussen verwijderd{_by(last_log_entry(measure))}.",
    )


def _by(entry) -> str:
    return f" ({person(entry.user)}, {moment(entry.action_time)})" if entry else ""


def _keep_what_was_typed(model_admin, request, measure, notice):
    """Show what was typed as a new update: nothing is lost and nothing overwritten."""
    data = request.POST.copy()
    data["submission"], data["seen"] = str(uuid.uuid4()), latest_of(measure)
    form = UpdateForm(data, instance=ProgressUpdate(measure=measure))
    return _screen(model_admin, request, form, notice=notice)


def _saved(submission: str | None) -> ProgressUpdate | None:
    """What the form with this number made, when it was sent before."""
    try:
        return ProgressUpdate.objects.filter(submission=uuid.UUID(submission or "")).first()
    except ValueError:
        return None


def _answer(model_admin, request, update):
    """Do what the button says, or show the form again with what is wrong."""
    publishing = CONCEPT not in request.POST
    form = UpdateForm(request.POST, instance=update, publishing=publishing)
    is_new = update.pk is None
    if not form.is_valid() or PREVIEW in request.POST:
        return _screen(model_admin, request, form, preview=PREVIEW in request.POST)
    holding = HOLD in request.POST
    if not (is_new or publishing or form.differs() or update.is_held):
        messages.info(request, ALREADY_SAVED)
        return redirect("admin:measures_progressupdate_change", update.pk)
    update = form.save(commit=False)
    update.submission = form.cleaned_data["submission"] if is_new else update.submission
    try:
        # A savepoint: what the database refuses must not break the form.
        with transaction.atomic():
            if holding:
                update.hold(form.cleaned_data["moment"])
            elif publishing:
                update.publish()
            else:
                # What is saved as a concept waits for nothing.
                update.held_for = None
                update.save()
            form.save_m2m()
    except ValidationError as error:
        form.add_model_errors(error)
        return _screen(model_admin, request, form)
    changes = "; ".join(str(change) for change in changes_of(form))
    what = "gepubliceerd" if publishing else "opgeslagen als concept"
    if holding:
        what = f"klaargezet voor ‘{update.held_for}’"
    text = what if is_new or not changes else f"{what}; {changes}"
    log(request, update, text, ADDITION if is_new else CHANGE)
    _tell(request, update, text)
    if publishing and not holding:
        return redirect("admin:measures_measure_changelist")
    return redirect("admin:measures_progressupdate_change", update.pk)


def _tell(request, update, text):
    status = update.status_label
    messages.success(
        request,
        f"{update.measure.code}: stand van zaken van {update.reporting_date_label} "
        f"({status}) is {text}.",
    )


def _screen(model_admin, request, form, *, preview=False, notice=""):
    update = form.instance
    measure = update.measure
    measure.refresh_from_db(fields=["status", "reported_on"])
    context = model_admin.admin_site.each_context(request) | {
        "title": f"{'Concept' if update.pk else 'Nieuwe stand van zaken'}: {measure.code}",
        "opts": Measure._meta,
        "measure": measure,
        "standing": standing_of(measure),
        "form": form,
        "notice": notice,
        # Not always the address of this page: see _after_saving and _keep_what_was_typed.
        "form_action": reverse("admin:measures_progressupdate_change", args=[update.pk])
        if update.pk
        else reverse("admin:measures_measure_update", args=[measure.pk]),
        "media": model_admin.media + form.media,
        "is_new": update.pk is None,
        "update": update,
        "preview": preview_of(form) if preview else None,
    }
    if form.is_bound and form.is_stale:
        context["stale_entry"] = last_log_entry(update)
        context["stale_changes"] = changes_of(form)
    return TemplateResponse(request, "admin/measures/update_form.html", context)


def standing_of(measure) -> ProgressUpdate | None:
    """The published update that holds for a measure now."""
    published = ProgressUpdate.objects.published().filter(measure=measure)
    return published.latest_first().select_related("merged_into").first()


def preview_of(form) -> dict | None:
    """The update as the public will read it, as far as it can be read."""
    data = form.cleaned_data
    if "status" not in data:
        return None
    sources = list(data.get("sources") or [])
    return {
        "update": form.instance,
        "is_hidden": not form.instance.measure.is_public,
        "sources": [source for source in sources if source.is_public],
        "hidden_sources": [source for source in sources if not source.is_public],
    }
