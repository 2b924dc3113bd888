"""What someone sends is nowhere but where it belongs: not in errors, not in logs."""

import io
import logging
from collections.abc import Iterator

import httpx
import pytest
import structlog
from psycopg import sql

from core.observability import configure_logging
from server.tests.house import Api

NAME = "Zénobie Quatrefages"


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    """All that a process would log, libraries included, down to the least."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("json", level="DEBUG", stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def said(logs: io.StringIO, answer: httpx.Response) -> str:
    """What was told of a request, outside of the body it may have asked for."""
    return f"{logs.getvalue()} {answer.text} {answer.headers}"


def silent(told: str) -> bool:
    return not any(part in told for part in ("nobie", "Quatrefages", "quatrefages", "ZXlub2JpZ"))


@pytest.mark.parametrize(
    "body",
    [
        {"topics": [NAME]},
        {"topics": NAME},
        {NAME: 1},
        {"topics": ["jardin"], "occurred_at": NAME},
        {"topics": ["jardin"], NAME: NAME},
        f'{{"topics": "{NAME}'.encode(),
    ],
    ids=["value", "type", "field", "date", "two", "no-json"],
)
async def test_a_bad_request_is_not_quoted(api: Api, logs: io.StringIO, body: object) -> None:
    answer = await api.post("carnet/notebooks", body)
    assert answer.status_code == 400
    assert "http.request" in logs.getvalue()
    assert silent(said(logs, answer))


async def test_nothing_of_an_address_is_quoted(api: Api, logs: io.StringIO) -> None:
    for path in (f"people/{NAME}", f"/{NAME}", f"/api/v1/tenants/{NAME}/facts"):
        answer = await api.get(path, nom=NAME)
        assert answer.status_code in (400, 403, 404)
        assert silent(said(logs, answer)), path


async def test_headers_are_not_quoted(api: Api, logs: io.StringIO) -> None:
    sent = {"Authorization": "Bearer Quatrefages", "X-Request-ID": "Quatrefages"}
    answer = await api.get("facts", headers=sent)
    assert answer.status_code == 401
    assert silent(said(logs, answer))


async def test_a_refused_person_is_not_quoted(api: Api, logs: io.StringIO) -> None:
    born_tomorrow = {"family_name": NAME, "given_name": NAME, "birth_date": "2999-01-01"}
    answer = await api.post("people", born_tomorrow)
    assert answer.status_code == 422
    assert silent(said(logs, answer))


async def test_a_person_is_registered_sought_and_read_in_silence(
    api: Api, logs: io.StringIO
) -> None:
    person = {"family_name": NAME, "given_name": "Quatrefages", "birth_date": "1950-02-03"}
    registered = await api.post("people", person, key="Quatrefages")
    sought = {"family_name": NAME, "birth_date": "1950-02-03"}
    found = await api.post("people/search", sought)
    assert found.json()["items"][0]["identity"]["family_name"] == NAME
    assert (await api.get(f"people/{registered.json()['person']}")).status_code == 200
    assert silent(logs.getvalue())
    # Nor is the id of the person: their address is told by its template.
    assert registered.json()["person"] not in logs.getvalue()


async def test_an_unexpected_error_tells_its_place_and_nothing_else(
    api: Api, logs: io.StringIO
) -> None:
    """A table that is gone: PostgreSQL's own message would quote the query."""
    await api.follow()
    tenant = api.parts.tenants.find("05D")
    table = sql.Identifier(tenant.read_schema, "carnet_notebook_register")
    async with api.parts.projecting[tenant.placement].projecting(tenant) as connection:
        await connection.execute(sql.SQL("drop table {}").format(table))
    answer = await api.get("carnet/notebooks")
    assert answer.status_code == 500
    problem = answer.json()
    assert problem["code"] == "unexpected"
    assert set(problem) == {"type", "title", "status", "detail", "code", "instance"}
    logged = logs.getvalue()
    assert '"error": "UndefinedTable"' in logged
    assert problem["instance"].removeprefix("urn:uuid:") in logged
    assert "carnet_notebook_register" not in logged + answer.text
