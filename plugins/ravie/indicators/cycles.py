"""Cycles and hours."""

from core.indicator import Indicator

CYCLES_OPENED = Indicator(
    name="ravie.cycles_opened",
    version=1,
    sentence=(
        "Nombre de cycles RAVie ouverts pendant la période, "
        "hors cycles de projet, à la date de leur ouverture."
    ),
    unit="activity",
    kind="sum",
    scale="cycles",
    secrecy="activity",
    dimensions=("theme", "modality"),
    base="""
        select 1 as measure, c.theme, c.modality
          from {ravie.cycle_register} c
         where not c.project and c.opened_on >= %(start)s and c.opened_on < %(end)s
    """,
    recount="""
        select 1 as measure, c.content ->> 'theme' as theme, c.content ->> 'modality' as modality
          from {facts} c
         where c.name = 'ravie.cycle_opened.v1' and c.content ->> 'kind' = 'professional'
           and (c.occurred_at at time zone 'Europe/Paris')::date >= %(start)s
           and (c.occurred_at at time zone 'Europe/Paris')::date < %(end)s
    """,
)

CYCLES_CLOSED = Indicator(
    name="ravie.cycles_closed",
    version=1,
    sentence=(
        "Nombre de cycles RAVie menés à leur terme (production remise) et clos pendant la "
        "période, hors cycles de projet ; un cycle interrompu n'y est pas."
    ),
    unit="activity",
    kind="sum",
    scale="cycles",
    secrecy="activity",
    dimensions=("theme", "modality"),
    base="""
        select 1 as measure, c.theme, c.modality
          from {ravie.cycle_register} c
         where not c.project and c.state = 'closed'
           and c.closed_on >= %(start)s and c.closed_on < %(end)s
    """,
    recount="""
        select 1 as measure, c.content ->> 'theme' as theme, c.content ->> 'modality' as modality
          from {facts} c
          join {facts} e on e.stream = c.stream and e.name = 'ravie.cycle_closed.v1'
         where c.name = 'ravie.cycle_opened.v1' and c.content ->> 'kind' = 'professional'
           and (e.occurred_at at time zone 'Europe/Paris')::date >= %(start)s
           and (e.occurred_at at time zone 'Europe/Paris')::date < %(end)s
    """,
)

HOURS_SIGNED = Indicator(
    name="ravie.hours_signed",
    version=1,
    sentence=(
        "Heures réellement signées par les participants, hors cycles de projet, "
        "à la date de chaque séance ; en minutes, sans arrondi."
    ),
    unit="activity",
    kind="sum",
    scale="minutes",
    secrecy="activity",
    dimensions=("theme", "modality"),
    base="""
        select s.minutes as measure, c.theme, s.modality
          from {ravie.attendance_sheet} s
          join {ravie.cycle_register} c on c.cycle = s.cycle
         where not c.project and s.minutes > 0
           and s.held_on >= %(start)s and s.held_on < %(end)s
    """,
    recount="""
        select (a.content ->> 'minutes')::integer as measure,
               c.content ->> 'theme' as theme, h.content ->> 'modality' as modality
          from {facts} a
          join {facts} h on h.stream = a.stream and h.name = 'session.held.v1'
          join {facts} c on c.stream = (a.content ->> 'series')::uuid
                          and c.name = 'ravie.cycle_opened.v1'
         where a.name = 'session.attendance_recorded.v1' and c.content ->> 'kind' = 'professional'
           and (a.content ->> 'minutes')::integer > 0
           and (a.content ->> 'held_on')::date >= %(start)s
           and (a.content ->> 'held_on')::date < %(end)s
    """,
)

CYCLES = (CYCLES_OPENED, CYCLES_CLOSED, HOURS_SIGNED)
