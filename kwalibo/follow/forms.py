"""The form with which somebody asks for mail."""

from typing import Any

from django import forms

from measures.subjects import Subject, everything

from ..open_forms import OpenForm
from .models import Frequency


class FollowForm(OpenForm):
    """An address, what it wants to follow, and how often it gets mail at most."""

    name = "volgen"

    address = forms.EmailField(
        label="Uw mailadres",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    what = forms.ChoiceField(label="Wat wilt u volgen?", widget=forms.RadioSelect)
    frequency = forms.ChoiceField(
        label="Hoe vaak wilt u mail?",
        choices=Frequency,
        initial=Frequency.WEEKLY,
        widget=forms.RadioSelect,
        help_text="Verandert er niets, dan krijgt u geen mail.",
    )

    def __init__(self, *args, subject: Subject, **kwargs):
        super().__init__(*args, **kwargs)
        self.subjects = {chosen.kind.value: chosen for chosen in (subject, everything())}
        what: Any = self.fields["what"]
        what.choices = [(kind, chosen.name) for kind, chosen in self.subjects.items()]
        self.initial["what"] = subject.kind.value

    @property
    def subject(self) -> Subject:
        """What was chosen. Needs a valid form."""
        return self.subjects[self.cleaned_data["what"]]


class FrequencyForm(forms.Form):
    """How often somebody who follows something gets mail."""

    frequency = forms.ChoiceField(
        label="Hoe vaak wilt u mail?", choices=Frequency, widget=forms.RadioSelect
    )
