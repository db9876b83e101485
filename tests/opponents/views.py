"""The list and the page of a measure as a good Django developer would first write them.

The same rows and fields as the site shows of today, from the same tables: plain querysets with
`select_related` and `prefetch_related`, a plain form, plain templates. No past days, no pictures,
no data for machines, no policy headers, no cache. tests/bench_server.py holds that every word
that the site shows is here too.
"""

from collections import Counter
from datetime import timedelta

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from measures.filters import SORT_CHOICES
from measures.models import (
    DeadlineState,
    Involvement,
    Measure,
    ReportingMoment,
    Source,
    Status,
    Theme,
)
from measures.periods import format_period
from parties.models import Party

FINISHED = ["geimplementeerd", "vervallen", "opgegaan-in"]
public = Measure.objects.filter(publication="openbaar")


class FilterForm(forms.Form):
    q = forms.CharField(label="Zoek in nummer, titel en tekst", required=False)
    status = forms.MultipleChoiceField(
        label="Status", required=False, widget=forms.CheckboxSelectMultiple
    )
    hoofdlijn = forms.MultipleChoiceField(
        label="Hoofdlijn", required=False, widget=forms.CheckboxSelectMultiple
    )
    datum = forms.MultipleChoiceField(
        label="Streefdatum", required=False, widget=forms.CheckboxSelectMultiple
    )
    partij = forms.ChoiceField(label="Partij", required=False)
    rol = forms.ChoiceField(label="Rol van de partij", required=False)
    sorteer = forms.ChoiceField(label="Volgorde", required=False, choices=SORT_CHOICES)

    def __init__(self, data):
        super().__init__(data)
        status = dict(public.values_list("status").annotate(n=Count("pk")).order_by())
        themes = dict(public.values_list("theme").annotate(n=Count("pk")).order_by())
        dates = public.values_list("status", "deadline")
        states = Counter(deadline_state(*pair) for pair in dates)
        parts = [(m, p, "trekker") for m, p in public.values_list("pk", "lead") if p]
        parts += Involvement.objects.filter(measure__publication="openbaar").values_list(
            "measure", "party", "role"
        )
        parties = Counter(party for _, party in {(m, p) for m, p, _ in parts})
        roles = Counter(role for _, role in {(m, r) for m, _, r in parts})
        found = {
            "status": [(value, label, status.get(value, 0)) for value, label in Status.choices],
            "hoofdlijn": [(t.slug, t.title, themes.get(t.pk, 0)) for t in Theme.objects.all()],
            "datum": [(value, label, states[value]) for value, label in DeadlineState.choices],
            "partij": [
                (party.slug, party.name, parties[party.pk])
                for party in Party.objects.filter(publication="openbaar")
            ],
            "rol": [
                (value, label, roles[value])
                for value, label in [("trekker", "Trekker"), *Involvement.Role.choices]
            ],
        }
        for name, choices in found.items():
            empty = {"partij": [("", "Alle partijen")], "rol": [("", "Alle rollen")]}.get(name, [])
            counted = [(value, f"{label} ({n})") for value, label, n in choices]
            self.fields[name].choices = empty + counted


def deadline_state(status, deadline) -> str:
    if status in FINISHED:
        return "nvt"
    if deadline is None:
        return "geen-datum"
    if deadline < timezone.localdate():
        return "te-laat"
    near = timezone.localdate() + timedelta(days=30)
    return "nadert" if deadline <= near else "op-schema"


def shown(measure) -> dict:
    """What a page says of the dates of a measure."""
    reported, today = measure.reported_on, timezone.localdate()
    state = deadline_state(measure.status, measure.deadline)
    return {
        "measure": measure,
        "deadline": measure.deadline_text
        or format_period(measure.deadline, measure.deadline_precision),
        "state": DeadlineState(state).label if state not in ("nvt", "geen-datum") else "",
        "reported": format_period(reported, measure.reported_on_precision) if reported else "",
        "late": measure.status not in FINISHED
        and reported is not None
        and reported < today - timedelta(days=180),
    }


def measure_list(request):
    form = FilterForm(request.GET)
    measures = public.select_related("theme", "lead")
    if form.is_valid():
        chosen = form.cleaned_data
        if chosen["status"]:
            measures = measures.filter(status__in=chosen["status"])
        if chosen["hoofdlijn"]:
            measures = measures.filter(theme__slug__in=chosen["hoofdlijn"])
        if chosen["partij"]:
            measures = measures.filter(lead__slug=chosen["partij"])
        if chosen["q"]:
            measures = measures.filter(title__icontains=chosen["q"])
    page = Paginator(measures.order_by("number"), 25).get_page(request.GET.get("pagina"))
    return render(
        request,
        "measure_list.html",
        {
            "form": form,
            "page": page,
            "rows": [shown(measure) for measure in page],
            "today": timezone.localdate(),
            "files": [
                ("ods", "ODS", "Voor LibreOffice en andere programma’s"),
                ("xlsx", "XLSX", "Voor Excel"),
                ("csv", "CSV", "Platte tekst, met puntkomma’s"),
                ("json", "JSON", "Voor programmeurs"),
            ],
        },
    )


def measure_page(request, number):
    sources = Prefetch("sources", Source.objects.filter(publication="openbaar"))

    def those(name, *more, **conditions):
        manager = Measure._meta.get_field(name).related_model.objects
        return Prefetch(name, manager.filter(**conditions).prefetch_related(sources, *more))

    open_ = {"publication": "openbaar"}
    measure = get_object_or_404(
        public.select_related("theme", "lead").prefetch_related(
            sources,
            those("provenances"),
            those("involvements", "party"),
            those("updates", "letter", "evidence", **open_),
            those("deadline_changes", "letter", **open_),
            those("finding_links", "finding"),
            those("effects", **open_),
            *("motions", "commitments", "contributions"),
        ),
        number=number,
    )
    return render(
        request,
        "measure.html",
        {
            **shown(measure),
            "facts": {fact.field: fact for fact in measure.provenances.all()},
            "previous": public.filter(number__lt=number).order_by("-number").first(),
            "next": public.filter(number__gt=number).order_by("number").first(),
            "absorbed": public.filter(merged_into=measure),
            "moments": ReportingMoment.objects.filter(
                state="openbaar", snapshot__document__contains=f'"number":"M{number}","placing"'
            ),
            "address": request.build_absolute_uri(request.path),
            "today": timezone.localdate(),
        },
    )
