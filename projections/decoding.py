"""
Facts as a follower meets them: it may not stop at one that cannot be read.

What cannot be decoded becomes `Unreadable` and keeps its place. What it was about is then not known
but bounded: a subject of a fact is an id written in its body, so the ids that can be found in the
body, with its stream and its person, hold at least all its subjects. It is indexed under them, and
stops the rows whose whole key is among them.
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from core.domain.correction import CORRECTIONS, FactCorrected, Overlay
from core.domain.event import Fact, FactRegistry, Recorded, subjects_of
from core.event_store.mapper import Undecodable, to_recorded
from core.event_store.stored import StoredFact

_ID = re.compile(rb"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Unreadable(Fact, frozen=True, kw_only=True):
    """Stands for a fact whose body does not decode. `name` is what it was stored as."""

    stored_name: ClassVar[str] = "projections.unreadable.v1"

    name: str
    family: str
    """What it is without its version, once upcast; empty when no installed module declares it in
    any version: then no read model folds it either."""
    error: str
    ids: tuple[str, ...]


def read(tenant: str, stored: StoredFact, registry: FactRegistry) -> Recorded[Any]:
    """The fact with its envelope; never raises."""
    try:
        return to_recorded(tenant, stored, registry)
    except Exception as error:
        # Not only what the mapper foresees: an upcaster is a module's code, and may fail as such.
        cause = error.__cause__ if isinstance(error, Undecodable) and error.__cause__ else error
        fact = _unreadable(stored.name, cause, _ids_in(stored.body), registry)
    return Recorded(
        fact=fact,
        id=stored.id,
        tenant=tenant,
        stream=stored.stream,
        version=stored.version,
        position=stored.position,
        occurred_at=stored.occurred_at,
        recorded_at=stored.recorded_at,
        actor=stored.actor,
        person=stored.person,
        command=stored.command,
        correlation=stored.correlation,
        causation=stored.causation,
    )


def standing(
    recorded: Recorded[Any], overlay: Overlay, registry: FactRegistry
) -> Recorded[Any] | None:
    """The fact as it stands, or None: annulled, or itself a correction or an annulment."""
    if isinstance(recorded.fact, CORRECTIONS) or overlay.annulled(recorded):
        return None
    correction = overlay.correction_of(recorded)
    return recorded if correction is None else told(recorded, correction, overlay, registry)


def told(
    recorded: Recorded[Any],
    correction: Recorded[FactCorrected],
    overlay: Overlay,
    registry: FactRegistry,
) -> Recorded[Any]:
    """The fact as one of its corrections tells it; `Unreadable` when that does not decode."""
    try:
        return overlay.corrected(recorded, correction)
    except Exception as error:
        ids = (*subjects_in(recorded), *subjects_in(correction))
        fact = _unreadable(correction.fact.corrected_name, error, ids, registry)
        return msgspec.structs.replace(recorded, fact=fact)


def subjects_in(recorded: Recorded[Any]) -> Iterator[str]:
    """Every id under which a fact is found again; may repeat."""
    yield recorded.stream
    if recorded.person is not None:
        yield recorded.person
    fact = recorded.fact
    if isinstance(fact, Unreadable):
        yield from fact.ids
        return
    yield from subjects_of(fact)
    if isinstance(fact, FactCorrected):
        yield from _ids_in(bytes(fact.replacement))


def corrected_by(recorded: Recorded[Any]) -> str | None:
    """The id of the fact that a correction or an annulment is about; None for any other fact."""
    return recorded.fact.fact if isinstance(recorded.fact, CORRECTIONS) else None


def name_of(fact: Fact) -> str:
    """What a fact is stored as, readable or not."""
    return fact.name if isinstance(fact, Unreadable) else fact.stored_name


def family(name: str) -> str:
    """A stored name without its version: `ravie.cycle_opened`."""
    return name.rpartition(".")[0]


def _unreadable(
    name: str, cause: BaseException, ids: tuple[str, ...], registry: FactRegistry
) -> Unreadable:
    kind = family(registry.current_name(name))
    declared = any(kind == family(known) for known in registry.known_names)
    return Unreadable(
        name=name,
        family=kind if declared else "",
        error=type(cause).__name__,
        ids=tuple(dict.fromkeys(ids)),
    )


def _ids_in(body: bytes) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.decode().lower() for found in _ID.findall(body)))
