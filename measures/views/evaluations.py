"""The evaluations of the system, and the measures that answer them."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from .. import reference_date
from ..coverage import coverage
from ..models import Evaluation


@require_safe
def evaluations(request):
    day = reference_date.of(request).day
    return render(
        request,
        "measures/evaluations.html",
        {
            "section": "evaluaties",
            "evaluations": Evaluation.objects.public().with_public_sources(),
            "coverage": coverage(day),
        },
    )
