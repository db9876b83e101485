"""Saying in Dutch what a form changes: 'trekker: onbekend → ILT'."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.utils import formats, timezone
from django.utils.text import Truncator

NOTHING = "leeg"
UNKNOWN = "onbekend"
LONGEST = 70


@dataclass(frozen=True)
class Change:
    """One field: what was stored, and what somebody typed."""

    label: str
    before: str
    after: str

    def __str__(self):
        before, after = Truncator(self.before).chars(LONGEST), Truncator(self.after).chars(LONGEST)
        if before == after:
            return f"{self._lead} tekst aangepast"
        return f"{self._lead} {before} → {after}"

    @property
    def _lead(self) -> str:
        """The label as the start of a line; a question needs no colon."""
        return self.label if self.label.endswith("?") else f"{self.label}:"


def changes_of(form) -> list[Change]:
    """What a bound form changes, in the order of its fields.

    A value that the form refused is shown as it was typed.
    """
    found = []
    for name in form.changed_data:
        field = form.fields[name]
        if name == "DELETE" or field.widget.is_hidden:
            continue
        before = form.get_initial_for_field(field, name)
        if name in form.cleaned_data:
            after = _display(field, form.cleaned_data[name])
        else:
            after = str(form[name].data or NOTHING)
        found.append(Change(_label(field, name), _display(field, before), after))
    return found


def row_changes(formset) -> list[str]:
    """What a formset adds, removes and changes, one line per row."""
    name = formset.model._meta.verbose_name
    lines = [f"{name} die intussen is verwijderd: {held}" for held in getattr(formset, "gone", [])]
    for form in formset.forms:
        removed = formset.can_delete and formset._should_delete_form(form)
        if form.instance.pk and removed:
            lines.append(f"{name} verwijderd: {form.instance}")
        elif form.has_changed() and not removed and form.is_valid():
            changes = "; ".join(str(change) for change in changes_of(form))
            if form.instance.pk and form.initial:
                lines.append(f"{name} ‘{form.instance}’: {changes}")
            else:
                lines.append(f"{name} toegevoegd: {form.instance}")
    return lines


def _label(field, name: str) -> str:
    label = str(field.label or name)
    # An abbreviation keeps its capitals.
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _display(field, value) -> str:
    if isinstance(value, str) and hasattr(field, "choices") and not hasattr(field, "queryset"):
        return str(dict(_flat(field.choices)).get(value, value)) or NOTHING
    if value is None or value == "" or (hasattr(value, "__len__") and not len(value)):
        return UNKNOWN if "onbekend" in str(field.help_text).lower() else NOTHING
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "j F Y H:i")
    if isinstance(value, date):
        return formats.date_format(value, "j F Y")
    if isinstance(value, models.Model):
        return _name(value)
    if isinstance(value, (list, tuple, models.QuerySet)):
        return ", ".join(_record(field, item) for item in value)
    return _record(field, value)


def _record(field, value) -> str:
    """A chosen record by name, whether the form knows it by its key or as itself."""
    if isinstance(value, models.Model):
        return _name(value)
    if hasattr(field, "queryset") and not isinstance(value, str):
        record = field.queryset.filter(pk=value).first()
        return _name(record) if record else str(value)
    return str(value)


def _name(record: models.Model) -> str:
    """The shortest name by which colleagues know a record."""
    for attribute in ("short_name", "code", "key"):
        if name := getattr(record, attribute, ""):
            return name
    return str(record)


def _flat(choices):
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield value, label
