"""What changed in a record, field by field: kept by django-auditlog, read by staff in Dutch.

Every save and deletion of a tracked record makes an entry; a bulk write makes its entries
with `note_bulk`. Entries are never changed or deleted (triggers), and outlive their record.
"""

import uuid
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from auditlog.context import auditlog_disabled, set_extra_data
from auditlog.diff import model_instance_diff
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.dispatch import Signal
from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime

Action = LogEntry.Action
# Who acts, for entries that are not saved one by one: auditlog itself does not let go of it.
_known: ContextVar[dict[str, Any] | None] = ContextVar("known", default=None)
# Sent with the `entries` of a bulk write, which sends no signals of its own.
bulk_noted = Signal()
NOTHING = "leeg"
# auditlog writes every value as text, and no value as this.
NONE = "None"
# Steps of their own bring these about; they are not put back.
NOT_RESTORED = {
    "publication",
    "published_at",
    "withdrawal_reason",
    "state",
    "stage",
    "author",
    "submission",
    "created_at",
}


def track(model: type[models.Model], *, but: Iterable[str] = ()) -> None:
    """Keep what changes in the records of this model, except in the fields `but`."""
    left_out = {"id", "version", *but}
    fields = [field.name for field in model._meta.fields if field.name not in left_out]
    many = {field.name for field in model._meta.many_to_many if field.name not in left_out}
    auditlog.register(model, include_fields=fields, m2m_fields=many)


@contextmanager
def acting(user):
    """Everything that the block saves was done by `user`, in one go."""
    known = {"actor": user, "cid": str(uuid.uuid4())}
    token = _known.set(known)
    try:
        with set_extra_data(dict(known)):
            yield
    finally:
        _known.reset(token)


def note_bulk(before: Sequence[models.Model], after: Sequence[models.Model]) -> None:
    """Keep what one statement changed in many records; both are in the same order.

    Without `before`, the records were made by it.
    """
    if auditlog_disabled.get() or not after or not auditlog.contains(type(after[0])):
        return
    kind = ContentType.objects.get_for_model(after[0])
    entries = []
    olds: Sequence[models.Model | None] = before or [None] * len(after)
    for old, new in zip(olds, after, strict=True):
        if changes := model_instance_diff(old, new):
            entries.append(
                LogEntry(
                    content_type=kind,
                    object_pk=str(new.pk),
                    object_id=new.pk,
                    object_repr=str(new),
                    action=Action.UPDATE if old else Action.CREATE,
                    changes=changes,
                    **(_known.get() or {}),
                )
            )
    LogEntry.objects.bulk_create(entries)
    bulk_noted.send(sender=LogEntry, entries=entries)


def entries_of(record: models.Model):
    """All entries of a record, newest first."""
    return (
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(record), object_pk=str(record.pk)
        )
        .select_related("actor")
        .order_by("-timestamp", "-pk")
    )


def deleted(model: type[models.Model]):
    """The entries that say that a record of this model was deleted, newest first."""
    return (
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(model), action=Action.DELETE
        )
        .select_related("actor")
        .order_by("-timestamp", "-pk")
    )


