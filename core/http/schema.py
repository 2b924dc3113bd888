"""
The OpenAPI 3.1 document, finished: what Litestar does not say of our routes by itself.

Unknown fields are refused, so their schemas say so; every operation says which permission it asks
for, that it can be sent twice under one key, and that its errors are problem details.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from litestar._openapi.schema_generation import SchemaCreator
from litestar._openapi.schema_generation.plugins.struct import StructSchemaPlugin
from litestar.openapi.spec import Schema
from litestar.routes import BaseRoute, HTTPRoute
from litestar.typing import FieldDefinition

from core.http.problem import MEDIA_TYPE, Problem
from core.http.writing import KEY_HEADER, KEY_LIMIT

_REFERENCE = "#/components/schemas/{name}"
_SCHEME = "jeton"
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "Jeton signé ; en développement : la commande `jalon token`.",
}
_PROBLEM = {
    "description": "La demande n'a pas abouti (RFC 9457).",
    "content": {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(name=Problem.__name__)}}},
}
_KEY = {
    "name": KEY_HEADER,
    "in": "header",
    "required": False,
    "description": "La même clé redonne la même réponse et n'écrit rien de plus.",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT},
}


class StrictStructs(StructSchemaPlugin):
    """Says of each Struct that refuses unknown fields that it does."""

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: SchemaCreator
    ) -> Schema:
        schema = super().to_openapi_schema(field_definition, schema_creator)
        struct: type[msgspec.Struct] = field_definition.type_
        if struct.__struct_config__.forbid_unknown_fields:
            schema.additional_properties = False
        return schema


def finished(document: dict[str, Any], routes: Iterable[BaseRoute]) -> dict[str, Any]:
    """The document with its permissions, keys and problems added, in place."""
    components = document.setdefault("components", {})
    (_, schemas) = msgspec.json.schema_components([Problem], ref_template=_REFERENCE)
    components.setdefault("schemas", {}).update(schemas)
    components["securitySchemes"] = {_SCHEME: _BEARER}
    components["responses"] = {"Problem": _PROBLEM}
    for route in routes:
        for method, operation in document["paths"].get(route.path_format, {}).items():
            if isinstance(route, HTTPRoute):
                handler, _ = route.route_handler_map[method.upper()]
                _finish(operation, method, handler.opt)
    return document


def _finish(operation: dict[str, Any], method: str, opt: Mapping[str, Any]) -> None:
    permission = opt.get("permission")
    operation["security"] = [{_SCHEME: []}] if permission else []
    if permission:
        operation["x-permission"] = permission
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:
        if parameter["in"] == "path" and parameter["name"] == "code":
            parameter["description"] = "Code de la collectivité."
            parameter["schema"]["examples"] = ["05D"]
    if method != "get":
        parameters.append(_KEY)
    operation["responses"].pop("400", None)
    operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}
