"""What another software pushes of cycles and of who takes part, under its own ids."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from litestar import put
from litestar.params import JSONBody

from core.directory.external import id_of_external
from core.domain.command import Code, Command, Moment, PersonRef, SubjectId
from core.domain.decider import fold
from core.domain.event import PersonId, Recorded, Subject
from core.external_ids.linking import PERSON_KIND
from core.external_ids.permissions import LINK_EXTERNAL_IDS
from core.http.guard import needs
from core.http.request import ApiRequest
from core.http.upsert import (
    ExternalId,
    FromElsewhere,
    Source,
    Upserted,
    correction,
    executed,
    standing,
    upsert,
)
from core.session.vocabulary import Modality
from plugins.ravie.api.body import Body
from plugins.ravie.cycle.commands import (
    EnrolParticipant,
    OpenCycle,
    Places,
    SessionMinutes,
    Sessions,
    WithdrawParticipant,
)
from plugins.ravie.cycle.events import CycleOpened, ParticipantEnrolled, ParticipantQueued
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.permissions import ENROL, OPEN_CYCLES
from plugins.ravie.vocabulary import CycleKind, Role, WithdrawalReason

CYCLE_KIND = "ravie.cycle"
"""Under which ids of cycles are made; the import of files makes the same."""

_SHAPE = (
    "theme",
    "kind",
    "sessions",
    "session_minutes",
    "capacity_min",
    "capacity_max",
    "modality",
)


class CyclePushed(FromElsewhere, frozen=True, kw_only=True):
    """Un cycle ; ce qui n'est pas dit est comme réglé, ou reste comme c'était."""

    theme: Annotated[Code, msgspec.Meta(examples=["fin_de_vie"])]
    kind: CycleKind | None = None
    sessions: Sessions | None = None
    session_minutes: SessionMinutes | None = None
    capacity_min: Places | None = None
    capacity_max: Places | None = None
    modality: Modality | None = None
    occurred_at: Moment | None = None


class ParticipantPushed(Body, frozen=True, kw_only=True):
    """Qui participe à quel cycle, par les identifiants de la source ; `left` : pourquoi plus."""

    source: Source
    cycle: ExternalId
    participant: ExternalId
    role: Role
    left: WithdrawalReason | None = None


@put("/cycles", opt=needs(OPEN_CYCLES.code), summary="Transmettre un cycle")
async def put_cycle(request: ApiRequest, data: JSONBody[CyclePushed]) -> Upserted:
    """Ouvert la première fois, corrigé quand il est dit autrement, laissé tel quel sinon."""
    said = {name: value for name in _SHAPE if (value := getattr(data, name)) is not None}

    async def told(cycle: Subject, known: Sequence[Recorded[Any]]) -> Sequence[Command]:
        if not known:
            return [OpenCycle(cycle=SubjectId(cycle), occurred_at=data.occurred_at, **said)]
        opened = known[0]
        assert isinstance(opened.fact, CycleOpened)  # noqa: S101 - what a cycle begins with
        return correction(opened, msgspec.structs.replace(opened.fact, **said))

    return await upsert(request, CYCLE_KIND, data, told)


@put("/participants", opt=needs(ENROL.code), summary="Transmettre une inscription")
async def put_participant(request: ApiRequest, data: JSONBody[ParticipantPushed]) -> Upserted:
    """Inscrit, change de rôle ou désinscrit ; la personne et le cycle ont été transmis avant."""
    vault, tenant = request.house.vault, request.tenant
    request.user.require(tenant.code, LINK_EXTERNAL_IDS.code)
    cycle = await id_of_external(vault, tenant, CYCLE_KIND, data.source, data.cycle)
    person = PersonId(
        await id_of_external(vault, tenant, PERSON_KIND, data.source, data.participant)
    )
    facts = await standing(request, cycle)
    state = fold(CYCLE, facts) if facts else None
    takes_part = state is not None and (person in state.enrolled or person in state.waiting)
    commands: list[Command] = []
    if data.left is None and not takes_part:
        commands.append(
            EnrolParticipant(
                cycle=SubjectId(cycle),
                person=PersonRef(person),
                role=data.role,
                occurred_at=data.occurred_at,
            )
        )
    elif data.left is not None and takes_part:
        commands.append(
            WithdrawParticipant(
                cycle=SubjectId(cycle),
                person=PersonRef(person),
                reason=data.left,
                occurred_at=data.occurred_at,
            )
        )
    elif takes_part:
        commands += _other_role(facts, person, data.role)
    return await executed(
        request, cycle, commands, known=state is not None and state.role_of(person) is not None
    )


def _other_role(facts: Sequence[Recorded[Any]], person: PersonId, role: Role) -> Sequence[Command]:
    """The correction of the latest enrolment, when the role is told otherwise."""
    for recorded in reversed(facts):
        fact = recorded.fact
        if isinstance(fact, ParticipantEnrolled | ParticipantQueued) and fact.person == person:
            return correction(recorded, msgspec.structs.replace(fact, role=role))
    return []


ROUTES = (put_cycle, put_participant)
