"""What the forms for a report about one measure share: an update, a deadline.

'Opslaan als concept' and 'Ter goedkeuring' save; in a team of one also 'Publiceren' and
'Klaarzetten' (for a letter in preparation). Nothing changes on a GET. Whatever happened
since a form was opened, what was typed is kept and nothing is made twice: saving compares
under a lock.
"""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from parties.admin_mixins import last_log_entry, log, moment, person
from parties.changes import changes_of
from parties.forms import StaleFormMixin
from parties.publication import Publication

from .. import rules
from ..models import Measure, ReportingMoment

PREVIEW, CONCEPT, SUBMIT = "_preview", "_concept", "_submit"
PUBLISH, HOLD = "_publish", "_hold"
# Buttons that need the text to be as complete as the public will read it.
COMPLETE = {PREVIEW, SUBMIT, PUBLISH, HOLD}
DONE = {
    CONCEPT: "opgeslagen als concept",
    SUBMIT: "ter goedkeuring aangeboden",
    PUBLISH: "gepubliceerd",
    HOLD: "klaargezet voor ‘{moment}’",
}


def latest_of(model, measure) -> str:
    """Which published report holds for a measure now, as a form carries it."""
    latest = model.objects.published().filter(measure=measure).latest_first()
    return str(latest.values_list("pk", flat=True).first() or "")


