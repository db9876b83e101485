"""The staff screen of what parties contributed: read it, answer it, show it."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from parties.admin_mixins import RecordAdmin, log, sentences

from .. import rules
from ..evidence_response import answer as file_of
from ..models import Contribution
from ..rules import Reply

DONE = {
    Reply.TAKE: "overgenomen als concept",
    Reply.NOTE: "als gezien gemerkt",
    Reply.DECLINE: "niet overgenomen",
    Reply.SHOW: "op de website gezet",
    Reply.HIDE: "van de website gehaald",
}


class ReplyForm(forms.Form):
    answer = forms.CharField(
        label="Antwoord aan de partij",
        required=False,
        help_text="De contactpersoon leest dit. Nodig als u iets niet overneemt.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@admin.register(Contribution)
class ContributionAdmin(RecordAdmin):
    list_display = ["measure", "party", "kind", "created_at", "state", "shown"]
    list_filter = ["state", "kind", "party"]
    list_select_related = ["measure", "party"]
    search_fields = ["measure__title", "party__name", "explanation"]
    search_help_text = "Zoek op maatregel, partij of tekst."
    fields = ["kind", "explanation"]

    @admin.display(description="op de website", ordering="shown_at")
    def shown(self, contribution):
        return "Ja" if contribution.is_shown else "Nee"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/bestand/", wrap(self.file_view), name="measures_contribution_file"),
            *super().get_urls(),
        ]

    def file_view(self, request, pk):
        """The file that the party sent."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = get_object_or_404(Contribution.objects.exclude(document=""), pk=pk)
        return require_safe(file_of)(request, found, cache="private, no-store")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        pk = int(object_id) if object_id.isdecimal() else 0
        records = Contribution.objects.select_related("measure", "party", "author", "about")
        contribution = get_object_or_404(records, pk=pk)
        form = ReplyForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            chosen = next((reply for reply in Reply if f"_{reply.name}" in request.POST), None)
            try:
                return self._take(request, contribution, chosen, form.cleaned_data["answer"])
            except ValidationError as error:
                form.add_error(None, sentences(error, Contribution))
        context = self.admin_site.each_context(request) | {
            "title": str(contribution),
            "opts": self.opts,
            "contribution": contribution,
            "original": contribution,
            "form": form,
            "buttons": [
                reply
                for reply in Reply
                if not rules.why_not_reply(request.user, reply, contribution)
            ],
        }
        return TemplateResponse(request, "admin/measures/contribution.html", context)

    def _take(self, request, contribution, chosen, answer):
        by = request.user
        match chosen:
            case Reply.TAKE:
                contribution.take_over(by, answer)
            case Reply.NOTE:
                contribution.acknowledge(by, answer)
            case Reply.DECLINE:
                contribution.decline(by, answer)
            case Reply.SHOW:
                contribution.show(by)
            case Reply.HIDE:
                contribution.hide(by)
            case _:
                raise ValidationError("Kies wat u met deze inbreng doet.")
        log(request, contribution, DONE[chosen])
        messages.success(request, f"{contribution}: {DONE[chosen]}.")
        if chosen == Reply.TAKE:
            return redirect("admin:measures_progressupdate_change", contribution.update_id)
        return redirect(reverse("admin:measures_contribution_change", args=[contribution.pk]))
