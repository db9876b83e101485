"""What a contact person sends."""

from typing import cast

from django import forms

from measures.evidence_form import CheckedFileForm
from measures.models import ENDED, Contribution, Status
from parties.forms import DayInput


class ContributionForm(CheckedFileForm):
    """A confirmation, a correction or a proposal, with a link or a file that shows it."""

    submission = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Contribution
        fields = ["kind", "status", "reporting_date", "explanation", "url", "document"]
        widgets = {
            "kind": forms.RadioSelect,
            "reporting_date": DayInput,
            "explanation": forms.Textarea(attrs={"rows": 6}),
        }
        labels = {
            "kind": "Wat wilt u laten weten?",
            "status": "Status volgens u",
            "explanation": "Wat klopt er niet, of wat is er nieuw?",
            "url": "Webadres waar dit staat",
        }
        help_texts = {"explanation": "Mag leeg blijven als alles klopt.", "url": ""}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kind, status = (cast(forms.ChoiceField, self.fields[name]) for name in ("kind", "status"))
        kind.choices = Contribution.Kind.choices
        running = [(one.value, one.label) for one in Status if one not in ENDED]
        status.choices = [("", "Geen andere status"), *running]
        self.initial.setdefault("submission", self.instance.submission)

    def clean(self):
        cleaned = super().clean() or {}
        if cleaned.get("kind") == Contribution.Kind.CONFIRMS:
            if cleaned.get("status"):
                self.add_error("status", "Klopt alles? Kies dan geen andere status.")
        elif cleaned.get("kind") and not (cleaned.get("explanation") or "").strip():
            self.add_error("explanation", "Vul in wat er niet klopt, of wat er nieuw is.")
        if cleaned.get("url") and cleaned.get("document"):
            self.add_error("url", "Geef een webadres of kies een bestand, niet allebei.")
        if self.errors and cleaned.get("document"):
            self.add_error(
                "document", "Kies dit bestand opnieuw: een browser onthoudt niet welk het was."
            )
        return cleaned
