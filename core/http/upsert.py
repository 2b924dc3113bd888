"""
Taking what another software pushes under its own ids, as often as it likes.

    @put("/cycles", opt=needs(...), summary="…")
    async def put_cycle(request: ApiRequest, data: JSONBody[CycleToPut]) -> Upserted:
        return await upsert(request, "ravie.cycle", data, told)

`told` gives, for the id the thing has here and what is recorded of it, the commands that bring it
to what was pushed: the one that opens it, those that change it, or none. The external id is in the
body only: it may be somebody's.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Literal

import msgspec

from core.application import VersionConflict
from core.directory.external import id_of_external
from core.domain.command import Code, Command
from core.domain.correction import CorrectFact, effective
from core.domain.event import Fact, Recorded, Subject, encode_fact
from core.domain.refusal import Refusal
from core.external_ids.linking import link_to
from core.external_ids.permissions import LINK_EXTERNAL_IDS
from core.http.request import ApiRequest

TOLD_AGAIN = "told_again_by_its_source"
"""The reason of a correction that a push makes."""

ExternalId = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=200,
        description="Identifiant dans le logiciel qui transmet.",
        examples=["A-1042"],
    ),
]
Source = Annotated[
    Code,
    msgspec.Meta(description="Le logiciel qui transmet, toujours le même.", examples=["paie"]),
]


class FromElsewhere(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ce que tout envoi dit de sa provenance."""

    source: Source
    external_id: ExternalId


class Upserted(msgspec.Struct, frozen=True, kw_only=True):
    """Ce qu'un envoi a fait, et l'identifiant de la chose ici ; `position` : celle à attendre."""

    id: str
    outcome: Literal["created", "changed", "unchanged"]
    position: int
    facts: list[str]


Told = Callable[[Subject, Sequence[Recorded[Any]]], Awaitable[Sequence[Command]]]
"""From the id and the facts that stand, none when it is new, the commands to execute in order."""


async def upsert(request: ApiRequest, kind: str, pushed: FromElsewhere, told: Told) -> Upserted:
    """
    Executes what it takes; again from the start when somebody else did it in between.

    Raises what `Application.execute` raises, and `NotAllowed` before `told` is asked.
    """
    house, tenant = request.house, request.tenant
    request.user.require(tenant.code, LINK_EXTERNAL_IDS.code)
    thing = await id_of_external(house.vault, tenant, kind, pushed.source, pushed.external_id)
    try:
        return await _once(request, kind, pushed, thing, told)
    except VersionConflict:
        return await _once(request, kind, pushed, thing, told)
    except Refusal as refusal:
        if refusal.refused.code != "already_exists":
            raise
        return await _once(request, kind, pushed, thing, told)


async def standing(request: ApiRequest, stream: str) -> Sequence[Recorded[Any]]:
    """The facts of a stream that stand."""
    store = request.house.store
    history = (await store.load(request.tenant, [stream]))[stream]
    return effective(history, store.registry)


def correction(recorded: Recorded[Any], replacement: Fact) -> list[CorrectFact]:
    """What corrects a fact that is now told otherwise; nothing when it is told the same."""
    if recorded.fact == replacement:
        return []
    return [
        CorrectFact(
            stream=Subject(recorded.stream),
            fact=Subject(recorded.id),
            replacement=msgspec.json.decode(encode_fact(replacement)),
            reason=TOLD_AGAIN,
        )
    ]


async def executed(
    request: ApiRequest, thing: Subject, commands: Sequence[Command], *, known: bool
) -> Upserted:
    """Executes commands in order, and says what they did to a thing that was known or not."""
    done = [
        await request.house.application.execute(
            request.tenant.code,
            command,
            actor=request.user,
            correlation=request.exchange.request_id,
        )
        for command in commands
    ]
    facts = [recorded.id for each in done for recorded in each.facts]
    position = max((each.position for each in done), default=0)
    request.exchange.position = position or None
    return Upserted(
        id=thing,
        outcome=("changed" if known else "created") if facts else "unchanged",
        position=position,
        facts=facts,
    )


async def _once(
    request: ApiRequest, kind: str, pushed: FromElsewhere, thing: Subject, told: Told
) -> Upserted:
    known = await standing(request, thing)
    said = await executed(request, thing, await told(thing, known), known=bool(known))
    link = await link_to(
        request.house.vault, request.tenant, kind, pushed.source, pushed.external_id, thing
    )
    if await standing(request, link.link):
        return said
    linked = await executed(request, thing, [link], known=bool(known))
    return msgspec.structs.replace(
        said, position=linked.position, facts=[*said.facts, *linked.facts]
    )
