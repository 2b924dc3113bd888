"""
The OpenAPI 3.1 document, finished: what Litestar does not say of our routes by itself.

Bodies and answers as msgspec has them, with examples; each operation's permission, its problems,
and the headers that every read and every write takes and gives.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import Method
from litestar.types.internal_types import PathParameterDefinition

from core.http import problem
from core.http.conditional import MATCH_HEADER, NONE_MATCH_HEADER
from core.http.example import example_of
from core.http.problem import Kind, Problem
from core.http.schema import REFERENCE, Schemas, answer_of, body_of, parameter_schema
from core.http.writing import KEY_HEADER, KEY_LIMIT

_SCHEME = "jeton"
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "Jeton signé ; en développement : la commande `jalon token`.",
}
_ETAG = r'^(\*|(W/)?"[\x21\x23-\x7e]*")$'


def _header(name: str, description: str, **schema: Any) -> dict[str, Any]:
    example = schema.pop("example")
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": {"type": "string", **schema},
        "example": example,
    }


_OF_WRITES = (
    _header(
        KEY_HEADER,
        "La même clé redonne la même réponse et n'écrit rien de plus.",
        minLength=1,
        maxLength=KEY_LIMIT,
        example="import-2026-09-03-1",
    ),
    _header(
        MATCH_HEADER,
        "Étiquette (`ETag`) de ce qui a été lu : rien n'est écrit si cela a changé (412).",
        pattern=_ETAG,
        example='"3.Yg1Lk0a3T5o"',
    ),
)
_OF_READS = (
    _header(
        NONE_MATCH_HEADER,
        "Étiquette (`ETag`) de ce que l'on a déjà : rien n'est renvoyé si c'est le même (304).",
        example='"deja-lu"',
    ),
)

_ANSWERED = {
    "ETag": {
        "description": "Étiquette de ce qui est lu ou écrit.",
        "schema": {"type": "string"},
        "example": '"3.Yg1Lk0a3T5o.p1QeWmVhO2cXyLr4b8dZ9A"',
    },
    "Jalon-Position": {
        "description": "Position écrite, ou que la lecture avait rejointe.",
        "schema": {"type": "integer"},
        "example": 42,
    },
    "Retry-After": {
        "description": "Secondes après lesquelles réessayer.",
        "schema": {"type": "integer"},
        "example": 1,
    },
    "WWW-Authenticate": {
        "description": "Comment se faire connaître.",
        "schema": {"type": "string"},
        "example": 'Bearer realm="jalon"',
    },
}
_HEADERS_OF = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}
_TEXT: dict[str, Any] = {"schema": {"type": "string"}}
_FILE: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_BYTES = "application/octet-stream"
"""Said beside the media type of a file, for clients that know no other way to take bytes."""

_EVERYWHERE = ("api", "v1", "tenants")
_DONE = {"200": "Ce qui est demandé.", "201": "C'est enregistré.", "204": "C'est fait."}

_OF_EVERYONE = (400, 500)
_OF_ADDRESSES = (404,)
_OF_ACCOUNTS = (401, 403, 404, 422, 429, 503)
_OF_BODIES = (413, 415)
_OF_COMMANDS = (409, 412)


def operation_id(
    handler: HTTPRouteHandler, _method: Method, path: list[str | PathParameterDefinition]
) -> str:
    """`ravie_open_cycle`: the first word of the address, then the handler's name."""
    words = [each for each in path if isinstance(each, str) and each not in _EVERYWHERE]
    area = words[0].replace("-", "_") if words else ""
    name = handler.handler_name
    return name if not area or area.rstrip("s") in name else f"{area}_{name}"


def finished(document: dict[str, Any], routes: Iterable[BaseRoute]) -> dict[str, Any]:
    """The document of the application's routes, in place."""
    found = [
        (document["paths"][route.path_format][method.lower()], method, handler)
        for route in routes
        if isinstance(route, HTTPRoute) and route.path_format in document["paths"]
        for method, (handler, _) in route.route_handler_map.items()
        if method.lower() in document["paths"][route.path_format]
    ]
    schemas = Schemas([Problem, *(kind for _, _, handler in found for kind in _types(handler))])
    components = document.setdefault("components", {})
    components["schemas"] = {**components.get("schemas", {}), **schemas.components}
    components["securitySchemes"] = {_SCHEME: _BEARER}
    components["headers"] = _ANSWERED
    components["responses"] = {
        _response_name(status): _problem(status, kinds) for status, kinds in _kinds().items()
    }
    for operation, method, handler in found:
        _finish(operation, method, handler, schemas)
    _drop_unused(document)
    return document


def _types(handler: HTTPRouteHandler) -> Iterator[Any]:
    yield body_of(handler)
    yield answer_of(handler)
    yield from handler.opt.get("also_as", {}).values()


