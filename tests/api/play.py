"""
Playing a tenant through its API, one operation after the other, with the document in hand.

A module's routes come in with one file, `tests/requests.py`: its `PLAYS` send a request to each of
its operations that writes, in an order in which each is accepted.

    def enrolling(api: Play) -> None:
        cycle = api("ravie_open_cycle", theme="fin_de_vie")["id"]
        api("ravie_cycles_enrol", cycle=cycle, person=person)

What is named goes where the document says: into the address, the query or the body, whose other
fields are those of the document's example.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from typing import Any, TypeAlias

import httpx
import msgspec

from tests.module_contract.installed import TEMPLATE, installed

Document: TypeAlias = dict[str, Any]

_numbers = count(1)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request to an operation, that is accepted where its play stopped."""

    operation: str
    method: str
    path: str
    path_parameters: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any = None
    media_type: str | None = None


class Reached(Exception):
    """The play has come to the operation it was to stop before."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.operation)
        self.request = request


class Play:
    """Sends each request to the tenant, or stops before one and raises `Reached`."""

    def __init__(
        self, client: httpx.Client, document: Document, code: str, until: str | None = None
    ) -> None:
        self._client = client
        self._code = code
        self._until = until
        self._operations = dict(operations_of(document))
        self.sent: list[str] = []
        self.read: dict[str, Request] = {}
        """By operation, a request that reads: it is accepted again."""
        self.known: dict[str, set[str]] = {}
        """Values of parameters that are in no fact."""

    def __call__(self, operation: str, content: bytes | None = None, /, **given: Any) -> Any:
        """What the operation answers; fails unless it is accepted."""
        request = self._request(operation, content, given)
        if operation == self._until:
            raise Reached(request)
        self.sent.append(operation)
        if request.method == "GET":
            self.read[operation] = request
        answer = self._client.request(
            request.method,
            request.path.format(**request.path_parameters),
            params=dict(request.query),
            json=None if content is not None else request.body,
            content=content,
            headers={"Content-Type": request.media_type} if request.media_type else {},
        )
        assert answer.is_success, f"{operation}: {answer.status_code} {answer.text}"
        return answer.json() if "json" in answer.headers["content-type"] else answer.content

    def knows(self, **values: str) -> None:
        """A value that a parameter of this name may take."""
        for name, value in values.items():
            self.known.setdefault(name, set()).add(value)

    def number(self) -> int:
        """One that was not given before: for what may not be told twice."""
        return next(_numbers)

    def facts(self, written: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
        """Those that a command wrote whose stored name begins so, in order."""
        after = written["position"] - len(written["facts"])
        page = self("read_facts", after=after, name=name)
        return [fact for fact in page["items"] if fact["id"] in written["facts"]]

    def _request(self, name: str, content: bytes | None, given: Mapping[str, Any]) -> Request:
        method, path, operation = self._operations[name]
        places = {each["name"]: each["in"] for each in operation["parameters"]}
        named = {"code": self._code, **given}
        said = operation.get("requestBody", {}).get("content", {})
        body: Any = content
        if "application/json" in said:
            fields = {key: value for key, value in given.items() if key not in places}
            body = said["application/json"]["example"] | fields
        return Request(
            operation=name,
            method=method,
            path=path,
            path_parameters={k: v for k, v in named.items() if places.get(k) == "path"},
            query={k: v for k, v in named.items() if places.get(k) == "query"},
            body=body,
            media_type=next(iter(said), None),
        )


def operations_of(document: Document) -> Iterator[tuple[str, tuple[str, str, dict[str, Any]]]]:
    """Every operation by its id: its method, its path, what is said of it."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield operation["operationId"], (method.upper(), path, operation)


def plays() -> list[Callable[[Play], None]]:
    """The plays of every module that has some, and of the routes that all share."""
    packages = [one.package for one in installed() if one.package != TEMPLATE]
    names = ["tests.api.shared", *(f"{package}.tests.requests" for package in packages)]
    return [
        play
        for name in names
        if find_spec(name.rpartition(".")[0]) is not None and find_spec(name) is not None
        for play in import_module(name).PLAYS
    ]


class Program(msgspec.Struct, frozen=True):
    """
    Everything played once: values that parameters may take and that are in no fact, requests that
    read, by operation, and for each operation that writes a play that comes to it.
    """

    known: Mapping[str, Sequence[str]]
    reading: Mapping[str, Request]
    writing: Mapping[str, Callable[[Play], None]]


def played(client: httpx.Client, document: Document, code: str) -> Program:
    """Sends every request of every play."""
    writes = {name for name, (method, _, _) in operations_of(document) if method != "GET"}
    known: dict[str, set[str]] = {}
    reading: dict[str, Request] = {}
    writing: dict[str, Callable[[Play], None]] = {}
    for play in plays():
        api = Play(client, document, code)
        play(api)
        for name, values in api.known.items():
            known.setdefault(name, set()).update(values)
        reading |= api.read
        writing |= {name: play for name in api.sent if name in writes and name not in writing}
    return Program({name: sorted(values) for name, values in known.items()}, reading, writing)


def accepted(
    client: httpx.Client, document: Document, code: str, program: Program
) -> dict[str, Request]:
    """By operation, a request that is accepted; those that write, about things of their own."""

    def before(name: str) -> Request:
        try:
            program.writing[name](Play(client, document, code, until=name))
        except Reached as reached:
            return reached.request
        raise AssertionError(name)

    # Together, as commands of several are written: most of the time each waits for the disk.
    with ThreadPoolExecutor(8) as together:
        requests = together.map(before, program.writing)
        return {**program.reading, **dict(zip(program.writing, requests, strict=True))}
