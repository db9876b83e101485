"""The evaluations of the system, and the measures that answer them."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import reference_date
from ..coverage import coverage
from ..models import Evaluation


@require_safe
def evaluations(request):
    reference = reference_date.of(request)
    return render(
        request,
        "measures/evaluations.html",
        {
            "section": "evaluaties",
            "evaluations": Evaluation.objects.public(reference.known_on).with_public_sources(),
            "coverage": coverage(*reference.point),
        },
    )
