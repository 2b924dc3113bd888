"""The relais of a territory, and the structures that take part in them."""

from core.indicator import Indicator
from plugins.ravie.indicators.professional import over_facts, over_register

RELAIS_OPEN = Indicator(
    name="ravie.relais_open",
    version=1,
    sentence=(
        "Nombre de relais ouverts au moins un jour de la période, suspendus compris ; "
        "le jour de sa clôture compte encore."
    ),
    unit="structure",
    kind="distinct",
    scale="relais",
    secrecy="activity",
    base="""
        select r.relais as measure
          from {ravie.relais_register} r
         where r.opened_on < %(end)s and (r.closed_on is null or r.closed_on >= %(start)s)
    """,
    recount="""
        select o.stream as measure
          from {facts} o
          left join {facts} c on c.stream = o.stream and c.name = 'ravie.relais_closed.v1'
         where o.name = 'ravie.relais_opened.v1'
           and (o.occurred_at at time zone 'Europe/Paris')::date < %(end)s
           and (c.id is null or (c.occurred_at at time zone 'Europe/Paris')::date >= %(start)s)
    """,
)

RELAIS_ACTIVE = Indicator(
    name="ravie.relais_active",
    version=1,
    sentence=(
        "Nombre de relais dont au moins un cycle a tenu une séance pendant la période, "
        "hors cycles de projet."
    ),
    unit="structure",
    kind="distinct",
    scale="relais",
    secrecy="activity",
    base=over_register(
        """
        select c.relais as measure
          from {ravie.attendance_sheet} s
          join cycles c on c.cycle = s.cycle
         where c.relais is not null and s.held_on >= %(start)s and s.held_on < %(end)s
        """
    ),
    recount=over_facts(
        """
        select c.relais as measure
          from {facts} h
          join cycles c on c.cycle = (h.content ->> 'series')::uuid
         where h.name = 'session.held.v1' and c.relais is not null
           and ((h.content ->> 'started_at')::timestamptz
                at time zone 'Europe/Paris')::date >= %(start)s
           and ((h.content ->> 'started_at')::timestamptz
                at time zone 'Europe/Paris')::date < %(end)s
        """
    ),
)

PARTNERS = Indicator(
    name="ravie.partners",
    version=1,
    sentence=(
        "Nombre de structures partenaires d'un relais au moins un jour de la période ; "
        "une structure partenaire de plusieurs relais compte une fois."
    ),
    unit="structure",
    kind="distinct",
    scale="structures",
    secrecy="activity",
    dimensions=("role",),
    base="""
        select p.structure as measure, p.role
          from {ravie.relais_register} r
         cross join lateral jsonb_to_recordset(r.parts)
            as p (structure text, role text, since date, until date)
         where p.since < %(end)s
           and coalesce(p.until, r.closed_on, %(start)s) >= %(start)s
    """,
    recount="""
        select a.content ->> 'structure' as measure, a.content ->> 'role' as role
          from {facts} a
          left join lateral (
            select l.occurred_at from {facts} l
             where l.stream = a.stream and l.position > a.position
               and (l.name = 'ravie.relais_closed.v1'
                    or (l.name = 'ravie.partner_left.v1'
                        and l.content ->> 'structure' = a.content ->> 'structure'
                        and l.content ->> 'role' = a.content ->> 'role'))
             order by l.position limit 1) u on true
         where a.name = 'ravie.partner_attached.v1'
           and (a.occurred_at at time zone 'Europe/Paris')::date < %(end)s
           and (u.occurred_at is null
                or (u.occurred_at at time zone 'Europe/Paris')::date >= %(start)s)
    """,
)

RELAIS = (RELAIS_OPEN, RELAIS_ACTIVE, PARTNERS)
