"""A collection in pages, with links to the next and the one before."""

from typing import Any

from django.http import Http404
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from .query import Query


class Pages(BasePagination):
    """One page of `rows`; `number` is how many rows there are, where the caller knows."""

    def __init__(self, rows: Any = None, query: Query | None = None, number: int | None = None):
        if query is None:
            return  # As the maker of the document wants it.
        self.query = query
        self.number = rows.count() if number is None else number
        self.last = max(1, -(-self.number // query.page_size))
        if query.page > self.last:
            raise Http404(f"Pagina {query.page} is er niet. De laatste is {self.last}.")
        start = (query.page - 1) * query.page_size
        self.rows = rows[start : start + query.page_size]

    def response(self, data, request) -> Response:
        links = {
            name: self._link(request, page)
            for name, page in [
                ("prev", self.query.page - 1),
                ("next", self.query.page + 1),
                ("first", 1),
                ("last", self.last),
            ]
            if 1 <= page <= self.last
        }
        reference = self.query.reference
        return Response(
            {
                "aantal": self.number,
                "peildatum": reference.day.isoformat(),
                "bekendOp": reference.known_on.isoformat() if reference.known_on else None,
                "volgende": links.get("next"),
                "vorige": links.get("prev"),
                "resultaten": data,
            },
            headers={"Link": ", ".join(f'<{url}>; rel="{name}"' for name, url in links.items())},
        )

    def _link(self, request, page: int) -> str:
        given = request.query_params.copy()
        given["pagina"] = page
        return request.build_absolute_uri(f"{request.path}?{given.urlencode()}")

    # For the document.

    def get_paginated_response_schema(self, schema: dict) -> dict:
        address = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["aantal", "peildatum", "bekendOp", "volgende", "vorige", "resultaten"],
            "properties": {
                "aantal": {"type": "integer", "description": "Hoeveel er in totaal zijn."},
                "peildatum": {"type": "string", "format": "date"},
                "bekendOp": {"type": "string", "format": "date", "nullable": True},
                "volgende": {**address, "description": "De volgende pagina."},
                "vorige": {**address, "description": "De vorige pagina."},
                "resultaten": schema,
            },
        }

    def get_schema_operation_parameters(self, view) -> list:
        return []
