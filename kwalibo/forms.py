"""Forms of the staff screens that belong to no single record."""

from django import forms
from django.utils import timezone

from measures.annex import FORMATS
from parties.forms import DayInput


class AnnexForm(forms.Form):
    """Which annex to make."""

    format = forms.ChoiceField(
        label="Soort bestand",
        choices=[(name, f"{kind.label}: {kind.purpose.lower()}") for name, kind in FORMATS.items()],
    )
    day = forms.DateField(
        label="Peildatum",
        help_text="De bijlage laat zien hoe het op deze dag stond.",
        widget=DayInput,
        initial=timezone.localdate,
    )

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError("De peildatum ligt in de toekomst.")
        return day
