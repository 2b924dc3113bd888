import asyncio
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from core.database.pool import Database
from core.directory.keyring import HeldKey, Keyring, WrongMasterKey
from core.directory.tests.sample import destroy_key, meet_in_order
from core.domain.refusal import Refusal
from core.ids import uuid7
from core.keys.local import LocalWrapper
from core.keys.wrapper import UnwrapRefused
from core.tenancy import Tenant
from tests.installation import Installation


async def test_processes_that_start_together_share_one_tenant_key(
    tenant: Tenant, another_process: Callable[[], Keyring]
) -> None:
    keys = await asyncio.gather(*(another_process().tenant_key(tenant) for _ in range(12)))
    assert len({key.indexing for key in keys}) == 1


async def test_processes_that_make_the_same_stream_keys_share_them(
    tenant: Tenant, another_process: Callable[[], Keyring]
) -> None:
    streams = [uuid7() for _ in range(20)]
    made = await asyncio.gather(
        *(another_process().make_for_streams(tenant, streams[::way]) for way in (1, -1) * 4)
    )
    for stream in streams:
        assert len({held[stream].key.sealing for held in made}) == 1


async def test_stream_keys_are_made_in_order_so_that_nobody_waits_for_each_other(
    installation: Installation, tenant: Tenant, keyring: Keyring
) -> None:
    lower, upper = sorted((uuid7(), uuid7()))
    await keyring.tenant_key(tenant)
    work = keyring.make_for_streams(tenant, [upper, lower])
    await meet_in_order(installation, tenant, lower, upper, work)
    assert len(keyring) == 2


async def test_each_tenant_has_its_own_key(installation: Installation, keyring: Keyring) -> None:
    keys = [await keyring.tenant_key(tenant) for tenant in installation.tenants.values()]
    assert len({key.indexing for key in keys}) == len(installation.tenants) > 1


async def test_another_master_key_is_refused_by_name(
    tenant: Tenant, keyring: Keyring, serve_database: Database, tmp_path: Path
) -> None:
    await keyring.tenant_key(tenant)
    stranger = LocalWrapper.create(tmp_path / "other.key")
    with pytest.raises(WrongMasterKey, match=stranger.id):
        await Keyring(lambda _tenant: serve_database, stranger).tenant_key(tenant)


async def test_the_key_line_of_another_subject_is_refused(
    tenant: Tenant,
    installation: Installation,
    keyring: Keyring,
    another_process: Callable[[], Keyring],
) -> None:
    mine, other = uuid7(), uuid7()
    await keyring.make_for_streams(tenant, [mine, other])
    with psycopg.connect(installation.conninfo("admin"), autocommit=True) as connection:
        connection.execute(
            sql.SQL(
                """update {keys} set wrapped = (select wrapped from {keys} where subject = %s)
                   where subject = %s"""
            ).format(keys=sql.Identifier(tenant.facts_schema, "data_keys")),
            (other, mine),
        )
    with pytest.raises(UnwrapRefused):
        await another_process().find(tenant, [mine])


async def test_a_destroyed_key_is_never_made_again(
    tenant: Tenant,
    serve_database: Database,
    keyring: Keyring,
    another_process: Callable[[], Keyring],
) -> None:
    stream = uuid7()
    await keyring.make_for_streams(tenant, [stream])
    await destroy_key(serve_database, tenant, stream)
    afterwards = another_process()
    assert await afterwards.find(tenant, [stream]) == {}
    with pytest.raises(Refusal, match="key_is_destroyed"):
        await afterwards.make_for_streams(tenant, [stream])


async def test_the_keys_at_hand_are_bounded_and_come_back_when_needed(
    tenant: Tenant, serve_database: Database, wrapper: LocalWrapper
) -> None:
    small = Keyring(lambda _tenant: serve_database, wrapper, size=3)
    streams = [uuid7() for _ in range(8)]

    def sealing(held: dict[str, HeldKey]) -> list[bytes]:
        return [held[stream].key.sealing for stream in streams]

    made = sealing(await small.make_for_streams(tenant, streams))
    assert sealing(await small.find(tenant, streams)) == made
    assert len(small) == 3


@pytest.mark.parametrize(
    "statement",
    [
        "select from {}.tenant_key",
        "select from {}.data_keys",
        "select from {}.people",
        "select from {}.people_index",
        "select from {}.access_journal",
        "select from {}.access_journal_kept",
    ],
)
async def test_the_projector_reaches_no_key_and_nobody(
    tenant: Tenant, project_database: Database, statement: str
) -> None:
    async with project_database.projecting(tenant) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute(_in(tenant, statement))


@pytest.mark.parametrize(
    "statement",
    [
        "delete from {}.tenant_key",
        "update {}.tenant_key set wrapped = ''",
        "delete from {}.data_keys",
        "update {}.data_keys set subject = gen_random_uuid()",
        "update {}.people_index set person = gen_random_uuid()",
        "update {}.people set person = gen_random_uuid()",
        "truncate {}.people cascade",
    ],
)
async def test_the_server_destroys_no_line_of_a_key_and_swaps_no_person(
    tenant: Tenant, serve_database: Database, statement: str
) -> None:
    async with serve_database.serving(tenant) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute(_in(tenant, statement))


def _in(tenant: Tenant, statement: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(tenant.facts_schema))
