"""What every staff screen shares.

Each save says what it changed, on screen and in the log; a stale form is
refused; what was public or is in use stays; publishing asks the model first.
"""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html, strip_tags
from django.utils.text import capfirst

from .changes import changes_of, row_changes
from .forms import FIELD, DayInput, RowFormSet, StaleFormMixin
from .history_views import HistoryAdmin
from .publication import Publication

MARKS = {
    Publication.CONCEPT: "○",
    Publication.PUBLIC: "●",
    Publication.WITHDRAWN: "×",
}


def moment(when) -> str:
    """A moment as colleagues read it: '4 april 2025, 14:05'."""
    return formats.date_format(timezone.localtime(when), "j F Y, H:i")


def person(user) -> str:
    return (user.get_full_name() or user.get_username()) if user else "onbekend"


def name_of(record) -> str:
    """A record in a message: 'M7', or its whole name where it has no code."""
    return getattr(record, "code", None) or str(record)


def yes_or_no(field: str, description: str):
    """A column in words: the icons of Django's own are English to a screen reader."""

    @admin.display(description=description, ordering=field)
    def column(model_admin, record):
        return "Ja" if getattr(record, field) else "Nee"

    return column


def last_log_entry(record) -> LogEntry | None:
    return (
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(record), object_id=str(record.pk)
        )
        .select_related("user")
        .order_by("-action_time", "-pk")
        .first()
    )


def log(request, record, text: str, flag: int = CHANGE) -> None:
    """Note in the admin log what happened to a record."""
    LogEntry.objects.log_actions(request.user.pk, [record], flag, text, single_object=True)


