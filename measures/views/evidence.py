"""The files of public evidence. An internal one answers as one that does not exist."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from ..evidence_files import name_for_address
from ..evidence_response import answer
from ..models import Evidence


@require_safe
def evidence_file(request, public_id, name):
    evidence = get_object_or_404(Evidence.objects.public().documents(), public_id=public_id)
    if name != name_for_address(evidence.file_name):
        raise Http404
    return answer(request, evidence, cache="no-cache")
