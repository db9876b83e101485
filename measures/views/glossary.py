"""The words of the field."""

from itertools import groupby

from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..models import GlossaryTerm


@require_safe
def glossary(request):
    # Sorted here: databases differ in where they put capitals.
    terms = sorted(
        GlossaryTerm.objects.public().with_public_sources(),
        key=lambda term: (term.term.casefold(), term.pk),
    )
    letters = [(key, list(group)) for key, group in groupby(terms, lambda t: t.term[:1].upper())]
    return render(request, "measures/glossary.html", {"letters": letters, "number": len(terms)})
