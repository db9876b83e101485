"""The public pages of parties."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
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
    everyone = list(Party.objects.public().with_public_measures(*request.reference_date.point))
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
    party = get_object_or_404(Party.objects.public(), slug=slug)
    point = request.reference_date.point
    involvements = (
        party.involvements.public()
        .filter(measure__in=party.involved_measures.public_as_of(*point).values("pk"))
        .with_public_sources()
        .prefetch_related(Prefetch("measure", party.involved_measures.public_as_of(*point)))
    )
    led = sorted(party.led_measures.public_as_of(*point), key=open_first)
    involvements = sorted(involvements, key=lambda row: open_first(row.measure))
    return render(
        request,
        "parties/party.html",
        {
            "section": "partijen",
            "party": party,
            "led": led[:SHOWN],
            "number_led": len(led),
            "involvements": involvements[:SHOWN],
            "number_involved": len(involvements),
            "sources": party.sources.public(),
        },
    )


def open_first(measure):
    """Sort key: what is not finished comes before what is."""
    return not measure.is_remaining, measure.number
