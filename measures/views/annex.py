"""The annex as a page, and its files."""

import re

from django.http import HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from .. import annex as annexes
from .. import reference_date
from ..annex import files, layout


@require_safe
def annex(request):
    reference = reference_date.of(request)
    content = annexes.build(reference.day, known_on=reference.known_on)
    # Only what is kept has a size: nobody waits here for six files that he may not want.
    sizes = files.sizes(content)
    downloads = [
        {
            "url": reverse("annex-file", args=[annexes.file_name(content, name)]),
            "format": format.label,
            "name": "Bijlage",
            "what": format.purpose,
            "size": filesizeformat(sizes[name]) if name in sizes else "",
        }
        for name, format in annexes.FORMATS.items()
    ]
    return render(
        request,
        "measures/annex.html",
        {
            "section": "bijlage",
            "content": content,
            "blocks": [(type(block).__name__, block) for block in layout.blocks(content)],
            "downloads": downloads,
        },
    )


@require_safe
def annex_file(request, name):
    """A file under its own name: 'bijlage-kwalibo-2024-12-31.pdf'."""
    day = r"\d{4}-\d\d-\d\d"
    found = re.fullmatch(rf"bijlage-kwalibo-({day})(?:-bekend-op-({day}))?\.(\w+)", name)
    if not found or found[3] not in annexes.FORMATS:
        known = ", ".join(annexes.FORMATS)
        message = f"Dit bestand is er niet. De bijlage is er als: {known}."
        return render(request, "404.html", {"message": message}, status=404)
    reference = reference_date.parse(found[1], found[2] or "")
    _, file = files.get_or_render(reference.day, found[3], reference.known_on)
    etag = quote_etag(file.digest)
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        bytes(file.content),
        content_type=annexes.FORMATS[found[3]].media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"
    return response