@dataclass(frozen=True)
class FieldChange:
    """One field: what it was and what it became, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    """One entry as people read it."""

    entry: LogEntry
    what: str
    who: str
    changes: tuple[FieldChange, ...]

    @property
    def can_be_put_back(self) -> bool:
        return self.entry.action == Action.UPDATE and bool(restorable(self.entry))


def events(entries: Iterable[LogEntry]) -> list[Event]:
    """The entries in words; records that they name are fetched per model, not per entry."""
    entries = list(entries)
    names = _names(entries)
    what = {Action.CREATE: "Toegevoegd", Action.UPDATE: "Gewijzigd", Action.DELETE: "Verwijderd"}
    return [
        Event(entry, what.get(entry.action, ""), _who(entry), tuple(_changes(entry, names)))
        for entry in entries
    ]


def _who(entry: LogEntry) -> str:
    user = entry.actor
    return (user.get_full_name() or user.get_username()) if user else "het systeem"


def _field(entry: LogEntry, name: str):
    # Remembered by Django, where `entry.content_type` would ask the database for each.
    model = ContentType.objects.get_for_id(entry.content_type_id).model_class()
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _names(entries: list[LogEntry]) -> dict[tuple[Any, str], str]:
    """The names of the records that the entries refer to, by model and key."""
    keys: dict[Any, set[str]] = {}
    for entry in entries:
        for name, change in (entry.changes or {}).items():
            field = _field(entry, name)
            if isinstance(change, list) and isinstance(field, models.ForeignKey):
                found = keys.setdefault(field.related_model, set())
                found |= {key for key in change if key != NONE}
    return {
        (model, str(record.pk)): str(record)
        for model, found in keys.items()
        for record in model._base_manager.filter(pk__in=found)
    }


def _changes(entry: LogEntry, names) -> Iterable[FieldChange]:
    for name, change in sorted((entry.changes or {}).items()):
        field = _field(entry, name)
        label = str(field.verbose_name) if field is not None else name
        if isinstance(change, dict):
            told = ", ".join(change["objects"])
            is_new = change["operation"] == "add"
            yield FieldChange(label, "" if is_new else told, told if is_new else "")
            continue
        before, after = (_words(field, value, names) for value in change)
        if before != after:
            yield FieldChange(label, before, after)


def _words(field, value: str, names) -> str:
    if value in (NONE, ""):
        return NOTHING
    if isinstance(field, models.ForeignKey):
        return names.get((field.related_model, value), f"nr. {value} (is er niet meer)")
    if isinstance(field, models.BooleanField):
        return "ja" if value == "True" else "nee"
    if isinstance(field, models.DateTimeField):
        return _datetime(value)
    if isinstance(field, models.DateField) and (day := parse_date(value)):
        return formats.date_format(day, "j F Y")
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return value


def _datetime(value: str) -> str:
    moment = parse_datetime(value)
    if moment is None:
        return value
    moment = moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)
    return formats.date_format(timezone.localtime(moment), "j F Y, H:i")


# Putting back.


def restorable(entry: LogEntry) -> list[str]:
    """The fields of a change that can be put back."""
    return [
        name
        for name, change in (entry.changes or {}).items()
        if isinstance(change, list)
        and name not in NOT_RESTORED
        and (field := _field(entry, name)) is not None
        and field.editable
    ]


def comparison(record: models.Model, entry: LogEntry) -> list[FieldChange]:
    """What putting back would change: the values now, beside those from before the entry."""
    fields: dict[str, Any] = {name: record._meta.get_field(name) for name in restorable(entry)}
    now = {
        name: [str(getattr(record, field.attname)), entry.changes[name][0]]
        for name, field in fields.items()
    }
    shown = LogEntry(content_type=entry.content_type, changes=now)
    return list(_changes(shown, _names([shown])))


def moment_of(entry: LogEntry) -> str:
    return formats.date_format(timezone.localtime(entry.timestamp), "j F Y, H:i")


def put_back(record: models.Model, entry: LogEntry) -> None:
    """Give the record, unsaved, the values from before this entry.

    Raises ValidationError when the values do not fit any more.
    """
    for name in restorable(entry):
        _set(record, entry, name, entry.changes[name][0])
    record.full_clean()


def made_again(entry: LogEntry) -> models.Model:
    """The record that this entry deleted, unsaved and with a new key, as a concept.

    Raises ValidationError when it cannot be there any more.
    """
    model = entry.content_type.model_class()
    record = model()
    for name in restorable(entry):
        _set(record, entry, name, entry.changes[name][0])
    record.full_clean()
    return record


def _set(record: models.Model, entry: LogEntry, name: str, value: str) -> None:
    field: Any = record._meta.get_field(name)
    if value == NONE:
        setattr(record, field.attname, None if field.null else field.get_default())
    elif not isinstance(field, models.ForeignKey):
        setattr(record, name, field.to_python(value))
    elif field.related_model._base_manager.filter(pk=value).exists():
        setattr(record, field.attname, field.target_field.to_python(value))
    else:
        raise ValidationError(
            f"Het veld ‘{field.verbose_name}’ verwees naar iets dat er niet meer is."
        )
