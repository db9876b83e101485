"""Who of the staff did what, as JSON lines of the logger `kwalibo.audit`.

    {"time": "…", "logger": "kwalibo.audit", "message": "approved", "user": 5, "name": "jan",
     "object": "measures.ProgressUpdate", "id": "12", "fields": ["stage"], "result": "ok",
     "address": "10.0.0.7", "request_id": "…"}

What staff do is kept in rows already: the steps of a report (ReviewStep), the door
(SignInEvent), every changed field (auditlog), and the log of the admin. The lines are made of
those rows when they are committed, so no screen can forget one and nothing that was rolled
back is told. Only what leaves no row (a download, a look at evidence, a refusal) is told by the
address that answered (`READS`).

Rows about one deed become one line: within a request, what was written of the same record is
taken together, under its most telling name. Values are never told, nor the text that somebody
typed: field names alone.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from auditlog.models import LogEntry as FieldEntry
from django.apps import apps
from django.contrib.admin.models import ADDITION, DELETION
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models.signals import post_save

from measures.models import ReportingMoment, ReviewStep, SpreadsheetUpload
from parties.history import bulk_noted

from ..signin.events import address_of
from ..signin.models import SignInEvent
from . import logs, metrics, seen

logger = logging.getLogger("kwalibo.audit")

Step, Door, Moment = ReviewStep.Kind, SignInEvent.Kind, ReportingMoment.State
STEPS = {
    Step.WRITTEN: "written",
    Step.SUBMITTED: "offered",
    Step.APPROVED: "approved",
    Step.SENT_BACK: "sent_back",
    Step.HELD: "held_for_letter",
    Step.LET_GO: "let_go",
    Step.PUBLISHED: "published",
    Step.WITHDRAWN: "withdrawn",
}
DOOR = {
    Door.PASSWORD: "password_accepted",
    Door.CODE: "signed_in",
    Door.SSO: "signed_in",
    Door.OUT: "signed_out",
    Door.IDLE: "signed_out_idle",
    Door.REFUSED: "sign_in_failed",
    Door.CODE_REFUSED: "second_factor_failed",
    Door.SSO_REFUSED: "sign_in_failed",
    Door.BLOCKED: "sign_in_blocked",
    Door.SECOND_FACTOR: "second_factor_set",
    Door.RESET: "second_factor_reset",
}
REFUSED = {"sign_in_failed", "second_factor_failed", "sign_in_blocked"}
# A letter: what became of its reporting moment.
MOMENTS = {
    Moment.FROZEN: "letter_frozen",
    Moment.PUBLIC: "letter_published",
    Moment.WITHDRAWN: "letter_withdrawn",
}
FIELD_ACTIONS = {
    FieldEntry.Action.CREATE: "added",
    FieldEntry.Action.UPDATE: "changed",
    FieldEntry.Action.DELETE: "deleted",
}
PUBLICATION = {"openbaar": "published", "ingetrokken": "withdrawn"}
RIGHTS = ("groups", "user_permissions", "permissions", "is_superuser", "is_staff")
# Deeds that the log of the admin alone knows, by the words it is given for them.
ADMIN_WORDS = {
    "wachtwoord gewijzigd": "password_changed",
    "eenmalige aanmelding losgekoppeld": "sso_unlinked",
}
# What leaves no row: by the name of the address and the method, when the answer was 200.
READS = {
    ("admin:annex", "POST"): "exported",
    ("admin:measures_measure_spreadsheet_download", "GET"): "exported",
    ("admin:measures_reportingmoment_preview_file", "GET"): "exported",
    ("admin:measures_evidence_file", "GET"): "viewed_evidence",
    ("admin:measures_contribution_file", "GET"): "viewed_evidence",
    ("admin:signin_signinevent_changelist", "GET"): "viewed_sign_ins",
}
# The general names, which a more telling one of the same deed takes the place of.
GENERAL = {"added", "changed", "deleted", "written"}


@dataclass
class Deed:
    """One line in the making."""

    action: str
    user: int | None = None
    name: str = ""
    object: str = ""
    id: str = ""
    fields: set[str] = field(default_factory=set)
    # Only the log of the admin told it: any other row about the record says it better.
    is_echo: bool = False

    def __post_init__(self):
        self.id = str(self.id)


@dataclass
class _Scope:
    """A request, with what was done in it so far."""

    request: Any = None
    deeds: list[Deed] = field(default_factory=list)
    is_over: bool = False


_scope: ContextVar[_Scope | None] = ContextVar("audit", default=None)


def listen() -> None:
    """Hear of every row that tells of a deed."""
    heard: dict[Any, Callable[..., None]] = {
        ReviewStep: _step_taken,
        SignInEvent: _at_the_door,
        FieldEntry: _field_changed,
        AdminEntry: _noted_in_admin,
        SpreadsheetUpload: _spreadsheet,
    }
    for model, receiver in heard.items():
        post_save.connect(receiver, sender=model, dispatch_uid=f"audit.{model.__name__}")
    bulk_noted.connect(_bulk_changed, dispatch_uid="audit.bulk")


@contextmanager
def collecting(request=None) -> Iterator[None]:
    """Take together what is done in this request; the lines are written when it is over."""
    if (around := _scope.get()) is not None:
        around.request = around.request or request
        yield
        return
    scope = _Scope(request)
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)
        scope.is_over = True
        for deed in _told_once(scope.deeds):
            _write(deed, scope.request)


def note_answer(request, response) -> None:
    """Tell of what leaves no row: a download, a look at evidence, and what was refused."""
    match, user = request.resolver_match, getattr(request, "_cached_user", None)
    if match is None or user is None or not user.is_authenticated:
        return
    action = READS.get((match.view_name, request.method))
    if action and response.status_code == 200:
        _add(Deed(action, *_who(user), object=match.view_name, id=str(match.kwargs.get("pk", ""))))
    elif response.status_code == 403 and match.namespace == "admin":
        _add(Deed("refused", *_who(user), object=match.view_name, id=str(_key_in(match))))


def _key_in(match) -> str:
    return str(match.kwargs.get("pk") or match.kwargs.get("object_id") or "")


def _who(user) -> tuple[int | None, str]:
    return (user.pk, user.get_username()) if user is not None else (None, "")


# What each kind of row tells.


def _step_taken(sender, instance, created, **kwargs):
    # Without a person a letter took it, or a load; those have their own lines.
    if not created or instance.by_id is None:
        return
    report = "ProgressUpdate" if instance.update_id else "DeadlineChange"
    key = instance.update_id or instance.deadline_id
    _commit(
        Deed(STEPS[instance.kind], *_who(instance.by), f"measures.{report}", str(key)), instance
    )


def _at_the_door(sender, instance, created, **kwargs):
    if not created:
        return
    action = DOOR[instance.kind]
    deed = Deed(action, instance.user_id, instance.name)
    if action == "second_factor_reset":  # Who did it is who asked; this is of whom.
        deed = Deed(action, object="auth.User", id=str(instance.user_id or ""))
    transaction.on_commit(metrics.SIGN_INS.labels(instance.kind).inc)
    _commit(deed, instance)


def _field_changed(sender, instance, created, **kwargs):
    if created:
        _commit(_deed_of(instance), instance)


def _bulk_changed(sender, entries, **kwargs):
    for entry in entries:
        _commit(_deed_of(entry), entry)


def _deed_of(entry: FieldEntry) -> Deed | None:
    changes = entry.changes or {}
    name = _model_name(entry.content_type_id)
    action = FIELD_ACTIONS.get(entry.action, "changed")
    if name == "measures.ReportingMoment" and "state" in changes:
        action = MOMENTS.get(changes["state"][1], action)
    elif action == "changed" and "publication" in changes:
        action = PUBLICATION.get(changes["publication"][1], action)
    elif action == "changed" and (given := _rights(changes)):
        action = given
    if entry.actor_id is None and action not in MOMENTS.values():
        return None  # A load or a command: no member of staff did it.
    return Deed(action, *_who(entry.actor), name, entry.object_pk, set(changes))


def _rights(changes: dict) -> str:
    """'role_given' or 'role_taken' when these changes are about what somebody may do."""
    for name in RIGHTS:
        if name not in changes:
            continue
        change = changes[name]
        if isinstance(change, dict):
            return "role_given" if change.get("operation") == "add" else "role_taken"
        return "role_given" if change[1] == "True" else "role_taken"
    return ""


def _noted_in_admin(sender, instance, created, **kwargs):
    if not created:
        return
    flags = {ADDITION: "added", DELETION: "deleted"}
    told = ADMIN_WORDS.get(instance.change_message)
    action = told or flags.get(instance.action_flag, "changed")
    name = _model_name(instance.content_type_id)
    deed = Deed(action, *_who(instance.user), name, instance.object_id or "", is_echo=not told)
    _commit(deed, instance)


def _spreadsheet(sender, instance, **kwargs):
    if instance.applied_at is not None:
        deed = Deed(
            "imported", *_who(instance.user), "measures.SpreadsheetUpload", str(instance.pk)
        )
        _commit(deed, instance)


def _model_name(content_type_id: int | None) -> str:
    if content_type_id is None:
        return ""
    kind = ContentType.objects.get_for_id(content_type_id)
    try:
        return apps.get_model(kind.app_label, kind.model)._meta.label
    except LookupError:
        return f"{kind.app_label}.{kind.model}"


# From rows to lines.


def _commit(deed: Deed | None, row) -> None:
    """Tell of it once the row is really there."""
    if deed is None:
        return
    scope = _scope.get()
    transaction.on_commit(lambda: _add(deed, scope), using=row._state.db)


def _add(deed: Deed, scope: _Scope | None = None) -> None:
    scope = scope or _scope.get()
    if scope is not None and not scope.is_over:
        scope.deeds.append(deed)
    elif not deed.is_echo:
        # A command, or something that was committed after the answer.
        _write(deed, scope.request if scope else None)


def _told_once(deeds: list[Deed]) -> list[Deed]:
    """One deed for all that was written of the same record under a general name."""
    told: list[Deed] = []
    for deed in deeds:
        same = [one for one in told if (one.object, one.id) == (deed.object, deed.id) and one.id]
        if not same:
            told.append(deed)
            continue
        last = same[-1]
        if deed.is_echo or deed.action == last.action or deed.action in GENERAL:
            last.fields |= deed.fields
        elif last.is_echo or last.action in GENERAL:
            last.action, last.is_echo = deed.action, False
            last.fields |= deed.fields
        else:
            told.append(deed)
    return told


def _write(deed: Deed, request) -> None:
    fields: dict[str, Any] = {"user": deed.user, "name": deed.name}
    action = deed.action
    if request is not None:
        user = getattr(request, "_cached_user", None)
        if deed.user is None and not deed.name and user is not None and user.is_authenticated:
            fields["user"], fields["name"] = _who(user)
        match = request.resolver_match
        screen = (match.url_name or "") if match else ""
        if action in ("changed", "added") and screen.endswith(("_put_back", "_make_again")):
            action = "put_back"
        fields["address"] = address_of(request)
    if deed.object:
        fields |= {"object": deed.object, "id": deed.id}
    if deed.fields:
        fields["fields"] = sorted(deed.fields)
    fields["result"] = "refused" if action in REFUSED or action == "refused" else "ok"
    found = request.META.get(seen.ENVIRON) if request is not None else seen.current.get()
    if found is not None:
        fields["request_id"] = found.request_id
    logs.emit(logger, logging.INFO, action, fields)
