"""'Klopt dit niet?': no cookie, no account, and nothing of it becomes public by itself."""

from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from measures import targets
from measures.models import CorrectionProposal

from ..open_forms import open_form
from .forms import CorrectionForm


@open_form
def propose(request):
    """Show and take what is wrong with the subject in `?over=`."""
    code = request.GET.get("over", "website")
    subject = targets.find(code)
    context = {"subject": subject or targets.WEBSITE, "is_lost": subject is None}
    status = 200 if subject else 404
    if request.method != "POST":
        return _page(request, CorrectionForm(), context, status)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _page(request, form.again(), context, 400)
    if subject is None:
        # Withdrawn while somebody wrote of it: the text stays, about the website.
        return _page(request, form.again(), context, 404)
    if not CorrectionProposal.objects.filter(reference=form.reference).exists():
        if not form.within_limits(request):
            form.add_error(
                None,
                "Er komen nu te veel formulieren binnen. Uw tekst staat er nog: probeer het over "
                "een uur opnieuw.",
            )
            return _page(request, form.again(), context, 429)
        _keep(form, subject, request.reference_date.asked)
    return redirect("correct-thanks", form.reference)


def _page(request, form, context, status):
    return render(request, "corrections/correct.html", context | {"form": form}, status=status)


def _keep(form, subject, day) -> None:
    """Make a proposal of a valid form; one that was sent twice is kept once."""
    names = ("wrong", "right", "url", "email")
    try:
        with transaction.atomic():
            CorrectionProposal.objects.create(
                reference=form.reference,
                subject=subject.code,
                subject_title=subject.title,
                measure=subject.measure,
                about=subject.update,
                seen_on=day,
                **{name: form.cleaned_data[name] for name in names},
            )
    except IntegrityError:
        if not CorrectionProposal.objects.filter(reference=form.reference).exists():
            raise


@require_safe
@never_cache
def thanks(request, reference):
    """Say that it arrived, and under which reference; nothing of what it says."""
    if not CorrectionProposal.objects.filter(reference=reference[:12]).exists():
        raise Http404
    return render(request, "corrections/thanks.html", {"proposal_reference": reference})
