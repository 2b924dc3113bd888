"""What a module's demonstration plays on: the public commands, a simulated hour, seeded chance.

A module puts scenes on its stage's agenda; a scene executes commands and may put further scenes on
it. The stage plays the scenes of one tenant in the order of their hours, which are the recording
times, through `Application.execute`, with idempotency and sealing on: there is no other path, and a
refusal stops the demonstration. Scenes later than the end are never played: things are left open,
as they are on any day.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from random import Random
from typing import Protocol, TypeAlias

from core.application import Done
from core.attachments.attachments import Attached
from core.domain.command import Command
from core.domain.event import PersonId, Subject
from core.domain.sealed import Sealed

Scene: TypeAlias = Callable[[], Awaitable[None]]


class Stage(Protocol):
    """One tenant's stage, from `start` to `end`. `volume` scales how much happens: 1.0 is usual.

    `chance` is seeded with the tenant and the seed of the demonstration: nothing else is drawn, so
    that the same seed gives the same facts but for ids and tokens.
    """

    tenant: str
    chance: Random
    start: datetime
    end: datetime
    volume: float

    @property
    def now(self) -> datetime:
        """The hour of the scene being played."""

    def at(self, when: datetime, scene: Scene) -> None:
        """Puts a scene on the agenda; an hour that is past means at once."""

    def new_id(self) -> Subject:
        """A new id for what the next command opens."""

    def cast(self, account: str, role: str) -> None:
        """Gives an account its role; who has none may do nothing."""

    async def register(self) -> PersonId:
        """Registers somebody invented in the directory, as the API does."""

    async def seal(self, key_subject: str, field: str, text: str) -> Sealed:
        """Seals a text for a field, as the API does."""

    async def attach(self, key_subject: str, content: bytes) -> Attached:
        """Keeps a file under the key of a stream, as the API does."""

    async def do(self, command: Command, *, actor: str) -> Done:
        """Executes a command now."""

    async def settle(self) -> None:
        """Waits until policies have reacted to all that was done."""


Demonstration: TypeAlias = Callable[[Stage], None]
"""Puts a module's first scenes on a stage."""
