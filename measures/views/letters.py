"""The letters to Parliament, and what each of them told: frozen, citable, comparable."""

import hashlib
from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from .. import annex, citations, reference_date, snapshot
from ..annex import layout
from ..annex.content import MeasureRow
from ..models import Letter, Measure, ReportingMoment, Source
from .citations import answer, site_of

JSON = annex.Format("JSON", "application/json", "Voor programmeurs, en om de controle mee te doen")
FORMATS = {**annex.FORMATS, "json": JSON}
SECTION = "kamerbrieven"


@dataclass(frozen=True)
class ThenAndNow:
    """A measure as a letter told it, beside how it stands now (None: not public any more)."""

    told: MeasureRow
    now: Measure | None

    @property
    def number(self) -> int:
        return int(self.told.number.removeprefix("M"))

    @property
    def has_other_status(self) -> bool:
        return self.now is not None and self.now.standing_label != self.told.status_label

    @property
    def has_other_deadline(self) -> bool:
        return self.now is not None and self.now.deadline_label != self.told.deadline.label


@require_safe
def letters(request):
    reference = reference_date.of(request)
    found = (
        Letter.objects.public(reference.known_on)
        .up_to(reference.asked)
        .prefetch_related(
            Prefetch("sources", Source.objects.public()),
            Prefetch(
                "moments",
                ReportingMoment.objects.public(reference.known_on).filter(
                    reference_date__lte=reference.day
                ),
                to_attr="public_moments",
            ),
        )
    )
    return render(request, "measures/letters.html", {"section": SECTION, "letters": list(found)})


def _moment(request, slug: str) -> ReportingMoment:
    """The moment with this address, or 404; with `bekend_op` only if it was public by then."""
    known_on = reference_date.of(request).known_on
    public = ReportingMoment.objects.public(known_on).select_related("letter", "snapshot")
    return get_object_or_404(public, slug=slug)


@require_safe
def letter(request, slug):
    """What one letter told of every measure, next to now, and all of its annex."""
    moment = _moment(request, slug)
    told = snapshot.read(moment.snapshot)
    now = {measure.number: measure for measure in Measure.objects.public_as_of()}
    themes = [
        (section.title.text, [_beside(row, now) for row in section.rows])
        for section in told.sections
    ]
    numbers = {row.number for _, rows in themes for row in rows}
    return render(
        request,
        "measures/letter.html",
        {
            "section": SECTION,
            "moment": moment,
            "told": told,
            "themes": [theme for theme in themes if theme[1]],
            "later": [measure for number, measure in now.items() if number not in numbers],
            "changed": sum(row.has_other_status for _, rows in themes for row in rows),
            "number": len(numbers),
            "blocks": [(type(block).__name__, block) for block in layout.blocks(told)],
            "downloads": _downloads(moment),
            "json_url": reverse("moment-file", args=[slug, "json"]),
            "citation": citations.of_letter(moment, site_of(request)),
        },
    )


def _beside(row: MeasureRow, now: dict[int, Measure]) -> ThenAndNow:
    return ThenAndNow(row, now.get(int(row.number.removeprefix("M"))))


def _downloads(moment: ReportingMoment) -> list[dict[str, str]]:
    sizes = dict(moment.snapshot.files.values_list("format", "size"))
    sizes["json"] = len(moment.snapshot.document.encode())
    return [
        {
            "url": reverse("moment-file", args=[moment.slug, name]),
            "format": format.label,
            "name": "Bijlage",
            "what": format.purpose,
            "size": filesizeformat(sizes[name]),
        }
        for name, format in FORMATS.items()
        if name in sizes
    ]


@require_safe
def letter_file(request, slug, format):
    """The annex of a letter as it was frozen; nothing is rendered here."""
    moment = _moment(request, slug)
    if format not in FORMATS:
        known = ", ".join(FORMATS)
        message = f"Dit bestand is er niet. De bijlage is er als: {known}."
        return render(request, "404.html", {"message": message}, status=404)
    if format == "json":
        digest, data = moment.snapshot.sha256, moment.snapshot.document.encode()
    else:
        file = get_object_or_404(moment.snapshot.files, format=format)
        digest, data = file.sha256, bytes(file.content)
    if hashlib.sha256(data).hexdigest() != digest:
        raise snapshot.CorruptSnapshot(f"Het bestand {format} van ‘{moment}’ is beschadigd.")
    etag = quote_etag(digest)
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        data,
        content_type=FORMATS[format].media_type,
        headers={"Content-Disposition": f'attachment; filename="{"bijlage-" + slug}.{format}"'},
    )
    response.headers["ETag"] = etag
    # What is frozen does not change; still a browser asks whether it is there.
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    return response


@require_safe
def letter_measure(request, slug, number):
    """What a letter told of one measure, word for word: an address to cite."""
    moment = _moment(request, slug)
    told = snapshot.read(moment.snapshot)
    rows = [(section, row) for section in told.sections for row in section.rows]
    rows.sort(key=lambda found: int(found[1].number.removeprefix("M")))
    place = next((n for n, (_, row) in enumerate(rows) if row.number == f"M{number}"), None)
    if place is None:
        raise Http404
    section, row = rows[place]
    now = Measure.objects.public_as_of().with_standing().filter(number=number).first()
    lines = [row.title, row.lead, *row.progress]
    used = {note for line in lines for note in line.notes}
    return render(
        request,
        "measures/letter_measure.html",
        {
            "section": SECTION,
            "moment": moment,
            "told": told,
            "theme": section.title.text,
            "row": row,
            "beside": ThenAndNow(row, now),
            "notes": [note for note in told.notes if note.number in used],
            "previous": rows[place - 1][1] if place else None,
            "next": rows[place + 1][1] if place + 1 < len(rows) else None,
            "citation": citations.of_letter_measure(
                row, moment, told, request.path, site_of(request)
            ),
            "today": timezone.localdate(),
        },
    )


@require_safe
def letter_citation(request, slug, format):
    return answer(citations.of_letter(_moment(request, slug), site_of(request)), format)


@require_safe
def letter_measure_citation(request, slug, number, format):
    moment = _moment(request, slug)
    told = snapshot.read(moment.snapshot)
    rows = [row for section in told.sections for row in section.rows]
    row = next((row for row in rows if row.number == f"M{number}"), None)
    if row is None:
        raise Http404
    path = reverse("moment-measure", args=[slug, number])
    return answer(citations.of_letter_measure(row, moment, told, path, site_of(request)), format)
