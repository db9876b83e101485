"""The staff pages of a history: what changed, what was deleted, and putting it back."""

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from . import history

ON_A_PAGE = 50


class HistoryAdmin(admin.ModelAdmin):
    """A record with a history that can be read, and from which a value can be put back."""

    # Why a value of this record is never put back, in Dutch; empty when it may be.
    never_put_back = ""

    def get_urls(self):
        wrap, name = self.admin_site.admin_view, self._screen_name
        return [
            path(
                "<path:key>/history/<int:entry>/terugzetten/",
                wrap(self.put_back_view),
                name=name("put_back"),
            ),
            path("verwijderd/", wrap(self.deleted_view), name=name("deleted")),
            path("verwijderd/<int:entry>/", wrap(self.make_again_view), name=name("make_again")),
            *super().get_urls(),
        ]

    def _screen_name(self, screen: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{screen}"

    def _address(self, screen: str, *args) -> str:
        return reverse(f"admin:{self._screen_name(screen)}", args=args)

    def history_view(self, request, object_id, extra_context=None):
        return self.fields_view(request, object_id)

    def fields_view(self, request, object_id):
        """Everything that changed in a record, field by field, newest first."""
        record = self.get_object(request, unquote(str(object_id)))
        if record is None:
            raise Http404
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        page = Paginator(history.entries_of(record), ON_A_PAGE).get_page(request.GET.get("pagina"))
        may_put_back = not self.never_put_back and self.has_change_permission(request, record)
        return self._page(
            request,
            "admin/object_history.html",
            object=record,
            told=self._told(record) if page.number == 1 else [],
            page=page,
            events=history.events(page.object_list),
            may_put_back=may_put_back,
            put_back_name=f"admin:{self._screen_name('put_back')}",
        )

    def _told(self, record):
        """What the screens noted of a record in a sentence, rows under it included."""
        kind = ContentType.objects.get_for_model(record)
        found = LogEntry.objects.filter(content_type=kind, object_id=str(record.pk))
        return found.select_related("user").order_by("-action_time", "-pk")[:ON_A_PAGE]

    def put_back_view(self, request, key, entry):
        """Ask, and then give a record the values from before one change."""
        record = self.get_object(request, unquote(key))
        if record is None:
            raise Http404
        if self.never_put_back or not self.has_change_permission(request, record):
            raise PermissionDenied
        entry = get_object_or_404(history.entries_of(record), pk=entry)
        if request.method == "POST":
            with transaction.atomic():
                record = self.model._base_manager.select_for_update().get(pk=record.pk)
                return self._put_back(request, record, entry)
        return self._ask(request, record, entry, errors=[])

    def _put_back(self, request, record, entry):
        if request.POST.get("opened_version") != str(record.version):
            text = "Dit is intussen gewijzigd. Er is niets teruggezet. Kijk hoe het nu is."
            return self._ask(request, record, entry, errors=[text])
        fields = history.restorable(entry)
        try:
            history.put_back(record, entry)
        except ValidationError as error:
            record.refresh_from_db()
            return self._ask(request, record, entry, errors=error.messages)
        record.save()
        names = ", ".join(str(self.opts.get_field(name).verbose_name) for name in fields)
        when = history.moment_of(entry)
        self.log_change(request, record, f"teruggezet naar vóór {when}: {names}")
        messages.success(request, f"Teruggezet naar vóór {when}: {names}.")
        return redirect(self._address("history", record.pk))

    def _ask(self, request, record, entry, errors):
        return self._page(
            request,
            "admin/put_back.html",
            object=record,
            entry=entry,
            changes=history.comparison(record, entry),
            errors=errors,
        )

    def deleted_view(self, request):
        """The records of this model that were deleted, with what they held."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = Paginator(history.deleted(self.model), ON_A_PAGE).get_page(request.GET.get("pagina"))
        return self._page(
            request,
            "admin/deleted.html",
            page=page,
            events=history.events(page.object_list),
            may_make=not self.never_put_back and self.has_add_permission(request),
            make_name=f"admin:{self._screen_name('make_again')}",
        )

    def make_again_view(self, request, entry):
        """Make a deleted record anew, with the values that it had."""
        entry = get_object_or_404(history.deleted(self.model), pk=entry)
        if request.method != "POST":
            return redirect(self._address("deleted"))
        if self.never_put_back or not self.has_add_permission(request):
            raise PermissionDenied
        try:
            with transaction.atomic():
                record = history.made_again(entry)
                record.save()
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, f"Niet opnieuw gemaakt: {message}")
            return redirect(self._address("deleted"))
        text = f"opnieuw gemaakt, zoals verwijderd op {history.moment_of(entry)}"
        self.log_addition(request, record, text)
        messages.success(request, f"‘{record}’ is {text}.")
        return redirect(self._address("change", record.pk))

    def _page(self, request, template, **context):
        base = self.admin_site.each_context(request)
        base |= {"opts": self.opts, "media": self.media, "never_put_back": self.never_put_back}
        return TemplateResponse(request, template, base | context)
