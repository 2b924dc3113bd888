"""A demonstration that is served, and what is known of its tenant once every play was played."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
from requests import Session

from core.catalogue import Catalogue
from server.discovery import find_modules
from tests.api.known import Known, facts_of
from tests.api.play import Document, Request, accepted, operations_of, played
from tests.journeys.processes import environment, run, serving

CODE = "05D"
LEFT_OUT = tomllib.loads((Path(__file__).parent / "left_out.toml").read_text())
ACCOUNT = "0198c0de-0000-7000-8000-0000000000a9"


class Ground(msgspec.Struct, frozen=True):
    """A tenant behind its API, and what happened to each operation."""

    url: str
    token: str
    document: Document
    accepted: dict[str, Request]
    known: Known
    answers: defaultdict[str, Counter[int]]
    session: Session


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """As `jalon demo` serves it, with a worker, to an account that may do everything."""
    env = environment(
        tmp_path_factory.mktemp("api") / "home",
        JALON_REQUESTS_PER_MINUTE="1000000000",
        JALON_WEBHOOKS="loopback",
    )
    roles = [word for role in Catalogue(find_modules()).roles for word in ("--role", role)]
    with serving(["jalon", "demo", "--tenants", "1", "--years", "1", "--port", "0"], env) as url:
        for module in Catalogue(find_modules()).modules:
            if not module.always_on and module.demo is None:
                run(["jalon", "tenants", "enable", CODE, module.name], env)
        token = run(["jalon", "token", ACCOUNT, "--tenant", CODE, *roles], env).strip()
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
            document = client.get("/api/openapi.json").json()
            names = narrowed(document)
            program = played(client, document, CODE)
            # Before the rest: what an accepted request is about is for that request alone.
            known = Known(facts_of(client, CODE), program.known, names)
            requests = accepted(client, document, CODE, program)
        with Session() as session:
            yield Ground(url, token, document, requests, known, defaultdict(Counter), session)


@pytest.fixture(autouse=True)
def named_as_schemathesis_expects(request: pytest.FixtureRequest) -> None:
    """It writes each operation's name into an attribute that pytest 9.1 has renamed."""
    request.node._nodeid = request.node.nodeid


def narrowed(document: Document) -> set[str]:
    """Leaves out of the document what is not to be asked; gives the names of its parameters."""
    names = set()
    for name, (_, _, operation) in operations_of(document):
        kept = []
        for parameter in operation["parameters"]:
            if (
                parameter["name"] in LEFT_OUT["headers"]["names"]
                and name not in LEFT_OUT["headers"]["asked_of"]
            ):
                continue
            if parameter["name"] == "code":
                # Which collectivités there are is not in the document: the tests are told.
                parameter["schema"] = {"type": "string", "enum": [CODE]}
            kept.append(parameter)
            names.add(parameter["name"])
        operation["parameters"] = kept
        content = operation["responses"].get("200", {}).get("content", {})
        if "text/event-stream" in content:
            # Schemathesis holds each event, as an object, against the schema of the whole text.
            text = {"type": "string"}
            content["text/event-stream"]["schema"] = {
                "type": "object",
                "required": ["id", "data"],
                "properties": {"id": text, "data": text},
            }
    return names
