"""The resources over HTTP: read, in pages, with an ETag. No session, no cookie, no login."""

import hashlib
import json

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from .. import data_version, snapshot
from ..models import Measure
from ..search.answers import leave_unkept_while_behind
from . import VERSION
from .pages import Pages
from .query import PAGING, REFERENCE, Parameter, Query
from .resources import PARTS, RESOURCES, Resource, moments
from .serializers import SnapshotSerializer

# Every answer may be kept this long. It is public, so ‘no-store’ would protect nothing; after
# a minute a cache asks again and mostly hears 304. A correction is so seen within a minute.
CACHE_CONTROL = "public, max-age=60"


class ReadOnly(ViewSet):
    """What every resource shares. `actions` are those of the document too."""

    resource: Resource
    pagination_class = Pages

    # What the document and the reading of the query both go by.

    def parameters(self) -> list[Parameter]:
        return {
            "list": [*self.resource.parameters, *PAGING],
            "retrieve": self.resource.item_parameters,
        }[self.action]

    def get_serializer_class(self):
        return self.resource.serializer

    # One way in for every GET.

    def dispatch(self, request, *args, **kwargs):
        etag = self._etag(request) if request.method in ("GET", "HEAD") else None
        # '*' asks whether there is anything at all, which only the answer itself can tell.
        if etag and request.headers.get("If-None-Match", "*").strip() != "*":
            unchanged = get_conditional_response(request, etag=etag)
            if unchanged is not None and unchanged.status_code == 304:
                unchanged.headers["ETag"] = etag
                unchanged.headers["Cache-Control"] = CACHE_CONTROL
                return unchanged
        response = super().dispatch(request, *args, **kwargs)
        if etag and response.status_code == 200:
            response.headers["ETag"] = etag
            response.headers["Cache-Control"] = CACHE_CONTROL
            leave_unkept_while_behind(request, response)
        return response

    def _etag(self, request) -> str:
        """What an answer depends on: the data, the day, the question, and how we answer."""
        depends_on = [
            VERSION,
            data_version.current().key,
            timezone.localdate().isoformat(),
            settings.DEADLINE_NEAR_DAYS,
            settings.REPORT_LATE_DAYS,
            request.build_absolute_uri(),
        ]
        return quote_etag(hashlib.sha256(json.dumps(depends_on).encode()).hexdigest()[:32])

    def options(self, request, *args, **kwargs):
        """What a browser asks before a page of another site may read."""
        return HttpResponse(
            status=204,
            headers={
                "Allow": "GET, HEAD, OPTIONS",
                "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
                "Access-Control-Allow-Headers": "Accept, If-None-Match",
                "Access-Control-Max-Age": "86400",
            },
        )

    def serialized(self, rows, query: Query, *, many: bool, **context):
        return self.get_serializer_class()(
            rows,
            many=many,
            context={
                "site": self.request.build_absolute_uri("/").removesuffix("/"),
                "query": query.reference.query,
                **self.resource.context(query.reference),
                **context,
            },
        ).data

    def pages(self, rows, query: Query, number: int | None = None) -> Response:
        page = Pages(rows, query, number)
        data = self.serialized(page.rows, query, many=True)
        return page.response(data, self.request)

    # The two that every resource has.

    def list(self, request, **kwargs):
        query = Query(request.query_params, self.parameters())
        if query.has_filters:
            rows = query.chosen.qs.with_all_public(*query.reference.point)
            return self.pages(rows, query, query.chosen.number)
        rows = self.resource.rows(query.reference)
        return self.pages(self.resource.choose(rows, query), query)

    def retrieve(self, request, **kwargs):
        query = Query(request.query_params, self.parameters())
        return Response(self.serialized(self.row(query, **kwargs), query, many=False))

    def row(self, query: Query, **kwargs):
        """The record of the address, or a 404 with a sentence."""
        (value,) = kwargs.values()
        rows = self.resource.rows(query.reference).filter(**{self.resource.key: value})
        if (found := rows.first()) is None:
            when = " op deze dag" if query.reference.is_past else ""
            raise Http404(f"Wij kennen{when} geen {self.resource.singular} ‘{value}’.")
        return found


class Measures(ReadOnly):
    """The measures, with what was reported of each (`PARTS`)."""

    # Which part; the address says it.
    part = ""

    def parameters(self):
        return [*REFERENCE, *PAGING] if self.action == "parts" else super().parameters()

    def get_serializer_class(self):
        return PARTS[self.part][1] if self.action == "parts" else super().get_serializer_class()

    def parts(self, request, nummer):
        query = Query(request.query_params, self.parameters())
        there = Measure.objects.public_with_status(*query.reference.point).filter(number=nummer)
        if (measure := there.first()) is None:
            raise Http404(f"Wij kennen geen maatregel ‘{nummer}’ op deze dag.")
        rows, _ = PARTS[self.part]
        return self.pages(rows(query.reference).filter(measure=measure), query)


class Letters(ReadOnly):
    """The letters to Parliament, with what each froze."""

    def parameters(self):
        return REFERENCE[1:] if self.action == "snapshot" else super().parameters()

    def get_serializer_class(self):
        return SnapshotSerializer if self.action == "snapshot" else super().get_serializer_class()

    def snapshot(self, request, code):
        query = Query(request.query_params, self.parameters())
        found = moments(query.reference).filter(letter__key=code, letter__publication="openbaar")
        if (moment := found.first()) is None:
            raise Http404(f"Bij een Kamerbrief ‘{code}’ is niets vastgelegd.")
        return Response(self.serialized(moment, query, many=False, document=document))


def document(moment) -> dict:
    """What a moment froze. Raises CorruptSnapshot when its hash does not fit."""
    snapshot.read(moment.snapshot)
    return json.loads(moment.snapshot.document)


def view_of(resource: Resource) -> type[ReadOnly]:
    """The view set of a resource."""
    base = {"maatregelen": Measures, "kamerbrieven": Letters}.get(resource.name, ReadOnly)
    return type(f"{base.__name__}Of{resource.name.title()}", (base,), {"resource": resource})


VIEWS = {resource.name: view_of(resource) for resource in RESOURCES}
