"""
Running a command for a request, and what is answered.

    @post("/cycles", opt=needs("ravie.cycle.open"), summary="Ouvrir un cycle")
    async def open_cycle(request: ApiRequest, data: JSONBody[CycleToOpen]) -> Written:
        cycle = await new_id(request)
        return await run(request, OpenCycle(cycle=cycle, theme=data.theme, ...))
"""

from datetime import datetime

import msgspec

from core.application import Done
from core.domain.command import Command
from core.domain.correction import AnnulFact, CorrectFact
from core.http.conditional import seen, tag
from core.http.problem import FieldError, Malformed
from core.http.request import ApiRequest

KEY_HEADER = "Idempotency-Key"
KEY_LIMIT = 255


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """
    Ce qui a été écrit.

    `position` est celle qu'une lecture peut attendre (`at_least`), 0 quand il n'y avait rien à
    écrire ; `repeated` : la même clé l'avait déjà fait.
    """

    id: str | None
    position: int
    recorded_at: datetime | None
    facts: list[str]
    repeated: bool


async def run(request: ApiRequest, command: Command) -> Written:
    """
    Executes a command as `execute` does, and says what it did.

    `id` of the answer is the stream of the first fact: the thing that was made or changed.
    """
    done = await execute(request, command)
    return Written(
        id=done.facts[0].stream if done.facts else None,
        position=done.position,
        recorded_at=done.recorded_at,
        facts=[recorded.id for recorded in done.facts],
        repeated=done.repeated,
    )


async def execute(request: ApiRequest, command: Command) -> Done:
    """
    Executes a command for who asks, under the request's `Idempotency-Key` when it has one.

    With `If-Match`, only if the command's stream is as its sender has seen it; raises
    `StaleVersion`. The new version of that stream goes into the answer's `ETag`. For routes whose
    answer says more than `Written`.
    """
    house, exchange = request.house, request.exchange
    stream = _stream_of(request, command)
    precondition = seen(request.headers, stream)
    done = await house.application.execute(
        request.tenant.code,
        command,
        actor=request.user,
        idempotency_key=idempotency_key(request),
        expected_version=None if precondition is None else precondition.version,
        must_exist=precondition is not None,
        correlation=exchange.request_id,
    )
    exchange.position = done.position or None
    versions = [recorded.version for recorded in done.facts if recorded.stream == stream]
    exchange.etag = tag((stream, max(versions))) if versions else None
    return done


def _stream_of(request: ApiRequest, command: Command) -> str:
    if isinstance(command, AnnulFact | CorrectFact):
        return command.stream
    field = request.house.catalogue.decision_for(type(command)).stream
    stream: str = getattr(command, field)
    return stream


async def new_id(request: ApiRequest) -> str:
    """
    An id for what the request makes.

    Under an `Idempotency-Key` the same request is given the same ids again, in the order in which
    its handler asks for them: what it opens, it opens once.
    """
    key, exchange = idempotency_key(request), request.exchange
    if key is None:
        return request.house.application.new_id()
    exchange.ids += 1
    return await request.house.vault.id_for(request.tenant, request.user.id, key, str(exchange.ids))


def idempotency_key(request: ApiRequest) -> str | None:
    """The caller's key, None without one; raises `Malformed`."""
    key = request.headers.get(KEY_HEADER)
    if key is not None and not 0 < len(key) <= KEY_LIMIT:
        error = FieldError("length", f"De 1 à {KEY_LIMIT} caractères.", KEY_HEADER)
        raise Malformed([error])
    return key
