"""The stage a module's demonstration plays on, over the application the API uses."""

import heapq
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from itertools import count
from random import Random

import msgspec

from core.access.actor import Actor
from core.access.journal import Reading
from core.application import Application, Done
from core.attachments.attachments import Attached, Attachments
from core.clock import SimulatedClock
from core.directory.commands import RegisterPerson
from core.directory.people import People
from core.directory.vault import Vault
from core.domain.command import Command
from core.domain.event import PersonId, Subject
from core.domain.sealed import Sealed
from core.stage import Scene
from core.tenancy import Tenant
from server.demo.identities import invent

SECRETARIAT = "secretariat"
"""The account that registers people in the demonstration."""

REGISTERING = "accueil"
"""Its role."""


class Backstage(msgspec.Struct, frozen=True, kw_only=True):
    """What every tenant's stage stands on. `settle` waits for the policies of a tenant."""

    application: Application
    people: People
    vault: Vault
    attachments: Attachments
    clock: SimulatedClock
    settle: Callable[[Tenant, int], Awaitable[None]]
    roles: Mapping[str, frozenset[str]]


class TenantStage:
    """One tenant's stage: plays its agenda in order, a scene at a time."""

    def __init__(
        self,
        backstage: Backstage,
        tenant: Tenant,
        *,
        seed: int,
        start: datetime,
        end: datetime,
        volume: float,
        progress: Callable[[int, int], None],
    ) -> None:
        self.tenant = tenant.code
        self.chance = Random(f"{seed}/{tenant.code}")  # noqa: S311 - for play, not for secrets
        self.start = start
        self.end = end
        self.volume = volume
        self._progress = progress
        self._written = 0
        self._accounts: dict[str, Actor] = {}
        self._backstage = backstage
        self._tenant = tenant
        self._agenda: list[tuple[datetime, int, Scene]] = []
        self._turn = count()
        self._done = count(1)
        self._key = f"demo/{seed}"
        self._position = 0
        self.cast(SECRETARIAT, REGISTERING)

    @property
    def now(self) -> datetime:
        return self._backstage.clock.now(self.tenant)

    def at(self, when: datetime, scene: Scene) -> None:
        heapq.heappush(self._agenda, (when, next(self._turn), scene))

    def new_id(self) -> Subject:
        return Subject(self._backstage.application.new_id())

    def cast(self, account: str, role: str) -> None:
        grants = {self.tenant: self._backstage.roles[role]}
        self._accounts[account] = Actor(id=account, grants=grants)

    async def play(self) -> None:
        """Plays every scene up to the end, those that scenes add included."""
        while self._agenda:
            when, _, scene = heapq.heappop(self._agenda)
            if when > self.end:
                continue
            self._backstage.clock.advance(self.tenant, when)
            await scene()
            self._progress(self._written, 0)
            self._written = 0

    async def register(self) -> PersonId:
        reading = Reading(
            at=self.now,
            actor=SECRETARIAT,
            permission="directory.register_person",
            route="demo",
        )
        identity = invent(self.chance)
        registered = await self._backstage.people.register(self._tenant, identity, reading)
        await self.do(RegisterPerson(person=registered.person), actor=SECRETARIAT)
        return registered.person

    async def seal(self, key_subject: str, field: str, text: str) -> Sealed:
        return await self._backstage.vault.seal(self._tenant, key_subject, field, text)

    async def attach(self, key_subject: str, content: bytes) -> Attached:
        return await self._backstage.attachments.attach(self._tenant, key_subject, content)

    async def do(self, command: Command, *, actor: str) -> Done:
        done = await self._backstage.application.execute(
            self.tenant,
            command,
            actor=self._accounts[actor],
            idempotency_key=f"{self._key}/{next(self._done)}",
        )
        self._position = done.position or self._position
        self._written += len(done.facts)
        return done

    async def settle(self) -> None:
        await self._backstage.settle(self._tenant, self._position)
