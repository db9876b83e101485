"""The public pages of parties."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .models import Party

Kind = Party.Kind
# The kinds in the plural, in the order of the page.
HEADINGS = {
    Kind.MINISTRY: "Ministeries",
    Kind.SUPERVISOR: "Toezichthouders",
    Kind.EXECUTIVE: "Uitvoerders",
    Kind.TASK_FORCE: "Tijdelijke organen",
    Kind.LOCAL_GOVERNMENT: "Medeoverheden",
    Kind.UMBRELLA: "Koepels van medeoverheden",
    Kind.ACCREDITATION: "Accreditatie-instanties",
    Kind.SCHEME_OWNER: "Schemabeheerders",
    Kind.CERTIFICATION_BODY: "Certificerende instellingen",
    Kind.TRADE_ASSOCIATION: "Brancheorganisaties",
    Kind.EVALUATOR: "Onderzoekers",
    Kind.PARLIAMENT: "Parlement",
}

# So many measures stand on the page of a party; the list of measures has them all.
SHOWN = 50


@require_safe
def parties(request):
    everyone = Party.objects.public().with_number_of_measures(*request.reference_date.point)
    groups = [
        (heading, [party for party in everyone if party.kind == kind])
        for kind, heading in HEADINGS.items()
    ]
    return render(
        request,
        "parties/parties.html",
        {
            "section": "partijen",
            "groups": [group for group in groups if group[1]],
            "number": len(everyone),
        },
    )


@require_safe
def party(request, slug):
    point = request.reference_date.point
    found = Party.objects.public().filter(slug=slug).with_number_of_measures(*point)
    if not found:
        raise Http404
    (party,) = found
    measures = party.led_measures.model.objects.public_as_of(*point)
    involved = measures.involving(party).open_first(SHOWN)
    parts = party.involvements.public().filter(measure__in=[measure.pk for measure in involved])
    return render(
        request,
        "parties/party.html",
        {
            "section": "partijen",
            "party": party,
            "led": measures.filter(lead=party).open_first(SHOWN),
            "involvements": _in_order(parts.with_public_sources(), involved),
            "sources": party.sources.public(),
        },
    )


def _in_order(parts, measures):
    """These parts in the order of their measures, each with its measure."""
    places = {measure.pk: (place, measure) for place, measure in enumerate(measures)}
    found = sorted(parts, key=lambda part: places[part.measure_id][0])
    for part in found:
        part.measure = places[part.measure_id][1]
    return found
