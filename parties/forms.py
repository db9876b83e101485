"""Forms that notice when somebody else saved first."""

from django import forms

from .changes import changes_of

FIELD = "opened_version"
STALE = "Dit is gewijzigd nadat u het formulier opende."


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
    formsets under this form are covered when saving them saves the parent too;
    `has_rows` says that there are any.

    A form in which nothing differs from what is stored overwrites nothing. It is
    what a second press on the button sends, and no quarrel with anybody.
    """

    opened_version = VersionField(required=False)
    has_rows = False
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
        has_moved_on = self.instance.pk and self.cleaned_data.get(FIELD) != self.instance.version
        if has_moved_on and (self.has_rows or self.differs()):
            self.is_stale = True
            self.data = self.data.copy()
            self.data[self.add_prefix(FIELD)] = str(self.instance.version)
            self.add_error(None, forms.ValidationError(STALE, code="stale"))
        return cleaned

    def differs(self) -> bool:
        """Whether anything that a person sees here is not what is stored."""
        return any(not self.fields[name].widget.is_hidden for name in self.changed_data)


class RowFormSet(forms.BaseInlineFormSet):
    """Rows under a record of which somebody else may have removed some.

    Those are left out, so that the other rows can still be saved; `gone` tells
    what they held.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.gone: list[str] = []
        if self.is_bound and self.instance.pk and self.management_form.is_valid():
            self._leave_out_what_is_gone()

    def _leave_out_what_is_gone(self):
        stored = {str(row.pk): row for row in self.get_queryset()}
        opened = range(min(self.initial_form_count(), self.absolute_max))
        keys = {i: self.data.get(f"{self.prefix}-{i}-{self.model._meta.pk.name}") for i in opened}
        # A row is shown beside the record with its own key, however the order changed.
        self._queryset = [stored[key] for key in keys.values() if key in stored]
        gone = [i for i, key in keys.items() if key not in stored]
        if not gone:
            return
        self.gone = [self._held(i) for i in gone]
        total = min(self.management_form.cleaned_data["TOTAL_FORMS"], self.absolute_max)
        kept = [i for i in range(total) if i not in gone]
        data = self.data.copy()
        for i in range(total):
            for name in [name for name in data if name.startswith(f"{self.prefix}-{i}-")]:
                del data[name]
        for new, old in enumerate(kept):
            lead = f"{self.prefix}-{old}-"
            for name in [name for name in self.data if name.startswith(lead)]:
                values = self.data.getlist(name)
                data.setlist(f"{self.prefix}-{new}-{name.removeprefix(lead)}", values)
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(kept))
        data[f"{self.prefix}-INITIAL_FORMS"] = str(len(keys) - len(gone))
        self.data = data
        del self.management_form

    def _held(self, index: int) -> str:
        form = self.form(self.data, prefix=self.add_prefix(index))
        form.is_valid()
        return "; ".join(f"{change.label}: {change.after}" for change in changes_of(form))
