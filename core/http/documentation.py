"""
The interface's documentation: the OpenAPI document, and a page that reads it.

The page is one file that loads nothing from anywhere: a département's network may have no way out,
and whoever reads it should not be told to a third party.
"""

import base64
import hashlib
from collections.abc import Iterator
from html import escape
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import NotFoundException
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin

from core.http.operations import finished

_STYLE = """
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#161616}
h2{border-bottom:2px solid #000091;padding-top:1rem}summary{cursor:pointer;padding:.3rem 0}
code,pre{font-family:ui-monospace,monospace;font-size:.9rem}pre{background:#f6f6f6;padding:.7rem;
overflow-x:auto}.m{display:inline-block;min-width:4rem;font-weight:bold}a{color:#000091}
table{border-collapse:collapse}td,th{border:1px solid #ddd;padding:.2rem .6rem;text-align:left}
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

PAGE_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'"
"""Content-Security-Policy of the page: its own style, and nothing else at all."""


class Document(JsonRenderPlugin):
    """The OpenAPI document; made once, when it is first asked for."""

    def __init__(self) -> None:
        super().__init__(path="/openapi.json")
        self._encoded: bytes | None = None

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        if self._encoded is None:
            self._encoded = msgspec.json.encode(finished(openapi_schema, request.app.routes))
        return self._encoded


class Page(OpenAPIRenderPlugin):
    """The same for people."""

    def __init__(self, document: Document) -> None:
        super().__init__(path="/docs")
        self._document = document

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        document = msgspec.json.decode(self._document.render(request, openapi_schema))
        return "".join(_page(document)).encode()


def with_policy(response: Response[Any]) -> Response[Any]:
    """What the pages may load; and a page that is not there is a problem like any other."""
    if response.status_code == NotFoundException.status_code:
        raise NotFoundException
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    return response


def _page(document: dict[str, Any]) -> Iterator[str]:
    info = document["info"]
    yield f"<!doctype html><html lang=fr><meta charset=utf-8><title>{escape(info['title'])}</title>"
    yield "<meta name=viewport content='width=device-width'>"
    yield f"<style>{_STYLE}</style><h1>{escape(info['title'])} {escape(info['version'])}</h1>"
    yield f"<p>{escape(info.get('description', ''))}</p>"
    yield "<p><a href=openapi.json>Le même document, pour les machines (OpenAPI 3.1)</a></p>"
    operations: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for tag in operation.get("tags", ["Jalon"]):
                operations.setdefault(tag, []).append((path, method, operation))
    for tag in sorted(operations):
        yield f"<h2>{escape(tag)}</h2>"
        for path, method, operation in operations[tag]:
            yield from _operation(path, method, operation)
    yield "<h2>Schémas</h2>"
    for name, schema in sorted(document["components"]["schemas"].items()):
        yield f"<details id='{escape(name)}'><summary><code>{escape(name)}</code></summary>"
        yield f"{_json(schema)}</details>"


def _operation(path: str, method: str, operation: dict[str, Any]) -> Iterator[str]:
    yield f"<details><summary><span class=m>{method.upper()}</span><code>{escape(path)}</code> "
    yield f"{escape(operation.get('summary', ''))}</summary>"
    if description := operation.get("description"):
        yield f"<p>{escape(description)}</p>"
    if permission := operation.get("x-permission"):
        yield f"<p>Droit demandé : <code>{escape(permission)}</code></p>"
    if parameters := operation.get("parameters"):
        yield "<table><tr><th>Paramètre<th>Où<th>Ce que c'est"
        for parameter in parameters:
            yield f"<tr><td><code>{escape(parameter['name'])}</code><td>{escape(parameter['in'])}"
            yield f"<td>{escape(parameter.get('description', ''))}"
        yield "</table>"
    if body := operation.get("requestBody"):
        yield f"<p>Corps de la demande :</p>{_json(body['content'])}"
    yield f"<p>Réponses :</p>{_json(operation['responses'])}</details>"


def _json(value: Any) -> str:
    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    return f"<pre>{escape(text)}</pre>"
