"""The staff screens of measures and themes."""

from datetime import timedelta

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from parties.admin_mixins import FoldedRows, PublishableAdmin, RecordAdmin
from parties.models import Party

from ..models import (
    DeadlineState,
    FindingLink,
    InternalNote,
    Involvement,
    Measure,
    Provenance,
    Status,
    Theme,
)
from ..rules import works_on
from . import bulk, bulk_change, history, spreadsheet
from .deadline import DeadlineScreen
from .update_form import UpdateScreen, standing_of


class DeadlineStateFilter(admin.SimpleListFilter):
    title = "stand van de streefdatum"
    parameter_name = "streefdatum"

    def lookups(self, request, model_admin):
        return DeadlineState.choices

    def queryset(self, request, queryset):
        if self.value() in DeadlineState.values:
            return queryset.filter(deadline_state=self.value())
        return queryset


class LeadFilter(admin.SimpleListFilter):
    """Only parties that lead something: the others would find nothing."""

    title = "trekker"
    parameter_name = "trekker"

    def lookups(self, request, model_admin):
        leads = Party.objects.filter(led_measures__isnull=False).distinct()
        return [("onbekend", "Onbekend"), *((str(lead.pk), lead.short_name) for lead in leads)]

    def queryset(self, request, queryset):
        if self.value() == "onbekend":
            return queryset.filter(lead__isnull=True)
        if self.value() and self.value().isdigit():
            return queryset.filter(lead=self.value())
        return queryset


