"""The figures of notebooks. `base` rests on read models, `recount` on the facts alone."""

from core.indicator import Indicator

NOTEBOOKS_OPENED = Indicator(
    name="carnet.notebooks_opened",
    version=1,
    sentence="Nombre de carnets ouverts pendant la période.",
    unit="activity",
    kind="sum",
    scale="carnets",
    secrecy="activity",
    base="""
        select 1 as measure
          from {carnet.notebook_register} n
         where (n.opened_at at time zone 'Europe/Paris')::date >= %(start)s
           and (n.opened_at at time zone 'Europe/Paris')::date < %(end)s
    """,
    recount="""
        select 1 as measure
          from {facts} f
         where f.name = 'carnet.notebook_opened.v1'
           and (f.occurred_at at time zone 'Europe/Paris')::date >= %(start)s
           and (f.occurred_at at time zone 'Europe/Paris')::date < %(end)s
    """,
)

INDICATORS = (NOTEBOOKS_OPENED,)
