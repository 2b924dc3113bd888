"""What is read by its id can be read as it was."""

from core.http.guard import handlers_of
from server.app import application
from server.tests.house import Api

TODAY_ONLY = {
    "": "a collectivité as it is set up; its decisions are dated",
    "/people/{person:str}": "an identity, which no fact holds",
    "/ravie/attestations/check/{number:str}/{check_code:str}": "whether a paper in hand holds now",
    "/webhooks/{webhook:str}": "how another program is told, not what was done for anyone",
}
"""Below the tenant's address, and why."""


async def test_every_record_is_read_at_both_times(api: Api) -> None:
    tenant = "/api/v1/tenants/{code:str}"
    records = {
        path.removeprefix(tenant): handler.parsed_fn_signature.parameters.keys()
        for path, handler in handlers_of(application(api.parts).routes)
        if path.startswith(tenant) and path.endswith("}") and "GET" in handler.http_methods
    }
    assert records.keys() >= TODAY_ONLY.keys()
    without = {path for path, names in records.items() if not {"as_of", "known_at"} <= names}
    assert without == TODAY_ONLY.keys()