def sentences(error: ValidationError, model) -> str:
    """The messages of a model, each with the name of its field."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    parts = []
    fields = {field.name: field for field in model._meta.fields + model._meta.many_to_many}
    for name, field_messages in error.message_dict.items():
        text = " ".join(field_messages)
        if name in fields:
            parts.append(f"{fields[name].verbose_name}: {text}")
        else:
            parts.append(text)
    return " ".join(parts)


class ScreenAdmin(admin.ModelAdmin):
    """How every list and form of ours looks."""

    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False

    class Media:
        js = ["beheer/select.js"]

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, (extra_context or {}) | {"title": title})

    def get_action_choices(
        self, request, default_choices=None, action_location=ActionLocation.CHANGE_LIST
    ):
        return super().get_action_choices(request, [("", "Kies een actie")], action_location)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return only_choosing(field)


class ChangesAdmin(admin.ModelAdmin):
    """A save that says what changed, and saves nothing where nothing changed."""

    def construct_change_message(self, request, form, formsets, add=False):
        lines = ["toegevoegd"] if add else [str(change) for change in changes_of(form)]
        for formset in formsets or []:
            lines += row_changes(formset)
        text = "; ".join(lines) or "niets gewijzigd"
        request.what_changed = text
        return text

    def log_change(self, request, obj, message):
        if message != "niets gewijzigd":
            return super().log_change(request, obj, message)

    def message_user(self, request, message, level=messages.INFO, *args, **kwargs):
        """Say what changed where Django would say only that something did."""
        text = getattr(request, "what_changed", None)
        if text and level == messages.SUCCESS:
            del request.what_changed
            obj = request.saved_record
            name = name_of(obj)
            url = reverse(
                f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk]
            )
            message = format_html('<a href="{}">{}</a>: {}.', url, name, text.rstrip("."))
        super().message_user(request, message, level, *args, **kwargs)

    def save_model(self, request, obj, form, change):
        request.saved_record = obj
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change and not form.has_changed() and any(rows.has_changed() for rows in formsets):
            # The version of the record stands for its rows too.
            form.instance.save()


class StaleAdmin(admin.ModelAdmin):
    """A form that was opened before somebody else saved is shown again, with both versions."""

    form = StaleFormMixin

    def get_object(self, request, object_id, from_field=None):
        if request.method == "POST" and transaction.get_connection().in_atomic_block:
            field = self.opts.get_field(from_field) if from_field else self.opts.pk
            try:
                key = field.to_python(object_id)
            except ValidationError:
                return None
            # Held until the save: nobody comes between comparing and writing.
            list(self.model._base_manager.select_for_update().filter(**{field.name: key}))
        return super().get_object(request, object_id, from_field)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj and self.has_change_permission(request, obj):
            return [*fieldsets, (None, {"fields": ["opened_version"], "classes": ["hidden"]})]
        return fieldsets

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.has_rows = bool(self.get_inlines(request, obj))
        return form

    def render_change_form(self, request, context, *args, **kwargs):
        form = context["adminform"].form
        if getattr(form, "is_stale", False):
            record = context["original"]
            context["stale_entry"] = last_log_entry(record)
            context["stale_changes"] = changes_of(form)
            context["stale_rows"] = [
                line
                for inline in context["inline_admin_formsets"]
                for line in row_changes(inline.formset)
            ]
            if not (context["stale_changes"] or context["stale_rows"]):
                # What a second press on the button sends.
                self.message_user(request, f"{name_of(record)} was al opgeslagen.", messages.INFO)
                return self.response_post_save_change(request, record)
            others = [error for error in form.non_field_errors().as_data() if error.code != "stale"]
            if form.errors.keys() == {NON_FIELD_ERRORS} and not others:
                # Nothing to mend: the panel with both versions says it all.
                context["errors"] = [
                    error
                    for inline in context["inline_admin_formsets"]
                    for error in inline.formset.errors
                    if error
                ]
        return super().render_change_form(request, context, *args, **kwargs)


class KeepingAdmin(admin.ModelAdmin):
    """What was public or is in use is not deleted, and the screen says why.

    Neither is what somebody saved after the page that asks 'are you sure' was opened.
    """

    instead_of_deleting = "Trek het in als het niet meer op de website hoort."

    def why_kept(self, request, obj) -> str:
        if getattr(obj, "published_at", None):
            kept = f"‘{obj}’ is openbaar geweest en wordt daarom niet verwijderd."
            return f"{kept} {self.instead_of_deleting}" if obj.is_public else kept
        *_, protected = self.get_deleted_objects([obj], request)
        if protected:
            users = "; ".join(_plain(line) for line in protected[:5])
            more = f" en nog {len(protected) - 5}" if len(protected) > 5 else ""
            return f"‘{obj}’ is nog in gebruik en wordt daarom niet verwijderd: {users}{more}."
        return ""

    def render_change_form(self, request, context, *args, **kwargs):
        if getattr(context["original"], "published_at", None):
            context["show_delete"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def delete_view(self, request, object_id, extra_context=None):
        if request.method != "POST":
            return self._keep_or_delete(request, object_id, extra_context)
        try:
            with transaction.atomic():
                return self._keep_or_delete(request, object_id, extra_context)
        except (ProtectedError, IntegrityError):
            # Published or referred to since the page was opened.
            self.message_user(
                request, "Dit is intussen in gebruik. Er is niets verwijderd.", messages.ERROR
            )
            return HttpResponseRedirect(self._change_url(object_id))

    def _keep_or_delete(self, request, object_id, extra_context):
        obj = self.get_object(request, unquote(object_id))
        if obj and self.has_delete_permission(request, obj):
            if reason := self.why_kept(request, obj):
                self.message_user(request, reason, messages.ERROR)
                return HttpResponseRedirect(self._change_url(obj.pk))
            if request.method == "POST" and request.POST.get(FIELD) != str(obj.version):
                self.message_user(request, f"{_who_changed(obj)} {_LOOK_FIRST}", messages.ERROR)
                return HttpResponseRedirect(request.get_full_path())
        return super().delete_view(request, object_id, extra_context)

    def _change_url(self, key) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[key])


_LOOK_FIRST = "Er is niets verwijderd. Kijk eerst hoe het nu is."


def _who_changed(record) -> str:
    if entry := last_log_entry(record):
        who = f"{person(entry.user)}, {moment(entry.action_time)}"
        return f"Dit is intussen gewijzigd ({who}: {entry.get_change_message()})."
    return "Dit is intussen gewijzigd."


def _plain(line) -> str:
    """A line of the list of users, without the link that Django puts in it."""
    return strip_tags(str(line))


def only_choosing(field):
    """Leave out the icons that change or delete another record from within this one."""
    if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
        field.widget.can_add_related = False
        field.widget.can_change_related = False
        field.widget.can_delete_related = False
        field.widget.can_view_related = False
    return field


class FoldedRows(admin.StackedInline):
    """Rows under a record, out of the way until somebody opens them."""

    extra = 0
    formset = RowFormSet
    classes = ["collapse"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return only_choosing(super().formfield_for_dbfield(db_field, request, **kwargs))


class RecordAdmin(ScreenAdmin, ChangesAdmin, StaleAdmin, KeepingAdmin, HistoryAdmin):
    """The ground of every screen of a versioned record."""

    # The date field of the browser itself: no script, and it speaks Dutch.
    formfield_overrides = {
        models.DateField: {"form_class": forms.DateField, "widget": DayInput},
        models.URLField: {"assume_scheme": "https"},
    }

    def get_inline_formsets(self, request, formsets, inline_instances, obj=None):
        """Say how many rows there are: the rows themselves are folded."""
        for formset, inline in zip(formsets, inline_instances, strict=True):
            if number := formset.initial_form_count():
                inline.verbose_name_plural = f"{inline.verbose_name_plural} ({number})"
        return super().get_inline_formsets(request, formsets, inline_instances, obj)


class PublishableAdmin(RecordAdmin):
    """A record that is concept until somebody publishes it."""

    actions = ["make_public", "withdraw"]

    @admin.display(description="publicatie", ordering="publication")
    def publication_mark(self, obj):
        return format_html(
            '<span class="beheer-publication beheer-publication--{}">'
            '<span aria-hidden="true">{}</span> {}</span>',
            obj.publication,
            MARKS[Publication(obj.publication)],
            obj.get_publication_display(),
        )

    def public_url(self, obj) -> str:
        """Where this stands on the website, or empty when nobody can see it there."""
        if obj and obj.is_public and hasattr(obj, "get_absolute_url"):
            return obj.get_absolute_url()
        return ""

    def render_change_form(self, request, context, *args, **kwargs):
        context["public_url"] = self.public_url(context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description="Openbaar maken", permissions=["change"])
    def make_public(self, request, queryset):
        self._turn(request, queryset, Publication.PUBLIC, "openbaar gemaakt")

    @admin.action(description="Intrekken: niet meer op de website", permissions=["change"])
    def withdraw(self, request, queryset):
        self._turn(request, queryset, Publication.WITHDRAWN, "ingetrokken")

    def _turn(self, request, queryset, publication, done):
        """Turn each record that may; name those that did, and why others did not."""
        turned, refused = [], []
        for pk in queryset.values_list("pk", flat=True):
            try:
                with transaction.atomic():
                    record = self.model._base_manager.select_for_update().get(pk=pk)
                    if record.publication == publication:
                        raise ValidationError(f"Dit was al {done.removesuffix(' gemaakt')}.")
                    before = record.get_publication_display()
                    record.publication = publication
                    record.full_clean()
                    record.save()
                    after = record.get_publication_display()
                    log(request, record, f"publicatie: {before} → {after}")
                    turned.append(str(record))
            except ValidationError as error:
                refused.append(f"‘{record}’: {sentences(error, self.model)}")
        if turned:
            self.message_user(request, f"{done.capitalize()}: {'; '.join(turned)}.")
        for line in refused:
            self.message_user(request, f"Niet {done}: {line}", messages.ERROR)
