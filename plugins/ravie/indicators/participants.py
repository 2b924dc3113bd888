"""The people who sign, each counted once, under the id that was kept when two were merged."""

from core.indicator import Indicator
from core.registers.people.counting import WITH_KEPT_IN_FACTS

_SIGNED = """
        with signed as (
          select coalesce(k.kept, l.person) as person, l.role, s.held_on
            from {ravie.attendance_sheet} s
            join {ravie.cycle_register} c on c.cycle = s.cycle
           cross join lateral jsonb_to_recordset(s.lines)
              as l (person text, role text, minutes integer)
            left join {registers.persons} k on k.person = l.person
           where not c.project and l.minutes > 0
        )"""

_SIGNED_FACTS = """, signed as (
          select coalesce(k.kept, a.person::text) as person, a.content ->> 'profile' as role,
                 (a.content ->> 'held_on')::date as held_on
            from {facts} a
            join {facts} c on c.stream = (a.content ->> 'series')::uuid
                            and c.name = 'ravie.cycle_opened.v1'
            left join kept k on k.person = a.person::text
           where a.name = 'session.attendance_recorded.v1' and c.content ->> 'kind' = 'professional'
             and (a.content ->> 'minutes')::integer > 0
        )"""

_PEOPLE = """
        select s.person as measure, s.role
          from signed s
          join (select person, min(held_on) as first_on from signed group by person) f
            on f.person = s.person
         where s.held_on >= %(start)s and s.held_on < %(end)s"""

NEW_PARTICIPANTS = Indicator(
    name="ravie.new_participants",
    version=1,
    sentence=(
        "Personnes dont la toute première signature, hors cycles de projet, "
        "tombe dans la période ; chacune compte une fois."
    ),
    unit="person",
    kind="distinct",
    scale="personnes",
    secrecy="people",
    dimensions=("role",),
    base=_SIGNED + _PEOPLE + " and f.first_on >= %(start)s",
    recount=WITH_KEPT_IN_FACTS + _SIGNED_FACTS + _PEOPLE + " and f.first_on >= %(start)s",
)

REGULAR_PARTICIPANTS = Indicator(
    name="ravie.regular_participants",
    version=1,
    sentence=(
        "Personnes qui ont signé pendant la période et déjà signé avant elle, "
        "hors cycles de projet ; chacune compte une fois."
    ),
    unit="person",
    kind="distinct",
    scale="personnes",
    secrecy="people",
    dimensions=("role",),
    base=_SIGNED + _PEOPLE + " and f.first_on < %(start)s",
    recount=WITH_KEPT_IN_FACTS + _SIGNED_FACTS + _PEOPLE + " and f.first_on < %(start)s",
)

_SHARE = """
        select case when f.first_on < %(start)s then 1 else 0 end as numerator,
               1 as denominator, s.role
          from (select person, min(role) as role from signed
                 where held_on >= %(start)s and held_on < %(end)s group by person) s
          join (select person, min(held_on) as first_on from signed group by person) f
            on f.person = s.person"""

SHARE_OF_REGULARS = Indicator(
    name="ravie.share_of_regulars",
    version=1,
    sentence=(
        "Part des habitués parmi les personnes qui ont signé pendant la période, hors cycles de "
        "projet ; chacune compte une fois, sous un seul de ses rôles."
    ),
    unit="person",
    kind="ratio",
    scale="personnes",
    secrecy="people",
    dimensions=("role",),
    base=_SIGNED + _SHARE,
    recount=WITH_KEPT_IN_FACTS + _SIGNED_FACTS + _SHARE,
)

PARTICIPANTS = (NEW_PARTICIPANTS, REGULAR_PARTICIPANTS, SHARE_OF_REGULARS)