def _finish(
    operation: dict[str, Any], method: str, handler: HTTPRouteHandler, schemas: Schemas
) -> None:
    permission = handler.opt.get("permission")
    if operation.get("deprecated") is False:
        del operation["deprecated"]
    operation["security"] = [{_SCHEME: []}] if permission else []
    if permission:
        operation["x-permission"] = permission
    operation["parameters"] = [*map(_parameter, operation.get("parameters", ()))]
    if permission:
        operation["parameters"] += _OF_READS if method == "GET" else _OF_WRITES
    if (content := schemas.content(body_of(handler))) and "requestBody" in operation:
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    operation["responses"] = {
        **dict(_answers(operation["responses"], method, handler, schemas)),
        **{
            str(status): {"$ref": f"#/components/responses/{_response_name(status)}"}
            for status in sorted(_problems(operation, method, handler))
        },
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = parameter_schema(parameter["schema"])
    if parameter["name"] == "code":
        parameter["description"] = "Code de la collectivité."
        schema["examples"] = ["05D"]
    kept = ("name", "in", "required", "description")
    said = {**{key: parameter[key] for key in kept if key in parameter}, "schema": schema}
    if parameter.get("required") or schema.get("examples"):
        said["example"] = example_of(schema, {})
    return said


def _answers(
    given: Mapping[str, Any], method: str, handler: HTTPRouteHandler, schemas: Schemas
) -> Iterator[tuple[str, Any]]:
    """What is answered when all goes well."""
    streams = False
    for status, response in given.items():
        if not status.startswith("2"):
            continue
        content = response.get("content", {})
        streams = "text/event-stream" in content
        kinds = dict.fromkeys(content, answer_of(handler)) | handler.opt.get("also_as", {})
        content = {
            media_type: schemas.content(kind) or _unstructured(media_type)
            for media_type, kind in kinds.items()
        }
        if _FILE in content.values():
            content[_BYTES] = _FILE
        names = ("ETag", "Jalon-Position") if handler.opt.get("permission") and not streams else ()
        yield (
            status,
            {
                "description": _DONE.get(status, "C'est fait."),
                **({"headers": _headers(names)} if names else {}),
                **({"content": content} if content else {}),
            },
        )
    if method == "GET" and handler.opt.get("permission") and not streams:
        unchanged = "Rien n'a changé depuis ce que dit `If-None-Match`."
        yield "304", {"description": unchanged, "headers": _headers(("ETag",))}


def _unstructured(media_type: str) -> dict[str, Any]:
    return _TEXT if media_type.startswith(("text/", "application/json")) else _FILE


def _problems(operation: Mapping[str, Any], method: str, handler: HTTPRouteHandler) -> set[int]:
    statuses = {*_OF_EVERYONE}
    if handler.opt.get("permission"):
        statuses.update(_OF_ACCOUNTS)
        if method != "GET":
            statuses.update(_OF_COMMANDS)
    if any(each["in"] == "path" for each in operation["parameters"]):
        statuses.update(_OF_ADDRESSES)
    if "requestBody" in operation:
        statuses.update(_OF_BODIES)
    return statuses


def _kinds() -> dict[int, list[Kind]]:
    """The kinds of problem by status, but those that no operation of ours gives."""
    found: dict[int, list[Kind]] = {}
    for kind in problem.KINDS:
        if kind is not problem.METHOD_NOT_ALLOWED:
            found.setdefault(kind.status, []).append(kind)
    return found


def _problem(status: int, kinds: list[Kind]) -> dict[str, Any]:
    examples = {
        kind.code: {
            "summary": kind.title,
            "value": msgspec.to_builtins(
                msgspec.structs.replace(
                    kind.problem(), instance="urn:uuid:0198c0de-0000-7000-8000-000000000001"
                )
            ),
        }
        for kind in kinds
    }
    schema = {"$ref": REFERENCE.format(name=Problem.__name__)}
    headers = _headers(_HEADERS_OF.get(status, ()))
    return {
        "description": f"{' ; '.join(kind.title for kind in kinds)} (RFC 9457).",
        **({"headers": headers} if headers else {}),
        "content": {problem.MEDIA_TYPE: {"schema": schema, "examples": examples}},
    }


def _response_name(status: int) -> str:
    return f"Problem{status}"


def _headers(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _drop_unused(document: dict[str, Any]) -> None:
    """Litestar's own schemas, which nothing refers to any more."""
    schemas = document["components"]["schemas"]
    used, reached = set[str](), _referred({**document, "components": {}})
    reached |= _referred(document["components"]["responses"])
    while reached - used:
        used |= reached
        reached = _referred([schemas[name] for name in used])
    document["components"]["schemas"] = {name: schemas[name] for name in sorted(used)}


def _referred(part: Any) -> set[str]:
    prefix = REFERENCE.format(name="")
    match part:
        case {"$ref": str(reference), **rest}:
            named = {reference.removeprefix(prefix)} if reference.startswith(prefix) else set()
            return named | _referred(rest)
        case Mapping():
            return set[str]().union(*map(_referred, part.values()))
        case list() | tuple():
            return set[str]().union(*map(_referred, part))
    return set()
