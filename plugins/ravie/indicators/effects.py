"""What was asked of participants, and how many answered."""

from core.indicator import Indicator

MEASURED_BEFORE_AND_AFTER = Indicator(
    name="ravie.measured_before_and_after",
    version=1,
    sentence=(
        "Part des participants ayant signé au moins une fois qui ont répondu avant et après à la "
        "même version du questionnaire, sur les cycles clos pendant la période, hors cycles de "
        "projet ; une personne compte une fois par cycle."
    ),
    unit="person",
    kind="ratio",
    scale="participations",
    secrecy="people",
    dimensions=("theme",),
    base="""
        select case when exists (
                 select from {ravie.evaluations} b
                   join {ravie.evaluations} a
                     on a.series = b.series and a.person = b.person
                    and a.instrument = b.instrument
                    and a.instrument_version = b.instrument_version
                  where b.series = p.cycle and b.person = p.person
                    and b.instrument = 'ravie.effets'
                    and b.occasion = 'before' and a.occasion = 'after'
               ) then 1 else 0 end as numerator,
               1 as denominator, c.theme
          from {ravie.cycle_register} c
          join {ravie.participations} p on p.cycle = c.cycle and p.minutes > 0
         where not c.project and c.state = 'closed'
           and c.closed_on >= %(start)s and c.closed_on < %(end)s
    """,
    recount="""
        with signed as (
          select distinct a.content ->> 'series' as cycle, a.content ->> 'person' as person
            from {facts} a
           where a.name = 'session.attendance_recorded.v1'
             and (a.content ->> 'minutes')::integer > 0
        ), enrolled as (
          select distinct e.stream::text as cycle, e.content ->> 'person' as person
            from {facts} e
           where e.name in ('ravie.participant_enrolled.v1', 'ravie.participant_queued.v1')
        ), answered as (
          select e.content ->> 'series' as cycle, e.content ->> 'person' as person,
                 e.content ->> 'occasion' as moment, e.content ->> 'instrument_version' as version
            from {facts} e
           where e.name = 'evaluation.recorded.v1' and e.content ->> 'instrument' = 'ravie.effets'
        )
        select case when exists (
                 select from answered b join answered a
                     on (a.cycle, a.person, a.version) = (b.cycle, b.person, b.version)
                  where b.cycle = s.cycle and b.person = s.person
                    and b.moment = 'before' and a.moment = 'after'
               ) then 1 else 0 end as numerator,
               1 as denominator, o.content ->> 'theme' as theme
          from signed s
          join enrolled n on (n.cycle, n.person) = (s.cycle, s.person)
          join {facts} o on o.stream = s.cycle::uuid and o.name = 'ravie.cycle_opened.v1'
                        and o.content ->> 'kind' = 'professional'
          join {facts} e on e.stream = s.cycle::uuid and e.name = 'ravie.cycle_closed.v1'
         where (e.occurred_at at time zone 'Europe/Paris')::date >= %(start)s
           and (e.occurred_at at time zone 'Europe/Paris')::date < %(end)s
    """,
)

FOLLOW_UP_RESPONSES = Indicator(
    name="ravie.follow_up_responses",
    version=1,
    sentence=(
        "Taux de réponse aux vagues de suivi : personnes qui ont répondu, sur les personnes "
        "interrogées pendant la période, qu'elles aient décliné, été injoignables ou rien dit."
    ),
    unit="person",
    kind="ratio",
    scale="demandes",
    secrecy="people",
    dimensions=("months",),
    base="""
        select case when a.outcome = 'answered' then 1 else 0 end as numerator,
               1 as denominator, w.months
          from {ravie.wave_register} w
         cross join lateral jsonb_to_recordset(w.people) as a (asked_on date, outcome text)
         where a.asked_on >= %(start)s and a.asked_on < %(end)s
    """,
    recount="""
        select case when exists (
                 select from {facts} e
                  where e.name = 'evaluation.recorded.v1'
                    and e.content ->> 'series' = a.stream::text
                    and e.content ->> 'person' = a.content ->> 'person'
               ) then 1 else 0 end as numerator,
               1 as denominator, (w.content ->> 'months')::integer as months
          from {facts} a
          join {facts} w on w.stream = a.stream and w.name = 'ravie.wave_opened.v1'
         where a.name = 'ravie.wave_person_asked.v1'
           and (a.occurred_at at time zone 'Europe/Paris')::date >= %(start)s
           and (a.occurred_at at time zone 'Europe/Paris')::date < %(end)s
    """,
)

EFFECTS = (MEASURED_BEFORE_AND_AFTER, FOLLOW_UP_RESPONSES)
