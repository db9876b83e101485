"""How drf-spectacular reads our views: by the same lists that the views go by."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

NUMBER = {"type": "integer", "minimum": 1, "maximum": 999_999_999}
CODE = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 100}

# What an action gives, in words, where the resource itself does not say.
SAID = {
    "updates": ("Standen van zaken van een maatregel", "Alles wat is gemeld, het laatste eerst."),
    "deadlines": ("Streefdata van een maatregel", "De eerste datum, en elke verschuiving."),
    "contributions": ("Inbreng van partijen", "Hoe een partij zelf de maatregel ziet."),
    "snapshot": ("Wat een Kamerbrief vertelde", "Vastgelegd, met controlewaarde."),
}
NAMES = {
    "updates": "standenVanZaken",
    "deadlines": "streefdata",
    "contributions": "inbreng",
    "snapshot": "momentopname",
}


class ResourceSchema(AutoSchema):
    @property
    def resource(self):
        return self.view.resource

    def _get_serializer_name(self, serializer, direction, bypass_extensions=False):
        meta = getattr(serializer, "Meta", None)
        if name := getattr(meta, "ref_name", ""):
            return name
        return super()._get_serializer_name(serializer, direction, bypass_extensions)

    def get_paginated_name(self, serializer_name):
        return f"{serializer_name}Pagina"

    def _is_list_view(self, serializer=None):
        return self.view.action not in ("retrieve", "snapshot")

    def get_filter_backends(self):
        return []

    def get_override_parameters(self) -> list[Any]:
        path = {"nummer": (NUMBER, "Het nummer van de maatregel."), "code": (CODE, "De code.")}
        found = [
            OpenApiParameter(name, schema, OpenApiParameter.PATH, True, description)
            for name, (schema, description) in path.items()
            if f"{{{name}}}" in self.path
        ]
        return found + [
            OpenApiParameter(
                parameter.name,
                parameter.schema,
                OpenApiParameter.QUERY,
                False,
                parameter.description,
                explode=True if parameter.is_list else None,
                style="form" if parameter.is_list else None,
            )
            for parameter in self.view.parameters()
        ]

    def get_tags(self):
        return [self.resource.title]

    def get_summary(self):
        if self.view.action in SAID:
            return SAID[self.view.action][0]
        one = self.view.action == "retrieve"
        return f"Eén {self.resource.singular}" if one else f"Alle {self.resource.name}"

    def get_description(self):
        said = SAID.get(self.view.action)
        return said[1] if said else self.resource.description

    def get_operation_id(self):
        name = NAMES.get(self.view.action)
        if name:
            return name
        return self.resource.name if self.view.action == "list" else self.resource.singular.lower()
