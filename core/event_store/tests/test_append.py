"""What an append promises, tried on a real server."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from core.database.pool import Database
from core.event_store import reader
from core.event_store.appender import Appender
from core.event_store.store import EventStore
from core.event_store.stored import AppendRefused, StoreBusy
from core.event_store.tests.sample import NOON, a_fact, an_append, look
from core.ids import uuid7
from core.tenancy import Tenant
from tests.installation import Installation


@pytest.fixture
def tenant(installation: Installation) -> Tenant:
    return installation.tenant("05D")


async def head(database: Database, tenant: Tenant) -> int:
    async with database.serving(tenant) as connection:
        return await reader.head(connection, tenant)


async def test_positions_follow_on_without_a_gap_whoever_writes(
    installation: Installation, store: EventStore, tenant: Tenant
) -> None:
    async with installation.database() as database, Appender(database) as neighbour:
        before = await head(database, tenant)
        writers = [store.append, neighbour.append]
        answers = await asyncio.gather(
            *(
                writers[number % 2](tenant, an_append(uuid7(), facts=1 + number % 3))
                for number in range(300)
            )
        )
    positions = [position for (position,) in look(installation, tenant, "position")]
    assert positions == list(range(1, before + 600 + 1))
    told = [position for each in answers for position in range(each.first, each.last + 1)]
    assert sorted(told) == list(range(before + 1, before + 600 + 1))


async def test_the_facts_of_a_command_stand_together_in_their_order(
    store: EventStore, tenant: Tenant
) -> None:
    appends = [an_append(uuid7(), facts=4) for _ in range(20)]
    answers = await asyncio.gather(*(store.append(tenant, append) for append in appends))
    async with store.database(tenant).serving(tenant) as connection:
        for append, answer in zip(appends, answers, strict=True):
            stored = await reader.read_positions(
                connection, tenant, range(answer.first, answer.last + 1)
            )
            assert [fact.id for fact in stored] == [fact.id for fact in append.facts]


async def test_what_is_stored_is_what_was_sent(store: EventStore, tenant: Tenant) -> None:
    stream, person, cause = uuid7(), uuid7(), uuid7()
    fact = a_fact(
        stream,
        1,
        person=person,
        tags=b"\x00\xff",
        body='{"é":"\\u0000"}'.encode(),
        occurred_at=NOON.replace(microsecond=123_456, year=1969),
    )
    append = an_append(stream, facts=0)
    append = msgspec.structs.replace(append, facts=[fact], causation=cause)
    answer = await store.append(tenant, append)
    async with store.database(tenant).serving(tenant) as connection:
        (stored,) = await reader.read_streams(connection, tenant, [stream])
    assert stored.body == fact.body
    assert (stored.position, stored.recorded_at) == (answer.first, answer.recorded_at)
    assert (stored.id, stored.stream, stored.version) == (fact.id, stream, 1)
    assert (stored.name, stored.occurred_at) == (fact.name, fact.occurred_at)
    assert (stored.actor, stored.person) == (append.actor, person)
    assert (stored.command, stored.correlation) == (append.command, append.correlation)
    assert stored.causation == cause


async def test_a_stream_that_moved_is_a_conflict_and_nothing_is_written(
    store: EventStore, tenant: Tenant
) -> None:
    stream = uuid7()
    await store.append(tenant, an_append(stream))
    before = await head(store.database(tenant), tenant)
    answer = await store.append(tenant, an_append(stream))
    assert (answer.status, answer.first, answer.last) == ("conflict", 0, 0)
    assert await head(store.database(tenant), tenant) == before


async def test_a_stream_that_was_only_read_is_checked_too(
    store: EventStore, tenant: Tenant
) -> None:
    read = uuid7()
    await store.append(tenant, an_append(read))
    stale = await store.append(tenant, an_append(uuid7(), rests_on={read: 0}))
    fresh = await store.append(tenant, an_append(uuid7(), rests_on={read: 1}))
    assert (stale.status, fresh.status) == ("conflict", "recorded")


async def test_of_two_decisions_that_rest_on_each_other_one_is_recorded(
    installation: Installation, store: EventStore, tenant: Tenant
) -> None:
    async with installation.database() as database, Appender(database) as neighbour:
        for _ in range(20):
            one, other = uuid7(), uuid7()
            answers = await asyncio.gather(
                store.append(tenant, an_append(one, rests_on={other: 0})),
                neighbour.append(tenant, an_append(other, rests_on={one: 0})),
            )
            assert sorted(each.status for each in answers) == ["conflict", "recorded"]


async def test_appends_that_wait_together_for_one_stream_are_recorded_in_turn(
    store: EventStore, tenant: Tenant
) -> None:
    stream = uuid7()
    answers = await asyncio.gather(
        *(store.append(tenant, an_append(stream, after=version)) for version in range(10))
    )
    assert [each.status for each in answers] == ["recorded"] * 10
    assert [each.first for each in answers] == sorted(each.first for each in answers)


async def test_the_same_command_again_gives_the_same_answer_and_writes_nothing(
    store: EventStore, tenant: Tenant
) -> None:
    stream = uuid7()
    append = an_append(stream, facts=2)
    first = await store.append(tenant, append)
    # Its stream has moved since, which would be a conflict for any other command.
    await store.append(tenant, an_append(stream, after=2))
    before = await head(store.database(tenant), tenant)
    again = await store.append(tenant, append)
    assert again.status == "repeated"
    assert (again.first, again.last) == (first.first, first.last)
    assert await head(store.database(tenant), tenant) == before


async def test_a_command_sent_twice_at_once_is_recorded_once(
    store: EventStore, tenant: Tenant
) -> None:
    append = an_append(uuid7())
    answers = await asyncio.gather(*(store.append(tenant, append) for _ in range(5)))
    assert [each.status for each in answers] == ["recorded"] + ["repeated"] * 4
    assert len({each.first for each in answers}) == 1


async def test_the_key_of_another_request_is_reused(store: EventStore, tenant: Tenant) -> None:
    append = an_append(uuid7())
    await store.append(tenant, append)
    before = await head(store.database(tenant), tenant)
    other = msgspec.structs.replace(an_append(uuid7(), command=append.command), fingerprint=b"?")
    assert (await store.append(tenant, other)).status == "reused"
    assert await head(store.database(tenant), tenant) == before


async def test_a_key_belongs_to_its_tenant(installation: Installation, store: EventStore) -> None:
    append = an_append(uuid7())
    for code in ("05D", "69M"):
        assert (await store.append(installation.tenant(code), append)).status == "recorded"


async def test_a_conflict_leaves_its_neighbours_of_the_same_commit_alone(
    installation: Installation, store: EventStore, tenant: Tenant
) -> None:
    stream = uuid7()
    await store.append(tenant, an_append(stream))
    answers = await asyncio.gather(
        store.append(tenant, an_append(uuid7())),
        store.append(tenant, an_append(stream)),
        store.append(tenant, an_append(uuid7(), facts=2)),
    )
    assert [each.status for each in answers] == ["recorded", "conflict", "recorded"]
    assert answers[2].first == answers[0].last + 1
    commits = {xmin for (xmin,) in look(installation, tenant, "xmin::text")[-3:]}
    assert len(commits) == 1


async def test_several_tenants_share_one_commit(
    installation: Installation, store: EventStore
) -> None:
    tenants = [installation.tenant(code) for code in ("69M", "05D", "69D")]
    answers = await asyncio.gather(
        *(store.append(each, an_append(uuid7())) for each in tenants for _ in range(3))
    )
    assert {each.status for each in answers} == {"recorded"}
    commits = {xmin for each in tenants for (xmin,) in look(installation, each, "xmin::text")[-3:]}
    assert len(commits) == 1


async def test_an_append_that_the_database_refuses_fails_alone(
    installation: Installation, store: EventStore, tenant: Tenant
) -> None:
    taken = an_append(uuid7())
    await store.append(tenant, taken)
    stream = uuid7()
    twin = an_append(stream, facts=0)
    twin = msgspec.structs.replace(twin, facts=[a_fact(stream, 1, id=taken.facts[0].id)])
    refused, *others = await asyncio.gather(
        store.append(tenant, twin),
        store.append(tenant, an_append(uuid7())),
        store.append(installation.tenant("69M"), an_append(uuid7())),
        return_exceptions=True,
    )
    assert isinstance(refused, AppendRefused)
    assert refused.sqlstate == "23505"
    assert [getattr(each, "status", each) for each in others] == ["recorded", "recorded"]


async def test_recorded_at_never_decreases_when_a_clock_goes_back(
    installation: Installation, store: EventStore, tenant: Tenant
) -> None:
    later = NOON + timedelta(days=1)
    hours = [0, 3, -5, 2, 7, -1]
    answers = await asyncio.gather(
        *(
            store.append(tenant, an_append(uuid7(), now=later + timedelta(hours=hour)))
            for hour in hours
        )
    )
    assert [each.recorded_at for each in answers] == [
        later + timedelta(hours=hour) for hour in (0, 3, 3, 3, 7, 7)
    ]
    earlier = await store.append(tenant, an_append(uuid7(), now=NOON))
    assert earlier.recorded_at == later + timedelta(hours=7)
    recorded = [at for (at,) in look(installation, tenant, "recorded_at")]
    assert recorded == sorted(recorded)


async def test_an_append_of_nothing_is_a_mistake_of_the_caller(
    store: EventStore, tenant: Tenant
) -> None:
    with pytest.raises(ValueError, match="nothing to append"):
        await store.append(tenant, an_append(uuid7(), facts=0))


async def test_more_than_may_wait_is_refused_at_once(
    installation: Installation, tenant: Tenant
) -> None:
    async with installation.database() as database, Appender(database, queue=2) as appender:
        answers = await asyncio.gather(
            *(appender.append(tenant, an_append(uuid7())) for _ in range(3)),
            return_exceptions=True,
        )
    assert [type(each).__name__ for each in answers] == ["Appended", "Appended", "StoreBusy"]
    with pytest.raises(StoreBusy):
        await appender.append(tenant, an_append(uuid7()))


async def test_what_was_accepted_is_written_before_the_writer_stops(
    installation: Installation, tenant: Tenant
) -> None:
    async with installation.database() as database:
        async with Appender(database, batch=2) as appender:
            waiting = [
                asyncio.create_task(appender.append(tenant, an_append(uuid7()))) for _ in range(7)
            ]
            await asyncio.sleep(0)
        answers = await asyncio.gather(*waiting)
    assert {each.status for each in answers} == {"recorded"}


async def test_the_store_tells_how_far_a_tenant_has_come(
    serve_database: Database, store: EventStore, tenant: Tenant
) -> None:
    told: list[tuple[str, int]] = []

    def recorded(of: Tenant, position: int) -> None:
        told.append((of.code, position))

    async with EventStore({tenant.placement: serve_database}, store.registry, recorded) as told_of:
        answer = await told_of.append(tenant, an_append(uuid7(), facts=2))
        await told_of.append(tenant, an_append(uuid7(), rests_on={uuid7(): 9}))
    assert told == [("05D", answer.last)]