class QuietFilter(admin.SimpleListFilter):
    title = "laatste stand van zaken"
    parameter_name = "bijgewerkt"

    def lookups(self, request, model_admin):
        return [
            ("lang-niet", "Lang niet bijgewerkt"),
            ("nooit", "Nog nooit"),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "lang-niet":
                day = timezone.localdate() - timedelta(days=settings.REPORT_LATE_DAYS)
                return queryset.remaining().filter(
                    Q(reported_on__lt=day) | Q(reported_on__isnull=True)
                )
            case "nooit":
                return queryset.filter(reported_on__isnull=True)
        return queryset


class InvolvementInline(FoldedRows):
    model = Involvement
    autocomplete_fields = ["party", "sources"]
    fields = [("party", "group", "role"), ("certainty", "sources"), "remark"]


class ProvenanceInline(FoldedRows):
    model = Provenance
    autocomplete_fields = ["sources"]
    fields = [("field", "certainty"), "wording", "sources", "remark"]


class FindingLinkInline(FoldedRows):
    model = FindingLink
    autocomplete_fields = ["finding", "sources"]
    fields = ["finding", ("certainty", "sources"), "remark"]


class InternalNoteInline(FoldedRows):
    model = InternalNote
    fields = ["text", "written"]
    readonly_fields = ["written"]
    verbose_name_plural = "interne notities (alleen intern: komt nooit op de website)"
    classes = ["collapse", "beheer-internal"]

    @admin.display(description="geschreven")
    def written(self, note):
        return history.signature(note.author, note.created_at) if note.pk else "door u, nu"


@admin.register(Measure)
class MeasureAdmin(PublishableAdmin):
    list_display = [
        "code",
        "title_link",
        "status_mark",
        "lead_name",
        "deadline_mark",
        "reported",
        "publication_mark",
        "new_update",
    ]
    list_display_links = ["title_link"]
    list_filter = [
        ("status", admin.ChoicesFieldListFilter),
        DeadlineStateFilter,
        QuietFilter,
        LeadFilter,
        "theme",
        "publication",
    ]
    list_select_related = ["lead"]
    search_fields = ["title", "description", "done_when"]
    search_help_text = "Zoek op nummer (M7 of 7) of op een woord uit de titel of de tekst."
    autocomplete_fields = ["lead", "sources"]
    fieldsets = [
        (None, {"fields": [("number", "taskforce_number"), "title", "theme"]}),
        ("Wat houdt de maatregel in?", {"fields": ["description", "done_when"]}),
        (
            "Wie, en wanneer?",
            {"fields": ["lead", "added_on"]},
        ),
        (
            "Waar komt dit vandaan?",
            {
                "description": "Over de maatregel als geheel. De herkomst van één gegeven, "
                "zoals de streefdatum, staat verderop.",
                "fields": [("in_programme", "basis"), "certainty", "sources", "remark"],
            },
        ),
        ("Op de website", {"fields": ["publication"]}),
    ]
    inlines = [InvolvementInline, ProvenanceInline, FindingLinkInline, InternalNoteInline]
    actions = ["update_several", "change_several", "make_public"]
    instead_of_deleting = "Gaat hij niet door? Maak dan een stand van zaken met ‘vervallen’."

    def get_queryset(self, request):
        return super().get_queryset(request).as_of().with_deadline_state()

    def get_search_results(self, request, queryset, search_term):
        """A bare number, with or without M, is the number of a measure."""
        number = search_term.strip().lower().removeprefix("m").strip()
        if number.isdecimal() and len(number) < 9:
            return queryset.filter(number=int(number)), False
        return super().get_search_results(request, queryset, search_term)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/stand-van-zaken/",
                wrap(self.update_view),
                name="measures_measure_update",
            ),
            path(
                "<int:pk>/streefdatum/",
                wrap(self.deadline_view),
                name="measures_measure_deadline",
            ),
            path(
                "<int:pk>/geschiedenis/",
                wrap(self.record_view),
                name="measures_measure_record",
            ),
            path(
                "stand-van-zaken/",
                wrap(self.bulk_view),
                name="measures_measure_bulk",
            ),
            path(
                "wijzigen/",
                wrap(self.bulk_change_view),
                name="measures_measure_bulk_change",
            ),
            *spreadsheet.urls(self),
            *super().get_urls(),
        ]

    def update_view(self, request, pk):
        if not self.has_update_permission(request):
            raise PermissionDenied
        return UpdateScreen(self, request).new(pk)

    def deadline_view(self, request, pk):
        if not request.user.has_perm("measures.add_deadlinechange"):
            raise PermissionDenied
        return DeadlineScreen(self, request).new(pk)

    def record_view(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return history.measure_history(self, request, pk)

    def bulk_view(self, request):
        if not self.has_update_permission(request):
            raise PermissionDenied
        return bulk.update_measures(self, request)

    def bulk_change_view(self, request):
        if not self.has_bulk_change_permission(request):
            raise PermissionDenied
        return bulk_change.change_measures(self, request)

    def has_bulk_change_permission(self, request):
        rights = ("measures.change_measure", "measures.add_deadlinechange")
        return request.user.has_perms(rights)

    def get_list_display(self, request):
        if self.has_update_permission(request):
            return self.list_display
        return [name for name in self.list_display if name != "new_update"]

    def has_change_permission(self, request, obj=None):
        """Within the field of work of this person; everybody may look at all of it."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or works_on(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or works_on(request.user, obj))

    def has_update_permission(self, request):
        return request.user.has_perm("measures.add_progressupdate")

    @admin.action(description="Stand van zaken voor de gekozen maatregelen", permissions=["update"])
    def update_several(self, request, queryset):
        return self._open_for_several(request, queryset, "admin:measures_measure_bulk")

    @admin.action(
        description="Trekker, hoofdlijn of streefdatum wijzigen", permissions=["bulk_change"]
    )
    def change_several(self, request, queryset):
        return self._open_for_several(request, queryset, "admin:measures_measure_bulk_change")

    def _open_for_several(self, request, queryset, address):
        keys = list(queryset.values_list("pk", flat=True))
        if len(keys) > bulk.MOST:
            return self.message_user(request, bulk.TOO_MANY, messages.ERROR)
        chosen = "&".join(f"maatregel={key}" for key in keys)
        return redirect(f"{reverse(address)}?{chosen}")

    def render_change_form(self, request, context, *args, **kwargs):
        if measure := context["original"]:
            context["measure"] = measure
            context["standing"] = standing_of(measure)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_formset(self, request, form, formset, change):
        if formset.model is InternalNote:
            for row in formset.forms:
                if row.instance.author_id is None and row.has_changed():
                    row.instance.author = request.user
        super().save_formset(request, form, formset, change)

    @admin.display(description="nr.", ordering="number")
    def code(self, measure):
        return measure.code

    @admin.display(description="maatregel", ordering="title")
    def title_link(self, measure):
        return measure.title

    @admin.display(description="status", ordering="status")
    def status_mark(self, measure):
        return render_to_string(
            "components/status.html",
            {"value": measure.standing_status, "label": measure.standing_label},
        )

    @admin.display(description="trekker", ordering="lead__name")
    def lead_name(self, measure):
        return measure.lead.short_name if measure.lead else "Onbekend"

    @admin.display(description="streefdatum", ordering="deadline")
    def deadline_mark(self, measure):
        return render_to_string("admin/measures/deadline.html", {"measure": measure})

    @admin.display(description="laatste stand", ordering="reported_on")
    def reported(self, measure):
        return measure.standing_date_label if measure.standing_date else "nog geen"

    @admin.display(description="bijwerken")
    def new_update(self, measure):
        if measure.standing_status in (Status.DROPPED, Status.MERGED):
            return "Geëindigd"
        return format_html(
            '<a class="beheer-button" href="{}">Nieuwe stand van zaken'
            '<span class="visually-hidden"> voor {}</span></a>',
            reverse("admin:measures_measure_update", args=[measure.pk]),
            measure.code,
        )


@admin.register(Theme)
class ThemeAdmin(RecordAdmin):
    list_display = ["title", "key", "number_of_measures", "position"]
    search_fields = ["title", "key", "description"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["sources"]
    fieldsets = [
        (None, {"fields": ["title", "description"]}),
        ("Waar komt dit vandaan?", {"fields": ["certainty", "sources", "remark"]}),
        ("Op de website", {"fields": [("key", "position"), "slug"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(measure_count=Count("measures"))

    @admin.display(description="aantal maatregelen", ordering="measure_count")
    def number_of_measures(self, theme):
        return theme.measure_count
