"""A connection that breaks around a commit: sent again, written once."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from core.database.pool import Database
from core.event_store.appender import Appender
from core.event_store.tests.sample import an_append, look
from core.ids import uuid7
from core.tenancy import Tenant
from tests.installation import Installation


class Wire:
    """
    Stands between a client and the server's socket, and can lose the server's next answer.

    The server has then done what it was asked, and the client cannot know.
    """

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        given = conninfo_to_dict(conninfo)
        name = f".s.PGSQL.{given.get('port', 5432)}"
        self._server_side = Path(str(given["host"])) / name
        # A socket's path is short: the folders of pytest are not.
        self._folder = Path(tempfile.mkdtemp(prefix="jalon-wire-", dir="/tmp"))
        self._client_side = self._folder / name
        self.losing = False
        self.lost = 0

    @property
    def conninfo(self) -> str:
        return make_conninfo(self._conninfo, host=str(self._folder))

    async def __aenter__(self) -> "Wire":
        self._listener = await asyncio.start_unix_server(self._join, self._client_side)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listener.close()
        shutil.rmtree(self._folder)

    async def _join(
        self, client_in: asyncio.StreamReader, client_out: asyncio.StreamWriter
    ) -> None:
        server_in, server_out = await asyncio.open_unix_connection(self._server_side)
        upwards = asyncio.create_task(self._carry(client_in, server_out))
        while answer := await server_in.read(65_536):
            if self.losing:
                self.losing, self.lost = False, self.lost + 1
                break
            client_out.write(answer)
        upwards.cancel()
        for end in (client_out, server_out):
            end.close()

    @staticmethod
    async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while sent := await source.read(65_536):
            target.write(sent)


@pytest.fixture
def tenant(installation: Installation) -> Tenant:
    return installation.tenant("05D")


@pytest.fixture
async def wire(installation: Installation) -> AsyncIterator[Wire]:
    async with Wire(installation.conninfo("serve")) as opened:
        yield opened


async def test_an_answer_lost_after_the_commit_writes_once(
    installation: Installation, tenant: Tenant, wire: Wire
) -> None:
    async with Database(wire.conninfo, size=1) as database, Appender(database) as appender:
        # The statement is prepared: what is lost next is the answer of the append itself.
        await appender.append(tenant, an_append(uuid7()))
        wire.losing = True
        appends = [an_append(uuid7(), facts=2) for _ in range(3)]
        answers = await asyncio.gather(*(appender.append(tenant, each) for each in appends))
    assert wire.lost == 1
    assert [each.status for each in answers] == ["repeated"] * 3
    stored = [command for (command,) in look(installation, tenant, "command::text")]
    assert stored[-6:] == [each.command for each in appends for _ in range(2)]
    assert [stored.count(each.command) for each in appends] == [2, 2, 2]


async def test_connections_that_the_server_ended_are_replaced(
    installation: Installation, tenant: Tenant
) -> None:
    async with installation.database() as database, Appender(database) as appender:
        await appender.append(tenant, an_append(uuid7()))
        with psycopg.connect(installation.conninfo("admin"), autocommit=True) as admin:
            ended = admin.execute(
                "select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = %s",
                (installation.names.serve,),
            ).fetchall()
        assert ended
        answer = await appender.append(tenant, an_append(uuid7()))
    assert answer.status == "recorded"
