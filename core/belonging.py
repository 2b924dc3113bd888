"""Whose a stream is, from its facts and, for a part, from the facts of the whole."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from core.catalogue import Catalogue
from core.domain.belonging import NOBODYS, Belonging
from core.domain.correction import effective
from core.domain.decider import Aggregate, fold
from core.domain.event import Recorded

Load = Callable[[Sequence[str]], Awaitable[Mapping[str, list[Recorded[Any]]]]]


async def belonging(
    load: Load, catalogue: Catalogue, aggregate: Aggregate[Any], history: Sequence[Recorded[Any]]
) -> Belonging:
    """
    Whose a stream of this kind is, given its history; nobody's when it holds no such stream.

    What is `within` another stream belongs to the structures of that one too, so that a cycle
    handed over takes its sessions with it.
    """
    if not history or not isinstance(history[0].fact, aggregate.facts):
        return NOBODYS
    state = fold(aggregate, effective(history, catalogue.registry))
    if state is None:
        return NOBODYS
    structures = aggregate.structures(state)
    whole = aggregate.within(state)
    if whole is not None:
        structures |= await _structures(load, catalogue, whole)
    return Belonging(related=aggregate.related(state), structures=structures)


async def _structures(load: Load, catalogue: Catalogue, stream: str) -> frozenset[str]:
    history = (await load([stream]))[stream]
    aggregate = catalogue.aggregate_of(type(history[0].fact)) if history else None
    if aggregate is None:
        return frozenset()
    state = fold(aggregate, effective(history, catalogue.registry))
    return frozenset() if state is None else aggregate.structures(state)
