"""One short form for a progress update: new, or still concept, with a preview."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.shortcuts import redirect
from django.utils import timezone

from parties.forms import DayInput

from ..models import Measure, ProgressUpdate, Status
from .report_form import PUBLISH, SUBMIT, ReportForm, ReportScreen


class UpdateForm(ReportForm):
    """A progress update of one measure."""

    overtaken = "Intussen is er een stand van zaken van deze maatregel gepubliceerd of ingetrokken."

    # The published update in whose place this one comes.
    corrects = forms.ModelChoiceField(
        ProgressUpdate.objects.none(), required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = ProgressUpdate
        fields = [
            "corrects",
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("reporting_date", "explanation"):
            self.fields[name].optional = "(mag leeg zijn in een concept)"
        self.fields["corrects"].queryset = ProgressUpdate.objects.published().filter(
            measure=self.instance.measure_id
        )
        self.fields["merged_into"].queryset = Measure.objects.public().exclude(
            pk=self.instance.measure_id
        )

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
        return cleaned


class UpdateScreen(ReportScreen):
    model, form = ProgressUpdate, UpdateForm
    template = "admin/measures/update_form.html"
    new_url = "admin:measures_measure_update"
    this = "Deze stand van zaken"

    def blank(self, measure):
        return ProgressUpdate(measure=measure, status=measure.status)

    def initial(self, measure):
        wrong = self._to_correct(measure)
        if wrong is None:
            return {"reporting_date": timezone.localdate()}
        copied = [name for name in UpdateForm.Meta.fields if name != "corrects"]
        return forms.model_to_dict(wrong, copied) | {"corrects": wrong.pk}

    def _to_correct(self, measure) -> ProgressUpdate | None:
        """The published update that the address asks to correct."""
        key = self.request.GET.get("verbetert", "")
        published = ProgressUpdate.objects.published().filter(measure=measure)
        return published.filter(pk=key).first() if key.isdecimal() else None

    def context(self, form):
        measure = form.instance.measure
        measure.refresh_from_db(fields=["status", "reported_on"])
        kind = "Concept" if form.instance.pk else "Nieuwe stand van zaken"
        return {
            "title": f"{kind}: {measure.code}",
            "standing": standing_of(measure),
            "corrects": self._corrected(form),
        }

    def _corrected(self, form) -> ProgressUpdate | None:
        key = str(form["corrects"].value() or "")
        return form.fields["corrects"].queryset.filter(pk=key).first() if key.isdecimal() else None

    def show(self, form, *, preview=False, notice=""):
        page = super().show(form, preview=preview, notice=notice)
        data = form.cleaned_data if preview else {}
        if "status" in data:
            page.context_data["preview"] = preview_of(form.instance, data.get("sources") or [])
        return page

    def saved(self, report, done, text, flag):
        self.log(report, text, flag)
        messages.success(
            self.request,
            f"{report.measure.code}: stand van zaken van {report.reporting_date_label} "
            f"({report.status_label}) is {text}.",
        )
        if {PUBLISH, SUBMIT} & self.request.POST.keys():
            return redirect("admin:measures_measure_changelist")
        return redirect("admin:measures_progressupdate_change", report.pk)


def standing_of(measure) -> ProgressUpdate | None:
    """The published update that holds for a measure now."""
    published = ProgressUpdate.objects.published().filter(measure=measure)
    return published.latest_first().select_related("merged_into").first()


def preview_of(update, sources=None) -> dict:
    """The update as the public will read it, with what they will not see yet.

    `sources` are those that somebody just chose; without them, those that are stored.
    """
    sources = list(update.sources.all() if sources is None else sources)
    return {
        "update": update,
        "is_hidden": not update.measure.is_public,
        "sources": [source for source in sources if source.is_public],
        "hidden_sources": [source for source in sources if not source.is_public],
    }
