"""
The schemas of the OpenAPI document: those of msgspec, by which bodies are decoded and answers
written, so that the document says what is true of them.

Litestar's own leave out what msgspec checks of the items of a list, and that unknown fields are
refused; only its parameters are kept.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args, get_origin

import msgspec
from litestar.handlers import HTTPRouteHandler
from msgspec import inspect
from msgspec._json_schema import _collect_component_types, _SchemaGenerator

from core.http.example import example_of

REFERENCE = "#/components/schemas/{name}"

_OURS = ("core", "projections", "server", "tenants")


class _Generator(_SchemaGenerator):
    def to_schema(self, t: inspect.Type, check_ref: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002
        schema: dict[str, Any] = super().to_schema(t, check_ref)
        if isinstance(t, inspect.DateTimeType):
            # msgspec leaves it out of instants that may lack a zone; all of ours have one.
            schema["format"] = "date-time"
        return schema


class Schemas:
    """The schemas of some types, each named component written once."""

    def __init__(self, types: Sequence[Any]) -> None:
        described = [each for each in types if _is_described(each)]
        infos = inspect.multi_type_info(described)
        nameable = _collect_component_types(infos)
        names = _names(nameable)
        generator = _Generator(names, None, REFERENCE)
        self.components: dict[str, dict[str, Any]] = {
            names[kind]: _finished(kind, names[kind], generator.to_schema(info, check_ref=False))
            for kind, info in sorted(nameable.items(), key=lambda each: names[each[0]])
        }
        self._schemas = {
            repr(kind): generator.to_schema(info)
            for kind, info in zip(described, infos, strict=True)
        }

    def content(self, kind: Any) -> dict[str, Any] | None:
        """The media type object of a type, with an example; None for what is not described."""
        schema = self._schemas.get(repr(kind))
        if schema is None:
            return None
        return {"schema": schema, "example": example_of(schema, self.components)}


def body_of(handler: HTTPRouteHandler) -> Any:
    """The type of the body that a handler takes, None without one."""
    field = handler.parsed_data_field
    return None if field is None else field.annotation


def answer_of(handler: HTTPRouteHandler) -> Any:
    """The type that a handler answers with, whatever response it is put into."""
    answered = handler.parsed_fn_signature.return_type.raw
    if isinstance(get_origin(answered), type) and get_origin(answered).__name__ == "Response":
        (answered,) = get_args(answered)
    return answered


def _is_described(kind: Any) -> bool:
    """Whether a type is one that JSON is made of: streams and files are not."""
    origin = get_origin(kind) or kind
    return origin in (list, tuple, dict) or (
        isinstance(origin, type) and issubclass(origin, msgspec.Struct)
    )


def _names(types: Iterable[Any]) -> dict[Any, str]:
    """
    One stable name for each type.

    A module's carry the module's name, so that no module changes the names of another; what is
    left of the same name carries that of its file.
    """
    found = {kind: _name(kind) for kind in types}
    counted = Counter(found.values())
    return {
        kind: name if counted[name] == 1 else f"{_camel(_module(kind)[-1])}{name}"
        for kind, name in found.items()
    }


def _name(kind: Any) -> str:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is not None:
        return f"{''.join(_name(each) for each in arguments)}{origin.__name__}"
    path = _module(kind)
    owner = path[0] if path[0] != "plugins" else path[1].removeprefix("_")
    prefix = "" if owner in _OURS else _camel(owner)
    name: str = kind.__name__
    return name if name.startswith(prefix) else f"{prefix}{name}"


def _module(kind: Any) -> list[str]:
    module: str = (get_origin(kind) or kind).__module__
    return module.split(".")


def _camel(text: str) -> str:
    return "".join(word.capitalize() for word in text.split("_"))


def _finished(kind: Any, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A component with its name, in French or without words, its answers' fields all there."""
    schema["title"] = name
    module = _module(kind)
    if "api" not in module and module[:2] != ["core", "http"]:
        # What is written of a type elsewhere is for those who read the code.
        schema.pop("description", None)
    config = getattr(get_origin(kind) or kind, "__struct_config__", None)
    if config is not None and not (config.forbid_unknown_fields or config.omit_defaults):
        schema["required"] = [*schema.get("properties", {})]
        for field in schema["required"]:
            schema["properties"][field].pop("default", None)
    return schema


def parameter_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter's schema: a parameter that is not given is left out, never null."""
    kept = {key: value for key, value in schema.items() if value is not None}
    branches = [each for each in kept.pop("oneOf", ()) if each.get("type") != "null"]
    if len(branches) == 1:
        kept = {**branches[0], **kept}
    elif branches:
        kept["anyOf"] = branches
    if kept.get("default", ...) is None:
        del kept["default"]
    kept.pop("description", None)
    return {key: _whole(value) for key, value in kept.items()}


def _whole(value: Any) -> Any:
    """Litestar writes bounds of integers as 1.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
