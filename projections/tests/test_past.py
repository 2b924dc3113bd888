"""One row as it was is the row that a replay gives, from the facts of that row alone."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from core.projection import Key
from core.testing.scenario import NOON
from projections.past import row_at
from projections.tests.ground import ground, wipe
from projections.tests.stories import OTHERS, PEOPLE, STREAMS, Move, moves, story
from projections.tests.walks import COMPANIONS, POISON, REGISTER, WALKERS, WALKS
from tests.installation import Installation

KEYS: dict[str, Sequence[Key]] = {
    REGISTER.name: [(stream,) for stream in STREAMS],
    WALKERS.name: list(product(STREAMS, PEOPLE)),
    COMPANIONS.name: list(product(PEOPLE, OTHERS)),
}


@settings(max_examples=10, deadline=None)
@given(told=moves(POISON), position=st.integers(0, 32), days=st.none() | st.integers(0, 40))
def test_a_row_as_it_was_is_the_one_a_replay_gives(
    shared_installation: Installation, told: list[Move], position: int, days: int | None
) -> None:
    as_of = None if days is None else NOON - timedelta(days=days)

    async def run() -> None:
        async with ground(shared_installation) as field:
            history = story(told).history
            await field.record(history)
            await field.engine.follow(field.tenant)
            until = min(position, len(history))
            async with await field.engine.replay(
                field.tenant, position=until, as_of=as_of, strict=False
            ) as replay:
                for projection in WALKS.projections:
                    rows = await replay.rows(projection, KEYS[projection.name])
                    for key in KEYS[projection.name]:
                        row = await row_at(
                            replay.scope.connection,
                            field.tenant,
                            field.store.registry,
                            projection,
                            key,
                            until,
                            as_of=as_of,
                        )
                        assert row == rows.get(key), (projection.name, key)

    wipe(shared_installation)
    asyncio.run(run())
