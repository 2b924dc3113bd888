"""
One signed message sent to one address, and what became of it as a code.

No redirect is followed, no proxy asked, nothing of the answer is read but its status: whatever a
receiver says goes nowhere.
"""

import asyncio
import ssl
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import httpx
import msgspec

from core.event_store.cloud_event import MEDIA_TYPE
from core.settings import Reach
from core.webhooks.signing import signed_headers
from core.webhooks.targets import Resolve, TargetRefused, addresses_of, look_up, target_of

WITHIN = 10.0
"""Seconds a receiver has to answer, all told."""

CONNECT_WITHIN = 5.0
GONE = "http_410"
"""The receiver wants nothing more."""

_LONGEST_PAUSE = 6 * 3600


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent; `id` is the same however often it is."""

    url: str
    secrets: Sequence[str]
    id: str
    body: bytes


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the receiver has it, a code that says why not, and how long it asks to be left."""

    delivered: bool
    code: str
    retry_after: float = 0.0


class Outbound:
    """What sends, for every tenant of a process. `reach` is the installation's setting."""

    def __init__(
        self,
        reach: Reach,
        *,
        resolve: Resolve = look_up,
        trust: ssl.SSLContext | None = None,
        within: float = WITHIN,
    ) -> None:
        self._reach: Reach = reach
        self._resolve = resolve
        self._within = within
        self._client = httpx.AsyncClient(
            # The system's certificates: a collectivité has its own authority.
            verify=trust or ssl.create_default_context(),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(within, connect=CONNECT_WITHIN),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=0),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def check(self, url: str) -> None:
        """Whether an address may be subscribed; raises `TargetRefused`."""
        await addresses_of(target_of(url), self._reach, self._resolve)

    async def send(self, message: Message) -> Outcome:
        """Sends once; never raises for what a receiver or a network does."""
        try:
            async with asyncio.timeout(self._within):
                return await self._send(message)
        except TargetRefused as error:
            return Outcome(delivered=False, code=error.code)
        except (TimeoutError, httpx.TimeoutException):
            return Outcome(delivered=False, code="timeout")
        except httpx.ConnectError as error:
            broken = isinstance(_root(error), ssl.SSLError)
            return Outcome(delivered=False, code="tls_failed" if broken else "connection_failed")
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            return Outcome(delivered=False, code="connection_failed")

    async def _send(self, message: Message) -> Outcome:
        target = target_of(message.url)
        addresses = await addresses_of(target, self._reach, self._resolve)
        headers = {
            "Host": target.authority,
            "Content-Type": MEDIA_TYPE,
            "User-Agent": "Jalon",
            **signed_headers(message.secrets, message.id, int(time.time()), message.body),
        }
        for last, address in enumerate(addresses, start=1 - len(addresses)):
            host = f"[{address}]" if ":" in address else address
            scheme = "https" if target.secure else "http"
            request = self._client.build_request(
                "POST",
                f"{scheme}://{host}:{target.port}{target.path}",
                headers=headers,
                content=message.body,
                # The certificate is that of the name, though we connect to the address.
                extensions={"sni_hostname": target.host},
            )
            try:
                response = await self._client.send(request, stream=True)
            except httpx.ConnectError:
                if last < 0:
                    continue
                raise
            await response.aclose()
            return _outcome(response)
        raise TargetRefused("target_is_not_resolved")


def _outcome(response: httpx.Response) -> Outcome:
    wait = response.headers.get("retry-after", "")
    return Outcome(
        delivered=200 <= response.status_code < 300,
        code=f"http_{response.status_code}",
        retry_after=float(min(int(wait), _LONGEST_PAUSE)) if _is_number(wait) else 0.0,
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _root(error: BaseException) -> BaseException:
    while (below := error.__cause__ or error.__context__) is not None:
        error = below
    return error
