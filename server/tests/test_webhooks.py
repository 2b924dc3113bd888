"""Another software is told of what happens: a real worker, a real receiver on this machine."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
import msgspec
import pytest

from core.webhooks.tests.receiver import Received, Receiver, receiving
from projections.webhooks.postman import Patience
from server.app import application
from server.assembly import Parts, assembled
from server.commands.work import queue_of
from server.opening import open_tenants
from server.tests.house import Api
from server.tests.workers import Stand, caught_up, eventually, open_cycle
from server.worker import Worker

pytestmark = pytest.mark.postgres

QUICK = Patience(attempts=4, first=0.05, factor=1.5, longest=0.2)
STUBBORN = Patience(attempts=1_000, first=0.05, factor=1.0)


class Desk(Api):
    """The API as an administrator of Hautes-Alpes has it, over parts that wake workers."""

    def __init__(self, parts: Parts, client: httpx.AsyncClient) -> None:
        super().__init__(parts, client)
        self._headers = self.as_actor("dsi", {"05D": ["administrateur", "auditeur"]})

    async def subscribe(self, url: str, *names: str, **more: Any) -> tuple[str, str]:
        """The id and the secret of a new webhook."""
        body = {"names": names or ["ravie.*"], "url": url, **more}
        answer = await self.post("webhooks", body)
        assert answer.status_code == 201, answer.text
        content = answer.json()
        return content["id"], content["secret"]

    async def ask(self, webhook: str, action: str, body: Any = None) -> Any:
        answer = await self.post(f"webhooks/{webhook}/{action}", {} if body is None else body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def shown(self, webhook: str) -> Any:
        await caught_up(self.parts)
        answer = await self.get(f"webhooks/{webhook}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def deliveries(self, webhook: str, **query: Any) -> Any:
        answer = await self.get(f"webhooks/{webhook}/deliveries", **query)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def cycles(self, count: int, tenant: str = "05D") -> list[str]:
        """Opens cycles; the ids of their facts."""
        return [(await open_cycle(self.parts, tenant)).facts[0].id for _ in range(count)]


@pytest.fixture
def near(own_stand: Stand) -> Stand:
    """An installation that may send to this machine."""
    settings = msgspec.structs.replace(own_stand.site.settings, webhook_reach="loopback")
    site = msgspec.structs.replace(own_stand.site, settings=settings)
    return Stand(own_stand.installation, site)


@pytest.fixture
async def desk(near: Stand) -> AsyncIterator[Desk]:
    queue = near.queue()
    try:
        async with assembled(near.site, broker=queue.broker, connections=4) as parts:
            await open_tenants(parts, near.installation.tenants.values(), modules=["ravie"])
            app: Any = application(parts)
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://jalon") as client:
                yield Desk(parts, client)
    finally:
        queue.close()


@contextmanager
def working(stand: Stand, patience: Patience = QUICK) -> Iterator[Worker]:
    """A worker in this process, which looks often for what is to be tried again."""
    queue = queue_of(stand.site)
    worker = Worker(
        queue,
        lambda: assembled(
            stand.site, broker=queue.broker, connections=4, webhook_patience=patience
        ),
        threads=2,
        sweep_every=0.1,
    )
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


@asynccontextmanager
async def received(receiver: Receiver, count: int) -> AsyncIterator[list[Received]]:
    """Waits until so many were accepted."""

    async def enough() -> bool:
        return len(receiver.accepted) >= count

    await eventually(enough)
    yield receiver.accepted


async def test_each_new_fact_is_sent_signed_and_in_order(near: Stand, desk: Desk) -> None:
    async with receiving() as receiver:
        with working(near):
            await desk.cycles(1)
            webhook, secret = await desk.subscribe(f"{receiver.url}/jalon")
            facts = await desk.cycles(5)
            await desk.cycles(1, "69D")
            async with received(receiver, 5) as accepted:
                assert receiver.ids == facts
            await caught_up(desk.parts, "05D", "69D")
    assert len(receiver.received) == 5
    positions = [each.event["position"] for each in accepted]
    assert positions == sorted(positions)
    for each in accepted:
        assert each.is_signed_with(secret)
        assert each.event["type"] == "ravie.cycle_opened.v1"
        assert each.event["source"] == "urn:jalon:05D"
        assert each.event["id"] == each.id
    shown = await desk.deliveries(webhook)
    assert [each["fact"] for each in shown] == facts[::-1]
    assert {each["state"] for each in shown} == {"delivered"}


async def test_a_receiver_that_fails_then_recovers_gets_everything_in_order(
    near: Stand, desk: Desk
) -> None:
    async with receiving() as receiver:
        receiver.answer = lambda _received: "503 Busy"
        with working(near, STUBBORN):
            webhook, _ = await desk.subscribe(receiver.url)
            facts = await desk.cycles(4)

            async def failing() -> bool:
                standing = (await desk.shown(webhook))["standing"]
                return standing is not None and standing["attempts"] >= 3

            await eventually(failing)
            assert {each.id for each in receiver.received} == {facts[0]}, "one overtook another"
            (first,) = await desk.deliveries(webhook, state="failing")
            assert (first["fact"], first["code"]) == (facts[0], "http_503")
            receiver.answer = lambda _received: "200 OK"
            async with received(receiver, 4):
                assert receiver.ids == facts
        first, again = receiver.received[:2]
        assert first.body == again.body, "the same message is the same bytes"


async def test_a_worker_that_comes_after_another_goes_on_where_it_was(
    near: Stand, desk: Desk
) -> None:
    async with receiving() as receiver:
        with working(near, STUBBORN):
            webhook, secret = await desk.subscribe(receiver.url)
            before = await desk.cycles(2)
            async with received(receiver, 2):
                pass
            receiver.answer = lambda _received: ""  # takes the message and never answers
            after = await desk.cycles(3)

            async def begun() -> bool:
                return len(receiver.received) > 2

            await eventually(begun)
        receiver.answer = lambda _received: "204 No Content"
        with working(near, STUBBORN):
            async with received(receiver, 5) as accepted:
                assert receiver.ids == before + after
    assert all(each.is_signed_with(secret) for each in accepted)
    assert (await desk.shown(webhook))["standing"]["dead"] == 0


async def test_what_is_never_taken_is_set_aside_then_sent_again_when_asked(
    near: Stand, desk: Desk
) -> None:
    async with receiving() as receiver:
        with working(near):
            webhook, _ = await desk.subscribe(receiver.url)
            facts: list[str] = []
            receiver.answer = lambda got: "500 Oops" if got.id == facts[0] else "204 No Content"
            facts += await desk.cycles(1)
            facts += await desk.cycles(2)
            async with received(receiver, 2):
                assert receiver.ids == facts[1:], "the next ones have their turn"
            (dead,) = await desk.deliveries(webhook, state="dead")
            assert (dead["fact"], dead["attempts"]) == (facts[0], QUICK.attempts)
            assert (await desk.shown(webhook))["standing"]["dead"] == 1
            receiver.answer = lambda _received: "204 No Content"
            asked = await desk.ask(webhook, "deliveries/retry", {"positions": [dead["position"]]})
            assert asked == {"count": 1}
            async with received(receiver, 3):
                assert receiver.ids[-1] == facts[0]

            async def settled() -> bool:
                return not await desk.deliveries(webhook, state="again")

            await eventually(settled)
        assert await desk.deliveries(webhook, state="dead") == []
        assert await desk.ask(webhook, "deliveries/retry") == {"count": 0}


async def test_a_replay_sends_all_after_a_position_again_under_the_same_ids(
    near: Stand, desk: Desk
) -> None:
    async with receiving() as receiver:
        with working(near):
            old = await desk.cycles(2)
            webhook, _ = await desk.subscribe(receiver.url, after=0)
            new = await desk.cycles(1)
            async with received(receiver, 3):
                assert receiver.ids == old + new, "a webhook may begin in the past"
            second = receiver.accepted[1].event["position"]
            await desk.ask(webhook, "replay", {"after": second - 1})
            async with received(receiver, 5):
                assert receiver.ids[3:] == [old[1], *new]
    assert receiver.accepted[3].body == receiver.accepted[1].body


async def test_during_a_rotation_both_secrets_sign(near: Stand, desk: Desk) -> None:
    async with receiving() as receiver:
        with working(near):
            webhook, former = await desk.subscribe(receiver.url)
            new = (await desk.ask(webhook, "secret", {"overlap_hours": 1}))["secret"]
            await caught_up(desk.parts)
            await desk.cycles(1)
            async with received(receiver, 1) as accepted:
                assert accepted[0].is_signed_with(former)
                assert accepted[0].is_signed_with(new)
            newest = (await desk.ask(webhook, "secret", {"overlap_hours": 0}))["secret"]
            await caught_up(desk.parts)
            await desk.cycles(1)
            async with received(receiver, 2) as accepted:
                assert accepted[1].is_signed_with(newest)
                assert not accepted[1].is_signed_with(new)
                assert not accepted[1].is_signed_with(former)


async def test_what_happens_during_a_pause_is_sent_after_it(near: Stand, desk: Desk) -> None:
    async with receiving() as receiver:
        with working(near):
            webhook, _ = await desk.subscribe(receiver.url)
            await desk.ask(webhook, "pause", {"reason": "maintenance"})
            await caught_up(desk.parts)
            facts = await desk.cycles(2)
            await caught_up(desk.parts)
            paused = await desk.shown(webhook)
            assert (paused["status"], paused["paused_for"]) == ("paused", "maintenance")
            assert receiver.received == []
            await desk.ask(webhook, "resumption")
            async with received(receiver, 2):
                assert receiver.ids == facts
            await desk.ask(webhook, "removal")
            await caught_up(desk.parts)
            await desk.cycles(1)
            await caught_up(desk.parts)
    assert len(receiver.received) == 2


async def test_a_receiver_that_is_gone_pauses_its_webhook(near: Stand, desk: Desk) -> None:
    async with receiving() as receiver:
        receiver.answer = lambda _received: "410 Gone"
        with working(near):
            webhook, _ = await desk.subscribe(receiver.url)
            facts = await desk.cycles(2)

            async def paused() -> bool:
                return bool((await desk.shown(webhook))["status"] == "paused")

            await eventually(paused)
            assert (await desk.shown(webhook))["paused_for"] == "receiver_is_gone"
            receiver.answer = lambda _received: "204 No Content"
            await desk.ask(webhook, "resumption")
            async with received(receiver, 2):
                assert receiver.ids == facts


async def test_a_webhook_that_is_slow_holds_up_neither_views_nor_others(
    near: Stand, desk: Desk
) -> None:
    async with receiving() as slow, receiving() as quick:
        slow.answer = lambda _received: ""
        with working(near):
            await desk.subscribe(slow.url)
            await desk.subscribe(quick.url)
            facts = await desk.cycles(2)
            async with received(quick, 2):
                assert quick.ids == facts
            await caught_up(desk.parts)
            assert len(slow.received) == 1
