"""A worker that dies with a webhook in hand: the next one takes it when the time is up."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.webhooks.tests.receiver import receiving
from server.tests.house import Api, served
from tests.installation import Installation

pytestmark = pytest.mark.postgres

IN_HAND = """update read_05d.webhook_progress
   set held_by = gen_random_uuid(), held_until = clock_timestamp() + make_interval(mins => %s)"""


@pytest.fixture
async def api(installation: Installation, tmp_path: Path) -> AsyncIterator[Api]:
    async with served(installation, tmp_path, reach="loopback") as made:
        yield made


async def test_a_webhook_in_the_hands_of_a_dead_worker_is_taken_over(api: Api) -> None:
    postman, tenant = api.parts.postman, api.parts.tenants.find("05D")
    administrator = api.as_actor("dsi", {"05D": ["administrateur"]})
    async with receiving() as receiver:
        body = {"names": ["carnet.*"], "url": receiver.url}
        assert (await api.post("webhooks", body, headers=administrator)).status_code == 201
        await api.notebook()
        await api.follow()
        assert await postman.deliver(tenant) == 1
        await api.notebook()
        await api.follow()
        await _hold(api, minutes=1)
        assert await postman.due(tenant) == []
        assert await postman.deliver(tenant) == 0, "two workers would break the order"
        await _hold(api, minutes=-1)
        assert len(await postman.due(tenant)) == 1
        assert await postman.deliver(tenant) == 1
        assert await postman.deliver(tenant) == 0
    assert len(receiver.received) == 2


async def _hold(api: Api, minutes: int) -> None:
    tenant = api.parts.tenants.find("05D")
    async with api.parts.projecting[tenant.placement].projecting(tenant) as connection:
        await connection.execute(IN_HAND.encode(), (minutes,))
