"""Open data for people: what there is, how to use it, and the whole set as files."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from .. import api
from ..api.resources import RESOURCES
from ..open_data import catalogue, files


@require_safe
def open_data(request):
    sizes = files.known()
    downloads = [
        {
            "url": reverse("open-data-file", args=[name]),
            "format": format.label,
            "name": "Alle gegevens",
            "what": format.purpose,
            "size": filesizeformat(sizes[format.name]) if format.name in sizes else "",
        }
        for name, format in files.FORMATS.items()
    ]
    dataset = files.now()
    return render(
        request,
        "measures/open_data.html",
        {
            "downloads": downloads,
            "resources": RESOURCES,
            "root": request.build_absolute_uri(api.ROOT),
            "path": api.ROOT,
            "api_version": api.VERSION,
            "data_version": dataset.version,
            "catalogues": [
                (reverse("open-data-catalogue", args=[extension]), label)
                for extension, label in [("ttl", "Turtle"), ("jsonld", "JSON-LD")]
            ],
        },
    )


@require_safe
def open_data_file(request, name):
    """All public data of today as a file; made when nobody asked for this version before."""
    format = files.FORMATS.get(name)
    if format is None:
        message = f"Dit bestand is er niet. De gegevens zijn er als: {', '.join(files.FORMATS)}."
        return render(request, "404.html", {"message": message}, status=404)
    file = files.get_or_make(format)
    etag = quote_etag(file.sha256)
    stem, _, extension = name.partition(".")
    saved = f"{stem}-{timezone.localdate().isoformat()}.{extension}"
    response = get_conditional_response(request, etag=etag) or StreamingHttpResponse(
        files.parts(file),
        content_type=format.media_type,
        headers={
            "Content-Length": str(file.size),
            "Content-Disposition": f'attachment; filename="{saved}"',
        },
    )
    return _shared(response, etag)


@require_safe
def open_data_catalogue(request, extension):
    """What there is, for other catalogues: DCAT-AP-NL."""
    dataset = files.now()
    etag = quote_etag(f"{files.digest_of(dataset)[:32]}-{extension}")
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        catalogue.write(dataset, extension), content_type=catalogue.MEDIA_TYPES[extension]
    )
    return _shared(response, etag)


def _shared(response, etag: str):
    """Any website may read this; a browser asks each time whether it is still the same."""
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