class ReportForm(StaleFormMixin, forms.ModelForm):
    """A report about one measure; the measure is not for the form to choose."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    # The published report that held when the form was opened.
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

    # What to say when another report was published meanwhile.
    overtaken = ""

    def __init__(self, *args, publishing=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.publishing = publishing
        self.fields["moment"].queryset = ReportingMoment.objects.in_preparation()
        self.initial.setdefault("moment", self.instance.held_for_id)
        self.initial.setdefault("seen", self._latest())
        self.initial["of_measure"] = self.instance.measure_id
        self.initial["submission"] = self.initial.get("submission") or self.instance.submission
        if publishing:
            # So that the model checks what it checks of a published report.
            self.instance.publication = Publication.PUBLIC

    def _latest(self) -> str:
        return latest_of(self._meta.model, self.instance.measure)

    def clean(self):
        cleaned = super().clean()
        if HOLD in self.data and not cleaned.get("moment") and "moment" not in self.errors:
            self.add_error("moment", "Kies de brief waarvoor u dit klaarzet.")
        if (cleaned.get("seen") or "") != (latest := self._latest()):
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = latest
            self.add_error(None, f"{self.overtaken} Boven dit formulier staat hoe het nu is.")
        return cleaned

    def add_model_errors(self, error: ValidationError) -> None:
        """Put each message beside its field; what has no field here goes on top."""
        by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error}
        for name, found in by_field.items():
            self.add_error(name if name in self.fields else None, found)


class WithdrawalForm(forms.Form):
    """Why a published report is withdrawn; `what` is 'deze stand van zaken'."""

    reason = forms.CharField(
        help_text="Deze reden blijft bewaard en staat in de geschiedenis.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, what: str, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = f"Waarom trekt u {what} in?"
        self.fields["reason"].error_messages["required"] = f"Zeg waarom u {what} intrekt."


class ReportScreen:
    """The screen for one kind of report, during one request."""

    model: Any
    form: type[ReportForm]
    template: str
    # The address of the form for a new report; takes the key of the measure.
    new_url: str
    # 'Deze stand van zaken'.
    this: str

    def __init__(self, model_admin, request):
        self.model_admin, self.request = model_admin, request

    # What differs per kind.

    def blank(self, measure):
        """A report that is not saved yet."""
        return self.model(measure=measure)

    def initial(self, measure) -> dict:
        """What stands in the form for a new report."""
        return {}

    def context(self, form) -> dict:
        """What the template shows beside the form."""
        return {}

    def saved(self, report, done: str, text: str, flag: int):
        """Log and tell what happened (`done`, with the changes: `text`); where to go next."""
        raise NotImplementedError

    # Opening and sending a form.

    def new(self, pk):
        """Make a report about the measure with this key."""
        measure = get_object_or_404(Measure, pk=pk)
        if not rules.works_on(self.request.user, measure):
            raise PermissionDenied(rules.NOT_YOURS)
        if self.request.method != "POST":
            initial = {"submission": uuid.uuid4(), **self.initial(measure)}
            return self.show(self.form(instance=self.blank(measure), initial=initial))
        with transaction.atomic():
            Measure.objects.select_for_update().get(pk=pk)
            sent = self._sent_before()
            if sent and PREVIEW not in self.request.POST:
                return self._after_saving(sent)
            return self._answer(self.model(measure=measure, author=self.request.user))

    def edit(self, report):
        """Change, hold, publish or just look at a report that is still concept."""
        if self.request.method != "POST":
            return self.show(self.form(instance=report))
        with transaction.atomic():
            Measure.objects.select_for_update().get(pk=report.measure_id)
            report = self.model.objects.select_for_update().filter(pk=report.pk).first()
            if report is None:
                return self.after_deletion()
            if report.publication != Publication.CONCEPT:
                return self._after_publication(report)
            if report.is_frozen:
                text = f"De tekst ligt intussen vast voor ‘{report.held_for}’."
                return self._keep_what_was_typed(report.measure, text)
            return self._answer(report)

    def _sent_before(self):
        """What the form with this number made, when it was sent before."""
        try:
            submission = uuid.UUID(self.request.POST.get("submission", ""))
        except ValueError:
            return None
        return self.model.objects.filter(submission=submission).first()

    def _after_saving(self, saved):
        """Answer a new form that was sent before: pressed twice, or gone back to and changed."""
        if saved.publication != Publication.CONCEPT:
            return self._after_publication(saved)
        form = self.form(self.request.POST, instance=saved)
        if form.is_valid() or not form.differs():
            return self._already_saved(saved)
        # Without a version, what differs is stale: both texts are shown.
        return self.show(form)

    def _after_publication(self, report):
        """Answer a form whose report was published after it was opened."""
        form = self.form(self.request.POST, instance=report)
        form.is_valid()
        if not form.differs():
            return self._already_saved(report)
        text = f"Dit is intussen gepubliceerd{_by(last_log_entry(report))}."
        return self._keep_what_was_typed(report.measure, text)

    def after_deletion(self):
        """Answer a form whose concept is not there any more."""
        key = self.request.POST.get("of_measure", "")
        measure = Measure.objects.filter(pk=key).first() if key.isdecimal() else None
        if measure is None:
            raise Http404
        text = f"Dit concept is intussen verwijderd{_by(last_log_entry(measure))}."
        return self._keep_what_was_typed(measure, text)

    def _already_saved(self, report, level=messages.WARNING):
        text = f"{self.this} was al opgeslagen. Er is niets twee keer gemaakt."
        messages.add_message(self.request, level, text)
        return redirect(address_of(report))

    def _keep_what_was_typed(self, measure, notice):
        """Show what was typed as a new report: nothing is lost and nothing overwritten."""
        data = self.request.POST.copy()
        data["submission"], data["seen"] = str(uuid.uuid4()), latest_of(self.model, measure)
        return self.show(self.form(data, instance=self.model(measure=measure)), notice=notice)

    def _answer(self, report):
        """Do what the button says, or show the form again with what is wrong."""
        button = next((name for name in (PREVIEW, *DONE) if name in self.request.POST), CONCEPT)
        is_new = report.pk is None
        before = (report.pk, report.version, report.stage, report.held_for)
        form = self.form(self.request.POST, instance=report, publishing=button in COMPLETE)
        is_valid = form.is_valid()
        # What the form asked of it is what the public will read; it is not that yet.
        report.publication, report.published_at = Publication.CONCEPT, None
        if not is_valid or button == PREVIEW:
            return self.show(form, preview=button == PREVIEW)
        is_written = is_new or form.differs() or (button == CONCEPT and report.is_held)
        if not is_written and DONE[button] == self._done_before(report):
            return self._already_saved(report, messages.INFO)
        try:
            # A savepoint: what the database refuses must not break the form.
            with transaction.atomic():
                self._take_steps(form, report, button, is_written)
        except ValidationError as error:
            report.pk, report.version, report.stage, report.held_for = before
            report._state.adding = is_new
            form.add_model_errors(error)
            return self.show(form)
        done = DONE[button].format(moment=report.held_for)
        changes = "; ".join(str(change) for change in changes_of(form))
        text = done if is_new or not changes else f"{done}; {changes}"
        return self.saved(report, done, text, ADDITION if is_new else CHANGE)

    def _done_before(self, report) -> str:
        """What a button would say that leads to where the report is."""
        reached = {rules.State.DRAFT: CONCEPT, rules.State.SUBMITTED: SUBMIT}
        return DONE.get(reached.get(report.state, ""), "")

    def _take_steps(self, form, report, button, is_written):
        user = self.request.user
        if is_written:
            if report.pk is None:
                report.submission = form.cleaned_data["submission"]
            form.save(commit=False)
            report.write(user)
            form.save_m2m()
        if button == SUBMIT:
            report.submit(user)
        elif button == HOLD:
            report.hold(form.cleaned_data["moment"], user)
        elif button == PUBLISH:
            report.publish(user)

    def log(self, record, text, flag=CHANGE):
        log(self.request, record, text, flag)

    def show(self, form, *, preview=False, notice=""):
        report = form.instance
        context = self.model_admin.admin_site.each_context(self.request) | {
            "opts": Measure._meta,
            "measure": report.measure,
            "report": report,
            "form": form,
            "notice": notice,
            # Not always the address of this page: see _after_saving and _keep_what_was_typed.
            "form_action": address_of(report)
            if report.pk
            else reverse(self.new_url, args=[report.measure_id]),
            "media": self.model_admin.media + form.media,
            "is_new": report.pk is None,
            "is_preview": preview,
            "this": self.this,
            "four_eyes": rules.four_eyes(),
            "state": report.state,
            "review_url": address_of(report, "review") if report.pk else "",
            "delete_url": address_of(report, "delete") if report.pk else "",
            "steps": report.steps.select_related("by") if report.pk else [],
        }
        if form.is_bound and form.is_stale:
            context["stale_entry"] = last_log_entry(report)
            context["stale_changes"] = changes_of(form)
        return TemplateResponse(self.request, self.template, context | self.context(form))


def address_of(report, screen: str = "change") -> str:
    """The address of a staff screen of a report."""
    return reverse(f"admin:measures_{report._meta.model_name}_{screen}", args=[report.pk])


def _by(entry) -> str:
    return f" ({person(entry.user)}, {moment(entry.action_time)})" if entry else ""
