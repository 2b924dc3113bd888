"""Facts as they come: over a real socket, from this process and from another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from core.event_store import reader
from core.http import fact_stream
from core.workers.broker import open_queue
from server.app import listening, server, url_of
from server.assembly import assembled
from server.opening import open_tenant
from server.tests.house import EVERYTHING, Api, served, site
from server.tests.test_api_problems import problem
from server.tests.workers import eventually
from tests.installation import Installation


class Listener:
    """A client of the stream that gives its events one by one."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def line(self) -> str:
        async with asyncio.timeout(20):
            return await anext(self._lines)

    async def event(self) -> dict[str, Any]:
        """The next one, as its id and its data; comments are passed over."""
        found: dict[str, Any] = {}
        while (line := await self.line()) or not found:
            name, _, value = line.partition(": ")
            if name:
                found[name] = value
        return {"id": int(found["id"]), "data": msgspec.json.decode(found["data"])}

    async def rest(self) -> list[str]:
        async with asyncio.timeout(20):
            return [line async for line in self._lines]


class Served:
    """The API on a socket of its own."""

    def __init__(self, api: Api, url: str, stop: Any) -> None:
        self.api = api
        self.stop = stop
        self._url = url

    @asynccontextmanager
    async def stream(self, *, last: int | None = None, **query: Any) -> AsyncIterator[Listener]:
        headers = self.api.as_actor("auditrice", {"05D": [EVERYTHING]})
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        address = f"{self._url}/api/v1/tenants/05D/facts/stream"
        async with (
            httpx.AsyncClient(timeout=30) as client,
            client.stream("GET", address, headers=headers, params=query) as answer,
        ):
            yield Listener(answer)

    async def head(self) -> int:
        tenant = self.api.parts.tenants.find("05D")
        async with self.api.parts.store.database(tenant).serving(tenant) as connection:
            return await reader.head(connection, tenant)


@pytest.fixture
async def running(shared_installation: Installation, home: Path) -> AsyncIterator[Served]:
    async with served(shared_installation, home) as api:
        http = server(api.parts)
        with listening("127.0.0.1", 0) as listener:
            serving = asyncio.create_task(http.serve(sockets=[listener]))

            async def stop() -> None:
                http.should_exit = True
                await asyncio.wait_for(serving, 20)

            yield Served(api, url_of(listener), stop)
            await stop()


async def test_it_gives_what_there_is_as_cloud_events_and_ends_at_its_limit(
    running: Served,
) -> None:
    notebook = await running.api.notebook("jardin")
    head = await running.head()
    async with running.stream(after=head - 1, limit=1) as listener:
        assert listener.answer.headers["content-type"].startswith("text/event-stream")
        assert listener.answer.headers["cache-control"] == "no-store"
        event = await listener.event()
        assert await listener.rest() == []
    assert event["id"] == head == event["data"]["position"]
    assert event["data"]["specversion"] == "1.0"
    assert event["data"]["source"] == "urn:jalon:05D"
    assert event["data"]["type"] == "carnet.notebook_opened.v1"
    assert event["data"]["subject"] == notebook
    assert event["data"]["data"] == {"topics": ["jardin"]}


async def test_it_goes_on_after_the_last_event_that_was_received(running: Served) -> None:
    for _ in range(3):
        await running.api.notebook()
    head = await running.head()
    async with running.stream(last=head - 2, after=0, limit=2) as listener:
        assert [(await listener.event())["id"] for _ in range(2)] == [head - 1, head]


async def test_it_waits_for_what_comes(running: Served) -> None:
    async with running.stream(after=await running.head()) as listener:
        assert await listener.line() == ": Jalon"
        notebook = await running.api.notebook()
        assert (await listener.event())["data"]["subject"] == notebook


async def test_it_hears_of_what_another_process_records(
    running: Served, shared_installation: Installation, home: Path
) -> None:
    """Within a second or so: it would look by itself after 15."""
    other = site(shared_installation, home)
    queue = open_queue(None, other.conninfo("serve"), other.names)
    try:
        async with running.stream(after=await running.head()) as listener:
            assert await listener.line() == ": Jalon"
            async with asyncio.timeout(fact_stream.KEEP_ALIVE / 2):
                catalogue = running.api.parts.catalogue
                async with assembled(other, broker=queue.broker, catalogue=catalogue) as parts:
                    await open_tenant(parts, parts.tenants.find("05D"), ["ravie"])
                assert (await listener.event())["data"]["type"] == "tenants.module_enabled.v1"
    finally:
        queue.close()


async def test_it_gives_what_matches(running: Served) -> None:
    after = await running.head()
    notebook = await running.api.notebook("jardin")
    await running.api.notebook("cuisine")
    note = {"topic": "jardin", "text": "Semis"}
    await running.api.post(f"carnet/notebooks/{notebook}/notes", note)
    async with running.stream(after=after, name="carnet.note_", limit=1) as listener:
        assert (await listener.event())["id"] == after + 3
    async with running.stream(after=after, stream=notebook, limit=2) as listener:
        assert [(await listener.event())["id"] for _ in range(2)] == [after + 1, after + 3]


async def test_a_silence_is_filled(running: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fact_stream, "KEEP_ALIVE", 0.05)
    async with running.stream(after=await running.head()) as listener:
        assert [await listener.line() for _ in range(4)] == [": Jalon", "", ":", ""]


async def test_those_who_wait_hold_no_connection(running: Served) -> None:
    """More of them than the pool has connections."""
    after = await running.head()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        received = [group.create_task(_first(running, after)) for _ in range(12)]
        news = running.api.parts.news

        async def all_wait() -> bool:
            return sum(map(len, news._waiting.values())) == 12

        await eventually(all_wait)
        await running.api.notebook()
    assert {task.result() for task in received} == {after + 1}


async def test_a_server_that_is_told_to_stop_ends_its_streams(running: Served) -> None:
    async with running.stream(after=await running.head()) as listener:
        assert await listener.line() == ": Jalon"
        await asyncio.wait_for(running.stop(), 5)
        assert set(await listener.rest()) == {""}


async def test_a_stream_that_lasts_ends(running: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fact_stream, "LASTS", 0.1)
    monkeypatch.setattr(fact_stream, "KEEP_ALIVE", 0.05)
    async with running.stream(after=await running.head()) as listener:
        await listener.rest()


async def test_facts_are_given_in_batches_of_cloud_events(running: Served) -> None:
    notebook = await running.api.notebook("jardin")
    headers = running.api.as_actor("auditrice", {"05D": [EVERYTHING]})
    answer = await running.api.get(
        "facts",
        headers=headers | {"Accept": "application/cloudevents-batch+json"},
        stream=notebook,
    )
    assert answer.headers["content-type"].startswith("application/cloudevents-batch+json")
    (event,) = answer.json()
    assert event["type"] == "carnet.notebook_opened.v1"


@pytest.mark.parametrize("last", ["x", "-1", "1e3", "9" * 5000])
async def test_an_event_that_was_never_sent_is_malformed(api: Api, last: str) -> None:
    headers = api.as_actor("auditrice", {"05D": [EVERYTHING]}) | {"Last-Event-ID": last}
    content = problem(await api.get("facts/stream", headers=headers), 400, "malformed")
    assert content["errors"][0]["field"] == "Last-Event-ID"


async def _first(running: Served, after: int) -> int:
    async with running.stream(after=after, limit=1) as listener:
        position: int = (await listener.event())["id"]
        return position
