"""
The cycles that figures are about, in the same words: never a project cycle.

`format` is what the sessions held were, taken together, and what was announced until one is held;
`model` the model and version a cycle is under, nothing outside of any.
"""

_REGISTER = """
        with cycles as (
          select c.cycle, c.theme, c.modality, c.format, c.relais, c.state, c.opened_on,
                 c.closed_on, c.enrolled, c.capacity_max, c.animateur_training,
                 c.model || '.v' || c.model_version as model
            from {ravie.cycle_register} c
           where not c.project
        )"""

_FACTS = """
        with cycles as (
          select c.stream as cycle, c.content ->> 'theme' as theme,
                 c.content ->> 'modality' as modality, c.content ->> 'relais' as relais,
                 (c.content ->> 'capacity_max')::integer as capacity_max,
                 c.content ->> 'animateur_training' as animateur_training,
                 (c.occurred_at at time zone 'Europe/Paris')::date as opened_on,
                 (c.content ->> 'model') || '.v' || (c.content ->> 'model_version') as model,
                 coalesce(f.format, c.content ->> 'modality') as format
            from {facts} c
            left join (
              select h.content ->> 'series' as series,
                     case when count(distinct h.content ->> 'modality') = 1
                          then min(h.content ->> 'modality') else 'mixed' end as format
                from {facts} h
               where h.name = 'session.held.v1'
               group by 1) f on f.series = c.stream::text
           where c.name = 'ravie.cycle_opened.v1' and c.content ->> 'kind' = 'professional'
        ), ended as (
          select e.stream as cycle, e.name = 'ravie.cycle_closed.v1' as closed,
                 (e.occurred_at at time zone 'Europe/Paris')::date as closed_on
            from {facts} e
           where e.name in ('ravie.cycle_closed.v1', 'ravie.cycle_interrupted.v1')
        ), seats as (
          select distinct on (s.stream, s.person)
                 s.stream as cycle, s.person, s.name = 'ravie.participant_enrolled.v1' as enrolled,
                 s.content ->> 'role' as role,
                 (s.content ->> 'min_minutes')::integer as min_minutes
            from {facts} s
           where s.name in ('ravie.participant_enrolled.v1', 'ravie.participant_queued.v1',
                            'ravie.participant_withdrawn.v1')
           order by s.stream, s.person, s.position desc
        )"""


def over_register(query: str) -> str:
    """A query over `cycles`, the professional ones of the register."""
    return _REGISTER + query


def over_facts(query: str) -> str:
    """
    A query over the same `cycles` from the facts alone.

    `ended` says when each was closed or interrupted, `seats` what was last said of each person.
    """
    return _FACTS + query
