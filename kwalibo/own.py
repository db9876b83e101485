"""What a colleague sets for themselves: saved filters, and how often they get mail."""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST

from measures.models import Assignment, SavedFilter

# What is not part of a choice: the page, and what the admin adds itself.
PASSING = ("p", "e", "_changelist_filters", "_popup", "_to_field")
# More than fits above a list.
MOST = 20


class DigestForm(forms.ModelForm):
    class Meta:
        model = Assignment
        fields = ["digest"]
        widgets = {"digest": forms.RadioSelect}
        labels = {"digest": "Hoe vaak wilt u het overzicht per mail?"}


def settings(site, request):
    """How often this person gets the summary, and their saved filters."""
    assignment = Assignment.objects.filter(user=request.user).first()
    assignment = assignment or Assignment(user=request.user)
    form = DigestForm(request.POST or None, instance=assignment)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Dit is opgeslagen.")
        return redirect("admin:own_settings")
    context = site.each_context(request) | {
        "title": "Mijn instellingen",
        "form": form,
        "filters": SavedFilter.objects.filter(user=request.user),
    }
    return TemplateResponse(request, "admin/own_settings.html", context)


def choice_of(query: str) -> str:
    """The part of an address that chooses: without the page, in one order."""
    asked = QueryDict(query)
    pairs = [(key, value) for key in sorted(asked) for value in asked.getlist(key)]
    return urlencode([(key, value) for key, value in pairs if key not in PASSING and value])


def filters_of(request, name: str) -> dict:
    """What a list shows of saved choices, and the choice that it is at now."""
    return {
        "saved_filters": SavedFilter.objects.filter(user=request.user, list=name),
        "choice": choice_of(request.META.get("QUERY_STRING", "")),
    }


@require_POST
def save_filter(request):
    """Keep the choice in a list under a name."""
    name = " ".join(request.POST.get("name", "").split())
    found = SavedFilter(
        user=request.user,
        list=request.POST.get("list", ""),
        name=name,
        query=choice_of(request.POST.get("query", "")),
    )
    try:
        address = reverse(f"admin:{found.list}_changelist")
    except NoReverseMatch:
        raise Http404 from None
    try:
        if not found.query:
            raise ValidationError("Kies eerst een filter, of zoek iets.")
        if SavedFilter.objects.filter(user=request.user, list=found.list).count() >= MOST:
            raise ValidationError(f"U kunt hoogstens {MOST} selecties bewaren. Verwijder er een.")
        found.full_clean()
        found.save()
        messages.success(request, f"De selectie ‘{found}’ is bewaard.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{address}?{found.query}")


@require_POST
def forget_filter(request, pk):
    """Throw a saved choice away."""
    found = get_object_or_404(SavedFilter, pk=pk, user=request.user)
    found.delete()
    messages.success(request, f"De selectie ‘{found}’ is verwijderd.")
    return redirect("admin:own_settings")
