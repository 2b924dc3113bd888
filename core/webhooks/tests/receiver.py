"""A receiver of webhooks on this machine, which knows the specification and none of our code."""

import asyncio
import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any


class Received:
    """One request: its headers in lower case, and its body."""

    def __init__(self, path: str, headers: dict[str, str], body: bytes) -> None:
        self.path = path
        self.headers = headers
        self.body = body

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content

    def is_signed_with(self, secret: str) -> bool:
        """Whether one of the signatures is that of this secret, by the specification alone."""
        key = base64.b64decode(secret.split("_", 1)[1])
        content = b".".join(
            (self.id.encode(), self.headers["webhook-timestamp"].encode(), self.body)
        )
        expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        given = [part.partition(",") for part in self.headers["webhook-signature"].split(" ")]
        return any(
            version == "v1" and hmac.compare_digest(signature, expected)
            for version, _, signature in given
        )


Answer = Callable[[Received], str]
"""The status line and headers of the answer, like `204 No Content`."""


class Receiver:
    """Keeps what comes; `answer` may be changed at any time."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answer: Answer = lambda _received: "204 No Content"
        self.accepted: list[Received] = []
        """What was answered with a 2xx."""
        self.url = ""

    @property
    def ids(self) -> list[str]:
        return [each.id for each in self.accepted]

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            received = Received(head[0].split(" ")[1], headers, body)
            self.received.append(received)
            status = self.answer(received)
            if status.startswith("2"):
                self.accepted.append(received)
            if status:
                writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
                await writer.drain()
            else:
                await reader.read()  # until whoever waits goes away
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def receiving(
    *, tls: ssl.SSLContext | None = None, port: int = 0, host: str = "127.0.0.1"
) -> AsyncIterator[Receiver]:
    """A receiver that listens as long as the context lasts."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.handle, host, port, ssl=tls)
    scheme = "http" if tls is None else "https"
    receiver.url = f"{scheme}://{host}:{server.sockets[0].getsockname()[1]}"
    try:
        yield receiver
    finally:
        server.close()
