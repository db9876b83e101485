"""What Parliament asked and was promised."""

from datetime import date

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from .. import citations, reference_date
from ..models import Commitment, Motion
from .citations import site_of


@require_safe
def motions(request):
    reference = reference_date.of(request)
    question = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    found = Motion.objects.public(reference.known_on).up_to(reference.asked)
    found = found.with_public_details(*reference.point)
    promised = Commitment.objects.public(reference.known_on).up_to(reference.asked)
    promised = promised.with_public_details(*reference.point)
    if question:
        found, promised = found.search(question), promised.search(question)
    found = list(found)
    return render(
        request,
        "measures/motions.html",
        {
            "section": "moties",
            "question": question,
            "number": len(found),
            "handled": [motion for motion in found if motion.is_handled],
            "candidates": [motion for motion in found if motion.is_candidate],
            "others": [m for m in found if not (m.is_handled or m.is_candidate)],
            "commitments": promised,
            "later": count_later(reference.asked),
        },
    )


def count_later(day: date | None) -> int:
    """How many motions are of after the day that was asked for."""
    return Motion.objects.public().filter(date__gt=day).count() if day else 0


@require_safe
def motion(request, slug):
    reference = reference_date.of(request)
    motion = get_object_or_404(
        Motion.objects.public(reference.known_on).with_public_details(*reference.point), slug=slug
    )
    return render(
        request,
        "measures/motion.html",
        {
            "section": "moties",
            "motion": motion,
            "is_later": bool(motion.date and motion.date > reference.day),
            "citation": citations.of_motion(motion, reference, site_of(request)),
        },
    )
