"""Searching in everything that is public."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from .. import reference_date
from .. import search as engine
from ..search.answers import not_kept_while_behind
from ..search.question import MOST_CHARACTERS

PER_PAGE = 20


@dataclass(frozen=True)
class Choice:
    """One kind to choose, with how many it gives; the empty name is all of them."""

    name: str
    label: str
    number: int
    is_capped: bool
    url: str
    is_chosen: bool


@require_safe
@not_kept_while_behind
def search(request):
    reference = reference_date.of(request)
    # What is put back in the box: no longer than it may be typed there.
    typed = request.GET.get("q", "").replace("\x00", "").strip()
    kind = request.GET.get("soort", "")
    context: dict[str, Any] = {
        "section": "zoeken",
        "typed": typed[:MOST_CHARACTERS],
        "most": engine.MOST,
        "example_url": _address(request, q="30015-87", soort=""),
    }
    if kind and kind not in engine.KINDS:
        known = ", ".join(engine.KINDS)
        context["wrong_kind"] = f"De soort ‘{kind[:40]}’ kennen wij niet. Kies uit: {known}."
        return render(request, "measures/search.html", context, status=400)
    if not typed:
        return render(request, "measures/search.html", context)
    found = engine.find(typed, *reference.point)
    paginator = Paginator(found.of(kind), PER_PAGE)
    try:
        page = paginator.page(request.GET.get("pagina") or "1")
    except (EmptyPage, PageNotAnInteger):
        return _no_such_page(request, paginator)
    suggested = found.suggestion
    context |= {
        "found": found,
        "kind": engine.KINDS.get(kind),
        "page_obj": page,
        "results": found.results(list(page.object_list), reference.query),
        "choices": _choices(request, found, kind),
        "suggested": suggested and suggested.question.text,
        "suggested_url": suggested and _address(request, q=suggested.question.text),
        "parts": _parts(request, found),
    }
    return render(request, "measures/search.html", context)


def _no_such_page(request, paginator):
    context = {
        "asked": request.GET.get("pagina", "")[:20],
        "number": paginator.num_pages,
        "list_url": _address(request, pagina=paginator.num_pages),
    }
    return render(request, "measures/no_such_page.html", context, status=404)


def _address(request, **values) -> str:
    """This page with other parameters; those of None are left out, a new question has page 1."""
    query = request.GET.copy()
    query.pop("pagina", None)
    for name, value in values.items():
        query[name] = value
        if value in (None, ""):
            del query[name]
    return f"{reverse('search')}?{query.urlencode()}"


def _choices(request, found, chosen: str) -> list[Choice]:
    """Everything, and each kind of which something was found."""
    numbers = found.counts
    everything = Choice(
        "", "Alles", len(found.hits), bool(found.capped), _address(request, soort=""), not chosen
    )
    return [
        everything,
        *(
            Choice(
                name,
                kind.plural,
                numbers[name],
                name in found.capped,
                _address(request, soort=name),
                name == chosen,
            )
            for name, kind in engine.KINDS.items()
            if numbers[name] or name == chosen
        ),
    ]


def _parts(request, found) -> list[dict[str, str]]:
    """When nothing has all words: each word as a question of its own."""
    if found.hits or len(found.question.words) < 2:
        return []
    return [{"word": word, "url": _address(request, q=word)} for word in found.question.words]
