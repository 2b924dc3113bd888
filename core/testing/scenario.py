"""
Given these facts, when this command, then those facts: the whole test of a rule.

No database, no mock, no clock of its own: a scenario holds the hour, makes readable ids, and runs
the very decisions the application runs.

    scenario = Scenario(MODULE)
    scenario.given(CycleOpened(...), stream=cycle).when(CloseCycle(cycle=cycle)).then_refused(
        "cycle_has_no_production"
    )
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any, Self
from uuid import UUID

import msgspec

from core.catalogue import Catalogue
from core.domain.command import Command
from core.domain.correction import AnnulFact, CorrectFact, annul_fact, correct_fact, effective
from core.domain.decider import Aggregate, At, Context, Decided, fold
from core.domain.event import Fact, Recorded, person_of
from core.domain.refusal import Refused
from core.module import Module
from core.projection import Key, Projection, Row

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def an_id(number: int) -> str:
    """A readable id: the same number gives the same id."""
    return str(UUID(int=number))


class Scenario:
    """One story about one tenant; `modules` are those whose rules it runs."""

    def __init__(
        self,
        *modules: Module,
        now: datetime = NOON,
        actor: str = "animatrice",
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.catalogue = Catalogue(modules)
        self.now = now
        self.actor = actor
        self.settings = {**self.catalogue.default_settings, **(settings or {})}
        self._ids = (an_id(number) for number in count(0xF000))
        self._history: list[Recorded[Any]] = []
        self._decided: Decided | None = None
        self._stream = ""

    def given(self, *facts: Fact, stream: str, occurred_at: datetime | None = None) -> Self:
        """Facts already recorded in a stream, in order; may be called several times."""
        for fact in facts:
            self._record(fact, stream, occurred_at or self.now)
        return self

    def when(self, command: Command) -> Self:
        """Decides the command; then what was decided joins the history."""
        self._decided = self._decide(command)
        if not isinstance(self._decided, Refused):
            for item in self._decided:
                placed = item if isinstance(item, At) else At(fact=item)
                self._record(
                    placed.fact,
                    placed.stream or self._stream,
                    placed.occurred_at or command.occurred_at or self.now,
                )
        return self

    def then(self, *facts: Fact) -> Self:
        """The command wrote exactly these facts, in this order, whatever their streams."""
        assert not isinstance(self._decided, Refused), self.sentence
        assert self._decided is not None, "nothing was decided: call when() first"
        written = [item.fact if isinstance(item, At) else item for item in self._decided]
        assert written == list(facts)
        return self

    def then_refused(self, code: str) -> Self:
        """The command was refused with this code, and the code has its French sentence."""
        assert isinstance(self._decided, Refused), f"not refused: {self._decided}"
        assert self._decided.code == code
        assert self.sentence
        return self

    @property
    def written(self) -> list[Fact]:
        """The facts of the last command; fails when it was refused."""
        assert self._decided is not None, "nothing was decided: call when() first"
        assert not isinstance(self._decided, Refused), self.sentence
        return [item.fact if isinstance(item, At) else item for item in self._decided]

    @property
    def refused(self) -> Refused:
        """The last refusal."""
        assert isinstance(self._decided, Refused), f"not refused: {self._decided}"
        return self._decided

    @property
    def sentence(self) -> str:
        """The French sentence of the last refusal."""
        return self.catalogue.sentence(self.refused)

    @property
    def history(self) -> list[Recorded[Any]]:
        """Everything recorded so far, in order, as the store would give it back."""
        return list(self._history)

    def state(self, aggregate: Aggregate[Any], stream: str) -> Any:
        """The state a stream adds up to now, None when it has no fact or is of another kind."""
        history = self._of(stream)
        if history and not isinstance(history[0].fact, aggregate.facts):
            return None
        return fold(aggregate, effective(history, self.catalogue.registry))

    def rows(self, projection: Projection[Row]) -> dict[Key, Row]:
        """The rows of a read model after everything recorded so far, by key."""
        rows: dict[Key, Row] = {}
        for recorded in effective(self._history, self.catalogue.registry):
            if not isinstance(recorded.fact, projection.facts):
                continue
            for key in projection.keys(recorded):
                row = projection.step(rows.pop(key, None), key, recorded)
                if row is not None:
                    rows[key] = row
        return rows

    def _decide(self, command: Command) -> Decided:
        context = Context(
            tenant="05D",
            actor=self.actor,
            now=self.now,
            new_id=lambda: next(self._ids),
            settings=self.settings,
            choices=self.catalogue.choices,
        )
        registry = self.catalogue.registry
        if isinstance(command, AnnulFact | CorrectFact):
            self._stream = command.stream
            history = self._of(command.stream)
            aggregate = self.catalogue.aggregate_of(type(history[0].fact))
            assert aggregate is not None
            rule: Any = annul_fact if isinstance(command, AnnulFact) else correct_fact
            decided: Decided = rule(command, history, registry, aggregate, context)
            return decided
        decision = self.catalogue.decision_for(type(command))
        self._stream = getattr(command, decision.stream)
        state = self.state(decision.aggregate, self._stream)
        if decision.opens is not None and decision.opens != (state is None):
            return Refused("already_exists" if decision.opens else "not_found", decision.stream)
        others: dict[str, dict[str, Any]] = {}
        for reads in decision.also(command, state):
            for stream in reads.streams:
                other = self.state(reads.aggregate, stream)
                if other is not None:
                    others.setdefault(reads.aggregate.name, {})[stream] = other
        context = msgspec.structs.replace(context, others=others)
        return decision.decide(command, state, context)

    def _of(self, stream: str) -> list[Recorded[Any]]:
        return [recorded for recorded in self._history if recorded.stream == stream]

    def _record(self, fact: Fact, stream: str, occurred_at: datetime) -> None:
        position = len(self._history) + 1
        self._history.append(
            Recorded(
                fact=fact,
                id=an_id(0xA0000 + position),
                tenant="05D",
                stream=stream,
                version=len(self._of(stream)) + 1,
                position=position,
                occurred_at=occurred_at,
                recorded_at=self.now,
                actor=self.actor,
                person=person_of(fact),
                command=an_id(0xC0000 + position),
                correlation=an_id(0xC0000 + position),
                causation=None,
            )
        )
