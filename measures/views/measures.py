"""The list of measures, the same list as files, and the page of one measure."""

from django.conf import settings
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from .. import citations, measure_page, reference_date, tables
from ..documents import write
from ..filters import MeasureFilter
from ..models import DeadlineState, Measure, Provenance
from ..once import once
from ..pictures import measure_picture
from ..search.answers import not_kept_while_behind
from .citations import site_of

PER_PAGE = 25
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}


class CountedPaginator(Paginator):
    """A paginator that is told how many rows there are: the filters counted them already.

    Knowing that, it reads a page from the nearer end: a database that is asked to skip rows
    walks past each of them.
    """

    def __init__(self, rows: QuerySet[Measure], per_page: int, *, number: int):
        super().__init__(rows, per_page)
        self.rows, self.number = rows, number

    @property
    def count(self):
        return self.number

    def page(self, number):
        page = super().page(number)
        before, after = page.start_index() - 1, self.number - page.end_index()
        if 0 <= after < before:
            rows = self.rows.reverse()[after : self.number - before]
            page.object_list = list(rows)[::-1]
        return page


def _filter(request, reference):
    measures = Measure.objects.public_as_of(*reference.point).with_deadline_state(reference.day)
    return MeasureFilter(request.GET, measures.with_public_lead(), point=reference.point)


@require_safe
@not_kept_while_behind
def measures(request):
    reference = reference_date.of(request)
    chosen = _filter(request, reference)
    is_valid = chosen.form.is_valid()
    paginator = CountedPaginator(chosen.qs.for_rows(), PER_PAGE, number=chosen.number)
    asked = (is_valid and request.GET.get("pagina")) or "1"
    try:
        page = paginator.page(asked)
    except (EmptyPage, PageNotAnInteger):
        last = request.GET.copy()
        last["pagina"] = paginator.num_pages
        context = {
            "section": "maatregelen",
            "asked": asked[:20],
            "number": paginator.num_pages,
            "last": f"?{last.urlencode()}",
        }
        return render(request, "measures/no_such_page.html", context, status=404)
    active = _active(request, chosen)
    reset_url = f"{reverse('measures')}{reference.query}"
    query = request.GET.copy()
    query.pop("pagina", None)
    return render(
        request,
        "measures/measure_list.html",
        {
            "section": "maatregelen",
            "form": chosen.form,
            "panel": _panel(request, chosen, {"active": active, "reset_url": reset_url}),
            "page_obj": page,
            "active": active,
            "reset_url": reset_url,
            "downloads": _downloads(query.urlencode()),
        },
        status=200 if is_valid else 400,
    )


def _panel(request, chosen, context) -> str:
    """The panel of filters as HTML. Half of the work of a list, and the same on each of its
    pages: so made once for each choice. What was typed is not kept.
    """

    def make() -> str:
        chosen.count_choices()
        asked = {"form": chosen.form, "errors_above": True, **context}
        return render_to_string("components/filters.html", asked, request)

    if not chosen.form.is_valid() or chosen.form.cleaned_data["q"]:
        return make()
    names = (*chosen.form.fields, reference_date.PARAMETER, reference_date.KNOWN)
    choice = tuple((name, *request.GET.getlist(name)) for name in names)
    return once(("panel", choice, timezone.localdate(), settings.DEADLINE_NEAR_DAYS), make)


def _active(request, chosen) -> list[dict[str, str]]:
    """The chosen filters, each with the address of the list without it."""
    found = []
    for name, value, label in chosen.active():
        query = request.GET.copy()
        query.pop("pagina", None)
        query.setlist(name, [other for other in query.getlist(name) if other != value])
        found.append({"label": label, "url": f"?{query.urlencode()}"})
    return found


def _downloads(query: str) -> list[dict[str, str]]:
    kinds = [
        ("ods", "ODS", "Voor LibreOffice en andere programma’s"),
        ("xlsx", "XLSX", "Voor Excel"),
        ("csv", "CSV", "Platte tekst, met puntkomma’s"),
        ("json", "JSON", "Voor programmeurs"),
    ]
    return [
        {
            "url": f"{reverse('measures-file', args=[name])}{'?' if query else ''}{query}",
            "format": label,
            "name": "Deze lijst",
            "what": what,
        }
        for name, label, what in kinds
    ]


@require_safe
@not_kept_while_behind
def measures_file(request, format):
    """The list with the same filters and order, all rows, as a file."""
    reference = reference_date.of(request)
    chosen = _filter(request, reference)
    if not chosen.form.is_valid():
        return _refused(chosen, format)
    rows = tables.MeasureRow.read(
        chosen.qs.select_related("theme").with_standing(*reference.point).with_public_provenance(),
        address=request.build_absolute_uri,
        query=reference.query,
    )
    name = f"maatregelen-{reference.day.isoformat()}.{format}"
    if format == "json":
        return JsonResponse(
            tables.as_json(rows, reference.day, reference.known_on),
            json_dumps_params={"ensure_ascii": False, "indent": 1},
        )
    return HttpResponse(
        write(format, [tables.as_table(rows, reference.day, reference.known_on)]),
        content_type=MEDIA_TYPES[format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _refused(chosen, format):
    errors = {
        str(chosen.form.fields[name].label): [str(message) for message in messages]
        for name, messages in chosen.form.errors.items()
    }
    if format == "json":
        return JsonResponse(
            {"fouten": errors}, status=400, json_dumps_params={"ensure_ascii": False}
        )
    lines = [f"{label}: {' '.join(messages)}" for label, messages in errors.items()]
    return HttpResponse("\n".join(lines), status=400, content_type="text/plain; charset=utf-8")


def _today_says(measure, reference) -> str:
    """How the measure stands now, for whoever looks at a day in the past."""
    if not reference.is_past:
        return ""
    now = Measure.objects.public_as_of().with_deadline_state().get(pk=measure.pk)
    then, today = (
        (m.standing_label, m.deadline_label, m.deadline_state_label) for m in (measure, now)
    )
    if then == today:
        return "Vandaag is dat hetzelfde."
    status, deadline, state = today
    when = "" if state == DeadlineState.NOT_APPLICABLE.label else f" ({state.lower()})"
    return f"Vandaag: {status.lower()}, streefdatum {deadline}{when if now.deadline else ''}."


def _not_there(request, number, reference):
    """Say that a measure was not there yet on a day, or that we know none with this number."""
    if not (reference.is_past and Measure.objects.public().filter(number=number).exists()):
        raise Http404
    context = {
        "message": f"M{number} stond op deze dag nog niet op deze website, of was nog niet bedacht."
    }
    return render(request, "404.html", context, status=404)


@require_safe
def measure(request, number):
    reference = reference_date.of(request)
    if request.path != reverse("measure", args=[number]):
        # 'M7' is how people say it, '7' is the address.
        return HttpResponsePermanentRedirect(
            f"{reverse('measure', args=[number])}{reference.query}"
        )
    try:
        page = measure_page.read(number, reference)
    except Measure.DoesNotExist:
        return _not_there(request, number, reference)
    measure = page.measure
    about = {field.name.lower(): measure.provenance_of(field) for field in Provenance.Field}
    return render(
        request,
        "measures/measure.html",
        {
            **vars(page),
            "section": "maatregelen",
            "standing": measure.public_updates[0] if measure.public_updates else None,
            "about": about,
            "line": measure_picture(measure, page.moments, reference.day),
            "today_says": _today_says(measure, reference),
            "citation": citations.of_measure(measure, reference, site_of(request)),
        },
    )
