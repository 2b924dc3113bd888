"""
An example of what a schema describes: the first of those that are given, else one that fits.

Fields say what they look like by `msgspec.Meta(examples=[…])`; dates, times, ids and codes need no
word, so that every body and every answer of every module has an example.
"""

import re
from collections.abc import Mapping
from typing import Any

_REFERENCE = "#/components/schemas/"
_ID = "0198c0de-0000-7000-8000-000000000001"
_FORMATS = {
    "date": "2026-09-03",
    "date-time": "2026-09-03T14:00:00+02:00",
    "uuid": _ID,
    "byte": "",
    "duration": "PT3H",
}
_WRITINGS = (
    "un_code",
    _ID,
    "05D",
    "14:00",
    "1.0",
    "ravie.",
    "exemple@exemple.fr",
    "https://exemple.fr",
    "0" * 64,
    "123456789",
    "12345678901234",
    "0102030405",
)
"""Tried in turn for a text that must match a pattern."""


def example_of(schema: Mapping[str, Any], components: Mapping[str, Mapping[str, Any]]) -> Any:
    """
    A value the schema accepts; optional fields are in it when they have an example of their own.

    Raises `ValueError` for a pattern that none of ours matches: its field needs an example.
    """
    if reference := schema.get("$ref"):
        return example_of(components[reference.removeprefix(_REFERENCE)], components)
    for given in ("examples", "enum"):
        if schema.get(given):
            return schema[given][0]
    if "const" in schema:
        return schema["const"]
    if branches := schema.get("anyOf") or schema.get("oneOf"):
        # The most telling one: what may be null is shown as it is when it is there.
        return example_of(branches[0], components)
    match schema.get("type"):
        case "object":
            return _object(schema, components)
        case "array":
            return _array(schema, components)
        case "string":
            return _text(schema)
        case "integer" | "number":
            return _number(schema)
        case "boolean":
            return schema.get("default", False)
        case "null":
            return None
    return {}


def _object(schema: Mapping[str, Any], components: Mapping[str, Mapping[str, Any]]) -> Any:
    required = schema.get("required", ())
    return {
        name: example_of(field, components)
        for name, field in schema.get("properties", {}).items()
        if name in required or _has_example(field)
    }


def _has_example(field: Mapping[str, Any]) -> bool:
    return bool(field.get("examples")) or any(map(_has_example, field.get("anyOf", ())))


def _array(schema: Mapping[str, Any], components: Mapping[str, Mapping[str, Any]]) -> Any:
    if prefix := schema.get("prefixItems"):
        return [example_of(each, components) for each in prefix]
    items = schema.get("items")
    if not isinstance(items, Mapping) or schema.get("maxItems") == 0:
        return []
    return [example_of(items, components)] * max(1, schema.get("minItems", 1))


def _text(schema: Mapping[str, Any]) -> str:
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    if schema.get("default"):
        return str(schema["default"])
    if pattern := schema.get("pattern"):
        for writing in _WRITINGS:
            if re.search(pattern, writing) and len(writing) <= schema.get("maxLength", 10_000):
                return writing
        message = f"no example matches {pattern}: give one with msgspec.Meta(examples=[…])"
        raise ValueError(message)
    return "Texte"[: schema.get("maxLength")].ljust(schema.get("minLength", 0), "…")


def _number(schema: Mapping[str, Any]) -> Any:
    if "default" in schema:
        return schema["default"]
    low = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    return min(max(low, 1), schema.get("maximum", low))
