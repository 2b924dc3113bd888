"""The demonstration without a database: its scenes, on a stage that decides and records nothing.

The decisions and policies are those the application runs; what it wraps around them (permissions,
idempotency, sealing, the store) is tried by playing the demonstration for good.
"""

import heapq
from datetime import datetime
from hashlib import sha256
from itertools import count
from random import Random
from typing import Any

from core.application import Done
from core.attachments.attachments import Attached
from core.attachments.media import media_type_of
from core.catalogue import Catalogue
from core.directory.commands import RegisterPerson
from core.domain.command import Command
from core.domain.event import PersonId, Recorded, Subject
from core.domain.sealed import PREFIX, Sealed
from core.module import Policy
from core.stage import Scene
from core.testing.scenario import Scenario, an_id
from server.demo.calendar import END, start_of
from server.demo.identities import invent
from server.demo.play import volume_of
from server.discovery import find_modules


def rehearse(tenant: str, *, years: int, seed: int = 1) -> list[Recorded[Any]]:
    """What a tenant's demonstration records."""
    stage = ScenarioStage(tenant, years=years, seed=seed)
    for module in stage.catalogue.modules:
        if module.demo is not None:
            module.demo(stage)
    return stage.rehearsed()


class ScenarioStage:
    """One tenant's stage, on a scenario; scenes are awaited, and wait for nothing."""

    def __init__(self, tenant: str, *, years: int, seed: int) -> None:
        modules = find_modules()
        self.tenant = tenant
        self.chance = Random(f"{seed}/{tenant}")
        self.start = start_of(years)
        self.end = END
        self.volume = volume_of(seed, tenant)
        self.catalogue = Catalogue(modules)
        self._scenario = Scenario(*modules, now=self.start)
        self._agenda: list[tuple[datetime, int, Scene]] = []
        self._turn = count()
        self._ids = (an_id(number) for number in count(0xE0_0000))
        self._delivered = 0

    @property
    def now(self) -> datetime:
        return self._scenario.now

    def at(self, when: datetime, scene: Scene) -> None:
        heapq.heappush(self._agenda, (when, next(self._turn), scene))

    def new_id(self) -> Subject:
        return Subject(next(self._ids))

    def cast(self, account: str, role: str) -> None:
        assert role in self.catalogue.roles
        assert account

    async def register(self) -> PersonId:
        invent(self.chance)
        person = PersonId(self.new_id())
        await self.do(RegisterPerson(person=person), actor="secretariat")
        return person

    async def seal(self, key_subject: str, field: str, text: str) -> Sealed:
        assert field
        assert text
        return Sealed(f"{PREFIX}.{key_subject}.{self.new_id()}.sealed")

    async def attach(self, key_subject: str, content: bytes) -> Attached:
        media_type = media_type_of(content)
        assert media_type is not None
        return Attached(
            subject=key_subject,
            sha256=sha256(content).hexdigest(),
            media_type=media_type,
            size=len(content),
        )

    async def do(self, command: Command, *, actor: str) -> Done:
        self._scenario.actor = actor
        before = len(self._scenario.history)
        self._scenario.when(command)
        assert self._scenario.written is not None
        return Done(command=self.new_id(), facts=self._scenario.history[before:])

    async def settle(self) -> None:
        policies: list[Policy] = [
            policy for module in self.catalogue.modules for policy in module.policies
        ]
        while self._delivered < len(self._scenario.history):
            recorded = self._scenario.history[self._delivered]
            self._delivered += 1
            for policy in policies:
                if isinstance(recorded.fact, policy.facts):
                    for command in policy.react(recorded):
                        await self.do(command, actor=policy.name)

    def rehearsed(self) -> list[Recorded[Any]]:
        while self._agenda:
            when, _, scene = heapq.heappop(self._agenda)
            if when <= self.end:
                self._scenario.now = max(self._scenario.now, when)
                _run(scene)
        return self._scenario.history


def _run(scene: Scene) -> None:
    """Nothing on this stage waits, so that a scene ends at its first step."""
    try:
        scene().send(None)  # type: ignore[attr-defined]
    except StopIteration:
        return
    raise AssertionError("a scene waits for something")
