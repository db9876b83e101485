"""The staff screen of what readers say is wrong: read it, deal with it, answer it."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from parties.admin_mixins import RecordAdmin, log, sentences

from .. import rules, targets
from ..desk.corrections import deal_with
from ..models import CorrectionProposal
from ..rules import Verdict
from .update_form import standing_of

DONE = {
    Verdict.TAKE: "overgenomen als concept",
    Verdict.MENDED: "gemerkt als verbeterd",
    Verdict.REJECT: "niet overgenomen",
    Verdict.SPAM: "gemerkt als spam",
}


class VerdictForm(forms.Form):
    """What staff say of it; `address` says whether the answer can be mailed."""

    answer = forms.CharField(
        label="Antwoord",
        required=False,
        help_text="Nodig als u het niet overneemt.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    by_mail = forms.BooleanField(label="Mail dit antwoord", required=False, initial=True)

    def __init__(self, *args, address="", **kwargs):
        super().__init__(*args, **kwargs)
        if not address:
            del self.fields["by_mail"]


@admin.register(CorrectionProposal)
class CorrectionProposalAdmin(RecordAdmin):
    list_display = ["reference", "subject_title", "created_at", "state", "answered_by"]
    list_filter = ["state"]
    list_select_related = ["answered_by"]
    search_fields = ["reference", "subject_title", "wrong", "right"]
    search_help_text = "Zoek op kenmerk, onderwerp of tekst."
    fields = ["wrong", "right"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        """What a reader wrote stays as it came; dealing with it has a right of its own."""
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        pk = int(object_id) if object_id.isdecimal() else 0
        records = CorrectionProposal.objects.select_related(
            "measure", "about__measure", "update", "answered_by"
        )
        proposal = get_object_or_404(records, pk=pk)
        form = VerdictForm(request.POST or None, address=proposal.email)
        if request.method == "POST" and form.is_valid():
            chosen = next((one for one in Verdict if f"_{one.name}" in request.POST), None)
            try:
                return self._decide(request, proposal, chosen, form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, sentences(error, CorrectionProposal))
                proposal = records.get(pk=pk)
        context = self.admin_site.each_context(request) | {
            "title": str(proposal),
            "opts": self.opts,
            "proposal": proposal,
            "original": proposal,
            "subject": targets.find(proposal.subject),
            "standing": proposal.about or (proposal.measure and standing_of(proposal.measure)),
            "may_decide": rules.may_decide(request.user),
            "form": form,
            "buttons": [
                verdict
                for verdict in Verdict
                if not rules.why_not_decide(request.user, verdict, proposal)
            ],
        }
        return TemplateResponse(request, "admin/measures/correction.html", context)

    def _decide(self, request, proposal, chosen, data):
        if chosen is None:
            raise ValidationError("Kies wat u met dit verbetervoorstel doet.")
        by_mail = data.get("by_mail", False)
        deal_with(proposal, chosen, request.user, data["answer"], by_mail=by_mail)
        log(request, proposal, DONE[chosen])
        mailed = " Het antwoord is gemaild." if proposal.was_mailed else ""
        messages.success(request, f"{proposal}: {DONE[chosen]}.{mailed}")
        if chosen == Verdict.TAKE:
            return redirect("admin:measures_progressupdate_change", proposal.update_id)
        return redirect(reverse("admin:measures_correctionproposal_change", args=[proposal.pk]))
