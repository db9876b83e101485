"""The OpenAPI document, made from the code that answers."""

import copy
import hashlib
import json
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from .. import organisation
from . import MAJOR, VERSION, problems

# In the committed document, which belongs to no installation.
EXAMPLE_SITE = "https://kwalibo.example"
EXAMPLE_MAIL = "contact@kwalibo.example"

DESCRIPTION = """\
Alles wat op de website openbaar is, om met een programma te lezen. Vrij te gebruiken (CC0), \
zonder sleutel en zonder registratie.

- Namen en waarden zijn Nederlands. `null` is onbekend; wij vullen niets in wat wij niet weten.
- Bij elke uitspraak staan de bronnen en hoe zeker zij is.
- `peildatum` vraagt hoe het op een dag was, `bekendOp` wat toen al openbaar was.
- Lijsten komen in pagina's; volg `volgende`, of de kop `Link`.
- Elk antwoord heeft een `ETag`. Stuur die mee als `If-None-Match`: is er niets gewijzigd, dan \
is het antwoord 304, zonder inhoud. Een antwoord mag een minuut bewaard worden.
- Fouten komen als `application/problem+json` (RFC 9457), alle fouten in een vraag tegelijk.
- De versie staat in elk antwoord in de kop `API-Version`. Een wijziging waarop programma's \
kunnen stuklopen, krijgt een nieuw adres (`/v2`); op /open-data/ staat dan tot wanneer het oude \
blijft.
"""


def _header(description: str, **schema) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string", **schema}}


HEADERS = {
    "ApiVersion": {"required": True, **_header("De volledige versie van de API.", example=VERSION)},
    "ETag": _header("Wat dit antwoord onderscheidt van dat bij andere gegevens."),
    "Link": _header("De andere pagina's: `prev`, `next`, `first` en `last` (RFC 8288)."),
}

PROBLEM = {
    "type": "object",
    "description": "Wat er mis is (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "Elke fout in de vraag.",
            "items": {
                "type": "object",
                "required": ["in", "name", "detail"],
                "properties": {
                    "in": {"type": "string", "enum": ["query"]},
                    "name": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": problems.TITLES[status],
        "headers": {"API-Version": {"$ref": "#/components/headers/ApiVersion"}},
        "content": {problems.MEDIA_TYPE: {"schema": PROBLEM}},
    }


# The answers that every address can give, beside its own.
PROBLEMS = {
    "400": "OngeldigeVraag",
    "404": "NietGevonden",
    "406": "NietAcceptabel",
    "429": "TeVeelVragen",
    "500": "Fout",
    "503": "NietBereikbaar",
}


def complete(result, generator, request, public):
    """What drf-spectacular does not know of: who we are, headers, 304, and problems."""
    result["info"] = {
        "title": "Kwalibo-voortgang",
        "version": VERSION,
        "description": DESCRIPTION,
        "license": {"name": "CC0 1.0", "url": organisation.LICENCE},
    }
    components = result["components"]
    components["headers"] = HEADERS
    components["responses"] = {name: _problem(int(code)) for code, name in PROBLEMS.items()}
    version = {"API-Version": {"$ref": "#/components/headers/ApiVersion"}}
    for operations in result["paths"].values():
        for operation in operations.values():
            found = operation["responses"]["200"]
            found["description"] = "Gevonden."
            found["headers"] = version | {"ETag": {"$ref": "#/components/headers/ETag"}}
            if "pagina" in {parameter["name"] for parameter in operation.get("parameters", [])}:
                found["headers"] |= {"Link": {"$ref": "#/components/headers/Link"}}
            operation["responses"] |= {
                "304": {"description": "Niets gewijzigd.", "headers": version}
            } | {
                code: {"$ref": f"#/components/responses/{name}"} for code, name in PROBLEMS.items()
            }
            # Nobody logs in.
            operation["security"] = []
    return result


@cache
def _generated() -> dict[str, Any]:
    found = SchemaGenerator(api_version=MAJOR).get_schema(request=None, public=True)
    # A copy of our own, with plain keys.
    return json.loads(json.dumps(found))


def document(site: str = EXAMPLE_SITE, mail: str = EXAMPLE_MAIL) -> dict[str, Any]:
    """The document for the API on a site."""
    found = copy.deepcopy(_generated())
    found["info"]["contact"] = {
        "name": organisation.NAME,
        "url": f"{site}/open-data/",
        "email": mail,
    }
    found["servers"] = [{"url": f"{site}/api/{MAJOR}", "description": "Deze website"}]
    return found


def as_text(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


@csrf_exempt
@require_safe
def openapi(request):
    """The document, for everybody."""
    site = request.build_absolute_uri("/").removesuffix("/")
    text = as_text(document(site, organisation.contact_email()))
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    etag = quote_etag(f"{VERSION}-{digest}")
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        text, content_type="application/json"
    )
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=60"
    return response
