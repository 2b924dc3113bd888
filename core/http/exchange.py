"""
One request and its answer, seen from outside the framework: its id, its line in the log.

The id comes from `X-Request-ID` when that is a UUID, so that a caller can follow its own request;
any other text could be about someone, and is replaced.
"""

import re
import time

import msgspec
import structlog
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from core.http.conditional import Shown, Tagged
from core.ids import uuid7

log = structlog.get_logger()

_UUID = re.compile(rb"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_KEY = "jalon.exchange"


class Exchange(msgspec.Struct, kw_only=True):
    """What is known of the request under way."""

    request_id: str
    status: int = 0
    tenant: str | None = None
    actor: str | None = None
    ids: int = 0
    """How many ids the request's handler has asked for."""
    position: int | None = None
    """Of what was written, or of what the read models had reached; sent as `Jalon-Position`."""
    etag: str | None = None
    """Of what was written."""
    shown: Shown | None = None
    """The record that is read: its stream, and which version of it."""

    @classmethod
    def of(cls, scope: Scope) -> "Exchange":
        exchange = scope[_KEY]  # type: ignore[literal-required]
        assert isinstance(exchange, cls)  # noqa: S101 - put there by `Exchanges`
        return exchange


class Exchanges:
    """The outermost ASGI layer: it also sees what no route answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        exchange = Exchange(request_id=_request_id(scope))
        scope[_KEY] = exchange  # type: ignore[literal-required]
        started = time.perf_counter()

        async def answering(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                headers = MutableScopeHeaders.from_message(message)
                headers["X-Request-ID"] = exchange.request_id
                if exchange.position is not None:
                    headers["Jalon-Position"] = str(exchange.position)
                if exchange.etag is not None:
                    headers["ETag"] = exchange.etag
            await send(message)

        sending: Send = answering
        if scope["method"] == "GET":
            sending = Tagged(scope, answering, lambda: exchange.shown)
        with structlog.contextvars.bound_contextvars(request=exchange.request_id):
            try:
                await self._app(scope, receive, sending)
            finally:
                log.info(
                    "http.request",
                    method=scope["method"],
                    # The template of the address, never the address: it may hold a person's id.
                    route=scope.get("path_template") or "none",
                    status=exchange.status,
                    tenant=exchange.tenant,
                    actor=exchange.actor,
                    duration_ms=round((time.perf_counter() - started) * 1000, 1),
                )


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _UUID.match(value):
            return value.decode()
    return uuid7()
