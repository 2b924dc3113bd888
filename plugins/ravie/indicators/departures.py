"""Departures to training: counted on the day of the enrolment, whatever comes of it."""

from core.indicator import Indicator

DEPARTURES_TO_TRAINING = Indicator(
    name="ravie.departures_to_training",
    version=1,
    sentence=(
        "Départs en formation : inscriptions en formation à la date de l'inscription, depuis un "
        "cycle professionnel ou en dehors de tout cycle ; un simple conseil n'y est pas."
    ),
    unit="activity",
    kind="sum",
    scale="inscriptions",
    secrecy="activity",
    dimensions=("training", "origin"),
    base="""
        select 1 as measure, d.training,
               case when d.cycle is null then 'outside' else 'cycle' end as origin
          from {ravie.departures} d
          left join {ravie.cycle_register} c on c.cycle = d.cycle
         where d.enrolled_on >= %(start)s and d.enrolled_on < %(end)s
           and not coalesce(c.project, false)
    """,
    recount="""
        select 1 as measure, e.content ->> 'training' as training,
               case when e.content ->> 'cycle' is null then 'outside' else 'cycle' end as origin
          from {facts} e
         where e.name = 'ravie.training_enrolled.v1'
           and (e.occurred_at at time zone 'Europe/Paris')::date >= %(start)s
           and (e.occurred_at at time zone 'Europe/Paris')::date < %(end)s
           and not exists (
             select from {facts} c
              where c.stream = (e.content ->> 'cycle')::uuid and c.name = 'ravie.cycle_opened.v1'
                and c.content ->> 'kind' = 'project')
    """,
)

TRAININGS_COMPLETED = Indicator(
    name="ravie.trainings_completed",
    version=1,
    sentence=(
        "Formations menées à leur terme, à la date de leur fin, après un départ depuis un cycle "
        "professionnel ou en dehors de tout cycle."
    ),
    unit="activity",
    kind="sum",
    scale="formations",
    secrecy="activity",
    dimensions=("training",),
    base="""
        select 1 as measure, d.training
          from {ravie.departures} d
          left join {ravie.cycle_register} c on c.cycle = d.cycle
         where d.state = 'completed' and d.ended_on >= %(start)s and d.ended_on < %(end)s
           and not coalesce(c.project, false)
    """,
    recount="""
        select 1 as measure, e.content ->> 'training' as training
          from {facts} e
         where e.name = 'ravie.training_completed.v1'
           and (e.occurred_at at time zone 'Europe/Paris')::date >= %(start)s
           and (e.occurred_at at time zone 'Europe/Paris')::date < %(end)s
           and not exists (
             select from {facts} o
               join {facts} c on c.stream = (o.content ->> 'cycle')::uuid
                             and c.name = 'ravie.cycle_opened.v1'
              where o.stream = e.stream and o.name = 'ravie.training_enrolled.v1'
                and c.content ->> 'kind' = 'project')
    """,
)

DEPARTURES = (DEPARTURES_TO_TRAINING, TRAININGS_COMPLETED)
