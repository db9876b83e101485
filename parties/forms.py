"""Forms that notice when somebody else saved first."""

from django import forms

FIELD = "opened_version"
STALE = "Iemand anders heeft dit intussen gewijzigd."


class DayInput(forms.DateInput):
    """The date field of the browser."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class VersionField(forms.IntegerField):
    """The version that a form was opened with; itself never a change."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


class StaleFormMixin(forms.ModelForm):
    """A form that does not overwrite what was saved after it was opened.

    The view must have locked `instance` for update. When the record moved on,
    the form is invalid, keeps what was typed, and carries the new version: a
    second save is deliberate, made after seeing what is stored now. Rows in
    formsets under this form are covered when saving them saves the parent too.
    """

    opened_version = VersionField(required=False)
    is_stale = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # What changed is told from the database, not from what the page held.
            field.show_hidden_initial = False
        if self.instance.pk:
            self.initial[FIELD] = self.instance.version

    def clean(self):
        # Before _post_clean() puts the typed values on the instance.
        cleaned = super().clean()
        if self.instance.pk and self.cleaned_data.get(FIELD) != self.instance.version:
            self.is_stale = True
            self.data = self.data.copy()
            self.data[self.add_prefix(FIELD)] = str(self.instance.version)
            self.add_error(None, forms.ValidationError(STALE, code="stale"))
        return cleaned
