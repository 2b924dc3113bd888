"""Cycles and hours."""

from core.indicator import Indicator
from plugins.ravie.indicators.professional import over_facts, over_register

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
    dimensions=("theme", "modality", "format", "model"),
    base=over_register(
        """
        select 1 as measure, c.theme, c.modality, c.format, c.model
          from cycles c
         where c.opened_on >= %(start)s and c.opened_on < %(end)s
        """
    ),
    recount=over_facts(
        """
        select 1 as measure, c.theme, c.modality, c.format, c.model
          from cycles c
         where c.opened_on >= %(start)s and c.opened_on < %(end)s
        """
    ),
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
    dimensions=("theme", "modality", "format", "model"),
    base=over_register(
        """
        select 1 as measure, c.theme, c.modality, c.format, c.model
          from cycles c
         where c.state = 'closed' and c.closed_on >= %(start)s and c.closed_on < %(end)s
        """
    ),
    recount=over_facts(
        """
        select 1 as measure, c.theme, c.modality, c.format, c.model
          from cycles c
          join ended e on e.cycle = c.cycle and e.closed
         where e.closed_on >= %(start)s and e.closed_on < %(end)s
        """
    ),
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
    dimensions=("theme", "modality", "format", "model"),
    base=over_register(
        """
        select s.minutes as measure, c.theme, s.modality, c.format, c.model
          from {ravie.attendance_sheet} s
          join cycles c on c.cycle = s.cycle
         where s.minutes > 0 and s.held_on >= %(start)s and s.held_on < %(end)s
        """
    ),
    recount=over_facts(
        """
        select (a.content ->> 'minutes')::integer as measure, c.theme,
               h.content ->> 'modality' as modality, c.format, c.model
          from {facts} a
          join {facts} h on h.stream = a.stream and h.name = 'session.held.v1'
          join cycles c on c.cycle = (a.content ->> 'series')::uuid
         where a.name = 'session.attendance_recorded.v1'
           and (a.content ->> 'minutes')::integer > 0
           and (a.content ->> 'held_on')::date >= %(start)s
           and (a.content ->> 'held_on')::date < %(end)s
        """
    ),
)

CYCLES = (CYCLES_OPENED, CYCLES_CLOSED, HOURS_SIGNED)
