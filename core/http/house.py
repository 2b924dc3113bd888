"""What routes stand on, put together by `server`."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec
from litestar import Litestar

from core.access.actor import Actor
from core.application import Application
from core.attachments.attachments import Attachments
from core.catalogue import Catalogue
from core.directory.people import People
from core.directory.vault import Vault
from core.event_store.store import EventStore
from core.http.long_reads import LongReads
from core.http.rate import Allowance
from core.webhooks.sending import Outbound
from core.workers.news import News


class Tokens(Protocol):
    """Says who a bearer token stands for."""

    def actor(self, token: str) -> Actor:
        """Raises `InvalidToken`."""


class House(msgspec.Struct, frozen=True, kw_only=True):
    """
    The parts that routes use. `ready` raises when the process cannot serve now.

    `public_url` is where this installation is reached from outside, as papers print it.
    """

    application: Application
    tokens: Tokens
    vault: Vault
    people: People
    outbound: Outbound

    attachments: Attachments
    public_url: str
    ready: Callable[[], Awaitable[None]]
    news: News
    allowance: Allowance
    long_reads: LongReads

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
