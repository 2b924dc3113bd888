"""A person's way through RAVie; and, cycle by cycle, who is new in it and who comes back."""

import msgspec
from litestar import get
from psycopg import sql

from core.access import journal
from core.http.guard import needs
from core.http.paging import AtLeast
from core.http.problem import NotFound
from core.http.request import ApiRequest, PathId, PathPerson
from core.http.times import AsOf, KnownAt
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.permissions import READ, READ_PARTICIPANTS
from plugins.ravie.projections.cycle_register import CYCLE_REGISTER
from plugins.ravie.projections.participant_record import PARTICIPANT_RECORD
from plugins.ravie.projections.participant_view import ParticipantView, shown
from plugins.ravie.projections.participations import PARTICIPATIONS
from projections.reading import reading
from projections.records import record


class Newcomers(msgspec.Struct, frozen=True, kw_only=True):
    """
    Combien de personnes d'un cycle y sont nouvelles, combien reviennent.

    Habituée : elle avait déjà signé dans un autre cycle professionnel avant de signer dans
    celui-ci. Qui n'a rien signé n'est ni l'une ni l'autre.
    """

    cycle: str
    new: int
    regular: int
    unsigned: int


@get(
    "/participants/{person:str}",
    opt=needs(READ_PARTICIPANTS.code),
    summary="Le parcours d'une personne",
)
async def read_participant(
    request: ApiRequest,
    person: PathPerson,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> ParticipantView:
    row = await record(
        request, PARTICIPANT_RECORD, person, at_least=at_least, as_of=as_of, known_at=known_at
    )
    position = request.exchange.position
    async with reading(request, CYCLE_REGISTER, at_least=at_least) as models:
        await journal.record(models.connection, models.tenant, request.reading, [person])
        query = sql.SQL("select cycle from {} where project and cycle = any(%s)").format(
            sql.Identifier(models.tenant.read_schema, CYCLE_REGISTER.table)
        )
        cycles = [one.cycle for one in row.cycles]
        found = await (await models.connection.execute(query, (cycles,))).fetchall()
    request.exchange.position = position
    return shown(row, {cycle for (cycle,) in found})


@get(
    "/cycles/{cycle:str}/newcomers",
    opt=needs(READ.code, related=CYCLE, by="cycle"),
    summary="Combien sont nouveaux dans un cycle, combien reviennent",
)
async def read_newcomers(request: ApiRequest, cycle: PathId, at_least: AtLeast = None) -> Newcomers:
    async with reading(request, PARTICIPATIONS, CYCLE_REGISTER, at_least=at_least) as models:
        if await models.one(CYCLE_REGISTER, cycle) is None:
            raise NotFound
        schema = models.tenant.read_schema
        query = sql.SQL(
            """select count(*) filter (where own.first_signed_on is not null and not came_before),
                      count(*) filter (where own.first_signed_on is not null and came_before),
                      count(*) filter (where own.first_signed_on is null)
                 from {participations} own
                cross join lateral (
                  select exists (
                    select from {participations} p
                      join {cycles} c on c.cycle = p.cycle and not c.project
                     where p.person = own.person and p.first_signed_on < own.first_signed_on
                  ) as came_before
                ) as other
                where own.cycle = %s"""
        ).format(
            participations=sql.Identifier(schema, PARTICIPATIONS.table),
            cycles=sql.Identifier(schema, CYCLE_REGISTER.table),
        )
        line = await (await models.connection.execute(query, (cycle,))).fetchone()
    new, regular, unsigned = line or (0, 0, 0)
    return Newcomers(cycle=cycle, new=new, regular=regular, unsigned=unsigned)


ROUTES = (read_participant, read_newcomers)
