"""What a module's demonstration plays on: the public commands, a simulated hour, seeded chance.

A demonstration is a list of scenes. The stage plays those of one tenant in the order of their
recording times, through `Application.execute`, with idempotency and sealing on: there is no other
path, and a refusal stops the demonstration.
"""

from collections.abc import AsyncIterator, Callable
from datetime import date, datetime
from random import Random
from typing import Protocol, TypeAlias

import msgspec

from core.application import Done
from core.domain.command import Command
from core.domain.event import PersonId
from core.domain.sealed import Sealed


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who a person of the demonstration is said to be. Invented, every one of them."""

    family_name: str
    given_name: str
    birth_date: date
    phone: str | None = None
    email: str | None = None


class Stage(Protocol):
    """One tenant's stage. `chance` is seeded with the tenant and the seed of the demonstration.

    `years` is how long it plays from `start`; `volume` scales how much happens (1.0 is usual).
    """

    tenant: str
    chance: Random
    start: datetime
    end: datetime
    volume: float

    async def register(self, identity: Identity, at: datetime) -> PersonId:
        """Registers a person in the directory, as the API does."""

    async def seal(self, key_subject: str, field: str, text: str) -> Sealed:
        """Seals a text for a field, as the API does."""

    async def do(self, command: Command, at: datetime, actor: str) -> Done:
        """Executes a command, recorded at an instant that is never before the last one."""

    async def settle(self) -> None:
        """Waits until policies have reacted to all that was done."""

    def new_id(self) -> str:
        """A new id for what the next command opens."""


Demonstration: TypeAlias = Callable[[Stage], AsyncIterator[None]]
"""Plays a module on a stage; yields after each scene, so that progress can be shown."""
