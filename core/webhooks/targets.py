"""
Which addresses may be sent to.

An address is given by a user and called by the server: unchecked, it would reach what only the
server reaches. The name is looked up, every address it gives is checked, and the connection is made
to one of those very addresses: a name that changes in between changes nothing.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias
from urllib.parse import urlsplit

import msgspec

from core.settings import Reach

LIMIT = 2_000
"""Letters of an address."""

_NAT64 = IPv6Network("64:ff9b::/96")

Address: TypeAlias = IPv4Address | IPv6Address
Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host, as text; raises `OSError` when there are none."""


class TargetRefused(Exception):
    """Nothing is sent there; `code` is one of `core.webhooks.refusals`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """An address taken apart."""

    secure: bool
    host: str
    port: int
    path: str
    """With its query; what stands in the request line."""

    @property
    def authority(self) -> str:
        """What the `Host` header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """The parts of an address; raises `TargetRefused`."""
    if len(url) > LIMIT or any(not "!" <= letter <= "~" for letter in url):
        raise TargetRefused("target_is_malformed")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise TargetRefused("target_is_malformed") from None
    if parts.scheme not in ("http", "https"):
        raise TargetRefused("target_is_not_https")
    if not parts.hostname or "@" in parts.netloc or parts.fragment or "%" in parts.netloc:
        raise TargetRefused("target_is_malformed")
    secure = parts.scheme == "https"
    return Target(
        secure=secure,
        host=parts.hostname,
        port=port or (443 if secure else 80),
        path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
    )


async def addresses_of(target: Target, reach: Reach, resolve: Resolve) -> list[str]:
    """
    The addresses to connect to, in the order in which to try them; raises `TargetRefused`.

    One address that may not be reached refuses them all: no name leads half outside.
    """
    try:
        found = [ip_address(text) for text in await resolve(target.host, target.port)]
    except (OSError, ValueError):
        raise TargetRefused("target_is_not_resolved") from None
    if not found:
        raise TargetRefused("target_is_not_resolved")
    for address in found:
        if not is_reached(address, reach):
            raise TargetRefused("target_is_not_public")
        if not target.secure and not (reach != "public" and _inner(address).is_loopback):
            raise TargetRefused("target_is_not_https")
    return [str(address) for address in dict.fromkeys(found)]


def is_reached(address: Address, reach: Reach) -> bool:
    """Whether an installation of this reach sends to an address."""
    inner = _inner(address)
    if inner.is_multicast or inner.is_unspecified or inner.is_link_local:
        # Link-local is where clouds answer with their own credentials: never, whatever the reach.
        return False
    if inner.is_loopback:
        return reach != "public"
    return inner.is_global or (reach == "private" and not inner.is_reserved)


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses the system gives for a host."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]
