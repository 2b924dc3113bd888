"""What routes stand on, put together by `server`."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec
from litestar import Litestar

from core.access.actor import Actor
from core.application import Application
from core.catalogue import Catalogue
from core.directory.people import People
from core.directory.vault import Vault
from core.event_store.store import EventStore
from core.http.rate import Allowance


class Tokens(Protocol):
    """Says who a bearer token stands for."""

    def actor(self, token: str) -> Actor:
        """Raises `InvalidToken`."""


class House(msgspec.Struct, frozen=True, kw_only=True):
    """The parts that routes use. `ready` raises when the process cannot serve now."""

    application: Application
    tokens: Tokens
    vault: Vault
    people: People
    ready: Callable[[], Awaitable[None]]
    allowance: Allowance

    @property
    def catalogue(self) -> Catalogue:
        return self.application.catalogue

    @property
    def store(self) -> EventStore:
        return self.application.store

    @classmethod
    def of(cls, app: Litestar) -> "House":
        house = app.state.house
        assert isinstance(house, cls)  # noqa: S101 - put there by `core.http.api`
        return house
