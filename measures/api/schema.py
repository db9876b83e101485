"""How drf-spectacular reads our views: by the same lists that the views go by."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

NUMBER = {"type": "integer", "minimum": 1, "maximum": 999_999_999}
CODE = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 100}

# What an action or a part gives, in words, where the resource itself does not say: the name of
# the operation, its title and what it is.
SAID = {
    "standen-van-zaken": (
        "standenVanZaken",
        "Standen van zaken van een maatregel",
        "Alles wat is gemeld, het laatste eerst.",
    ),
    "streefdata": (
        "streefdata",
        "Streefdata van een maatregel",
        "De eerste datum, en elke verschuiving met de reden.",
    ),
    "inbreng": (
        "inbreng",
        "Inbreng van partijen",
        "Hoe een partij zelf de maatregel ziet. Geen tekst van het ministerie.",
    ),
    "snapshot": (
        "momentopname",
        "Wat een Kamerbrief vertelde",
        "Vastgelegd, en met een controlewaarde waarmee dat te bewijzen is.",
    ),
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

    def said(self) -> tuple[str, str, str]:
        """Name, title and description of the operation."""
        action, resource = self.view.action, self.resource
        if found := SAID.get(getattr(self.view, "part", "") or action):
            return found
        if action == "retrieve":
            return resource.singular.lower(), f"Eén {resource.singular}", resource.description
        return resource.name, f"Alle {resource.name}", resource.description

    def get_operation_id(self):
        return self.said()[0]

    def get_summary(self):
        return self.said()[1]

    def get_description(self):
        return self.said()[2]
