"""
Conditional requests: what has not changed is not sent again, what has is not overwritten unseen.

The entity tag of a record is `"version.stream.digest"`: the version of its own stream, a mark of
which stream that is, and a digest of the bytes that were sent. `If-None-Match` compares the whole;
`If-Match` on a write says which version of the command's stream its sender has seen. Any other
answer has the digest alone, which spares sending it twice and cannot be written against.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import blake2b
from typing import TypeAlias

import msgspec
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.types import HTTPResponseStartEvent, Message, Scope, Send

from core.application import StaleVersion
from core.http.problem import FieldError, Malformed

MATCH_HEADER = "If-Match"
NONE_MATCH_HEADER = "If-None-Match"

Shown: TypeAlias = tuple[str, int]
"""A stream, and the version of it that an answer shows."""

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_OURS = re.compile(r'"(?P<version>[1-9][0-9]{0,17})\.(?P<stream>[\w-]+)(?:\.[\w-]+)?"', re.ASCII)


class Seen(msgspec.Struct, frozen=True):
    """What `If-Match` says: the version of the stream that was seen, or only that it exists."""

    version: int | None


def tag(shown: Shown, digest: str | None = None) -> str:
    """The entity tag of a record; without a digest, after a write, of one that was not sent."""
    stream, version = shown
    parts = [str(version), _digest(stream.encode(), 8), *([digest] if digest else [])]
    return f'"{".".join(parts)}"'


def seen(headers: Headers, stream: str) -> Seen | None:
    """
    What the sender of a write has seen of its stream, None when they do not say.

    Raises `Malformed` for what is no entity tag, `StaleVersion` for the tag of something else.
    """
    sent = headers.get(MATCH_HEADER)
    if sent is None:
        return None
    sent = sent.strip()
    if sent == "*":
        return Seen(None)
    if not _TAG.fullmatch(sent):
        sentence = "Une étiquette (ETag) telle qu'elle a été lue, guillemets compris, ou *."
        raise Malformed([FieldError("etag", sentence, MATCH_HEADER)])
    ours = _OURS.fullmatch(sent)
    if ours is None or ours["stream"] != _digest(stream.encode(), 8):
        raise StaleVersion
    return Seen(int(ours["version"]))


class Tagged:
    """
    Sends the answer to one GET with its tag, or 304 to who has it already.

    `shown` is asked once the answer is there. What comes in pieces passes as it is: its bytes are
    not known before they are gone.
    """

    def __init__(self, scope: Scope, send: Send, shown: Callable[[], Shown | None]) -> None:
        self._known = Headers.from_scope(scope).get(NONE_MATCH_HEADER)
        self._send = send
        self._shown = shown
        self._start: HTTPResponseStartEvent | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _may_be_tagged(message):
            self._start = message
            return
        if (start := self._start) is not None:
            self._start = None
            if message["type"] == "http.response.body" and not message["more_body"]:
                message["body"] = self._tag(start, message["body"])
            await self._send(start)
        await self._send(message)

    def _tag(self, start: HTTPResponseStartEvent, body: bytes) -> bytes:
        """Puts the tag on; gives what is to be sent of the body."""
        headers = MutableScopeHeaders.from_message(start)
        digest, shown = _digest(body, 16), self._shown()
        # A file brings its own: the hash under which it is kept.
        etag = headers.get("ETag") or (f'"{digest}"' if shown is None else tag(shown, digest))
        headers["ETag"] = etag
        if "cache-control" not in headers:
            # Kept by who asked and nobody in between, and asked about again each time.
            headers["Cache-Control"] = "private, no-cache"
        if self._known is None or not _matches(self._known, etag):
            return body
        start["status"] = 304
        for name in ("content-length", "content-type"):
            headers.pop(name, None)
        return b""


def _may_be_tagged(start: HTTPResponseStartEvent) -> bool:
    kept = MutableScopeHeaders.from_message(start).get("cache-control", "")
    return start["status"] == 200 and "no-store" not in kept


def _matches(known: str, etag: str) -> bool:
    """Weakly, as RFC 9110 has it: caches on the way may have weakened a tag."""
    return known.strip() == "*" or etag in [
        each.strip().removeprefix("W/") for each in known.split(",")
    ]


def _digest(content: bytes, size: int) -> str:
    return urlsafe_b64encode(blake2b(content, digest_size=size).digest()).rstrip(b"=").decode()
