"""What changed between two moments: a page and its files."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from .. import annex
from ..comparison import Comparison, Kind, compare, files, layout, sentences
from ..comparison.changes import name_of_letter
from ..comparison.endpoints import BadEndpoint, Endpoint, endpoint, in_order, public_moments
from ..models import ReportingMoment
from ..snapshot import CorruptSnapshot

# With more measures than this in a class, the differences in their texts are folded.
MANY = 25


@dataclass
class Field:
    """One side of the form: a letter or a day, both under the same name."""

    name: str
    label: str
    values: list[str]
    errors: list[str] = field(default_factory=list)
    endpoint: Endpoint | None = None

    @property
    def day(self) -> str:
        """What stands in the field for a day."""
        return next((v for v in self.values if v[:1].isdigit()), "")

    def read(self, moments: Sequence[ReportingMoment], today: date) -> None:
        if len(self.values) > 1:
            self.errors.append("Kies een brief of een datum, niet allebei.")
        elif self.values:
            try:
                self.endpoint = endpoint(self.values[0], moments, today=today)
            except BadEndpoint as error:
                self.errors.append(str(error))


@dataclass
class Question:
    """What a visitor wants to compare, with what is wrong with it."""

    before: Field
    after: Field
    moments: list[ReportingMoment]
    today: date

    @classmethod
    def of(cls, request) -> "Question":
        def asked(name):
            return [value.strip() for value in request.GET.getlist(name) if value.strip()]

        question = cls(
            Field("van", "Van", asked("van")),
            Field("tot", "Tot en met", asked("tot")),
            public_moments(),
            timezone.localdate(),
        )
        question._read()
        return question

    def _read(self) -> None:
        for side in self.fields:
            side.read(self.moments, self.today)
        if self.after.values and not self.before.values:
            self.before.errors.append("Kies hier het eerste moment.")
        if not self.after.values:
            self.after.endpoint = Endpoint(self.today.isoformat(), self.today)
        if self.before.endpoint and self.after.endpoint:
            try:
                in_order(self.before.endpoint, self.after.endpoint)
            except BadEndpoint as error:
                self.before.errors.append(str(error))

    @property
    def fields(self) -> tuple[Field, Field]:
        return self.before, self.after

    @property
    def errors(self) -> list[str]:
        return [f"{side.label}: {error}" for side in self.fields for error in side.errors]

    @property
    def is_asked(self) -> bool:
        return bool(self.before.values or self.after.values)

    @property
    def is_now(self) -> bool:
        """Whether the later moment is now, and not what a letter said."""
        end = self.after.endpoint
        return end is not None and not end.is_letter and end.day == self.today

    @property
    def query(self) -> str:
        """The one way to write this question; without a second moment it ends today."""
        given = {
            side.name: side.endpoint.text for side in self.fields if side.values and side.endpoint
        }
        return urlencode(given)

    @property
    def file_name(self) -> str:
        """'vergelijking-kwalibo-2022-04-04-2024-12-31', without its ending."""
        ends = [side.endpoint.text for side in self.fields if side.endpoint]
        return "-".join(["vergelijking-kwalibo", *ends])

    def answer(self) -> Comparison:
        """Raises CorruptSnapshot when what a letter said is damaged."""
        assert self.before.endpoint is not None
        assert self.after.endpoint is not None
        return compare(self.before.endpoint.content(), self.after.endpoint.content())


@require_safe
def comparison(request):
    question = Question.of(request)
    context = {"section": "bijlage", "question": question, "links": _links(question)}
    if not question.is_asked:
        return render(request, "measures/comparison.html", context)
    if question.errors:
        return render(request, "measures/comparison.html", context, status=400)
    if request.META["QUERY_STRING"] != question.query:
        # A form sends empty fields along; an address to keep has none.
        return HttpResponseRedirect(f"{reverse('comparison')}?{question.query}")
    try:
        found = question.answer()
    except CorruptSnapshot as error:
        question.before.errors.append(f"{error} Kies een ander moment.")
        return render(request, "measures/comparison.html", context, status=500)
    context |= {
        "comparison": found,
        "heading": layout.heading(found),
        "summary": sentences.summary(found, is_now=question.is_now),
        "total": sentences.total(found),
        "remarks": layout.remarks(found),
        "counts": layout.counts(found),
        "what_is_compared": layout.WHAT_IS_COMPARED,
        "classes": [
            {"kind": kind, "changes": changes, "is_long": len(changes) > MANY}
            for kind, changes in found.by_kind.items()
            if changes and kind != Kind.UNCHANGED
        ],
        "unchanged": found.by_kind[Kind.UNCHANGED],
        "has_marks": any(c.text and not c.text.is_whole for c in found.changes),
        "downloads": _downloads(question),
    }
    return render(request, "measures/comparison.html", context)


def _links(question: Question) -> list[tuple[str, str]]:
    """Comparisons that many will want: (address, what it compares)."""
    start = question.today.replace(month=1, day=1)
    letters = [
        (moment.slug, name_of_letter(moment.letter.title, moment.letter.date_label))
        for moment in question.moments
    ]
    found = [({"van": slug}, f"Sinds {name}") for slug, name in letters]
    found += [
        ({"van": slug, "tot": next_slug}, f"Tussen {name} en {next_name}")
        for (next_slug, next_name), (slug, name) in pairwise(letters)
    ]
    found.append(({"van": start.isoformat()}, f"Sinds 1 januari {start.year}"))
    return [(f"{reverse('comparison')}?{urlencode(query)}", label) for query, label in found]


def _downloads(question: Question) -> list[dict[str, str]]:
    kinds = [(name, known.label, known.purpose) for name, known in annex.FORMATS.items()]
    return [
        {
            "url": f"{reverse('comparison-file', args=[name])}?{question.query}",
            "format": label,
            "name": "Vergelijking",
            "what": what,
        }
        for name, label, what in [*kinds, ("json", "JSON", "Voor programmeurs")]
    ]


@require_safe
def comparison_file(request, format):
    """The same comparison as a file: 'vergelijking-kwalibo-2022-04-04-2024-12-31.odt'."""
    question = Question.of(request)
    errors = question.errors
    if not question.before.values and not errors:
        errors = ["Van: kies hier het eerste moment."]
    if errors:
        return _refused(errors, format, status=400)
    try:
        found = question.answer()
    except CorruptSnapshot as error:
        return _refused([str(error)], format, status=500)
    if format == "json":
        return JsonResponse(
            layout.as_json(found, is_now=question.is_now),
            json_dumps_params={"ensure_ascii": False, "indent": 1},
        )
    return HttpResponse(
        bytes(files.file_of(found, format, is_now=question.is_now).content),
        content_type=annex.FORMATS[format].media_type,
        headers={"Content-Disposition": f'attachment; filename="{question.file_name}.{format}"'},
    )


def _refused(errors: list[str], format: str, *, status: int):
    if format == "json":
        return JsonResponse(
            {"fouten": errors}, status=status, json_dumps_params={"ensure_ascii": False}
        )
    return HttpResponse("\n".join(errors), status=status, content_type="text/plain; charset=utf-8")
