"""
What is due in RAVie. The delays are ours (ADR 16): no source sets any.

A session falls to who animates it, the rest to who animates the cycle or carries out the wave.
"""

from core.deadline import Deadline
from plugins.ravie.permissions import READ

_OF_CYCLE = """
          from {ravie.cycle_milestones} m
          join {ravie.cycle_register} c on c.cycle = m.cycle"""

SESSION_TO_HOLD = Deadline(
    kind="ravie.session_to_hold",
    sentence="Tenir la séance et faire émarger, ou dire ce qu'elle est devenue.",
    permission=READ.code,
    reminders=(2,),
    rows="""
        select s.session as subject, null::text as person,
               (s.starts_at at time zone 'Europe/Paris')::date as due_on, s.held_on as done_on,
               s.animateur as assigned, c.structure
          from {ravie.attendance_sheet} s
          join {ravie.cycle_register} c on c.cycle = s.cycle
         where s.state <> 'cancelled'
    """,
)

PRODUCTION_AWAITED = Deadline(
    kind="ravie.production_awaited",
    sentence="Enregistrer la production du groupe : le cycle ne se clôt pas sans elle.",
    permission=READ.code,
    reminders=(7,),
    rows=f"""
        select m.cycle as subject, null::text as person, m.last_session_on as due_on,
               m.production_on as done_on, c.animateur as assigned, c.structure{_OF_CYCLE}
         where m.last_session_on is not null and c.state <> 'interrupted'
    """,
)

CYCLE_TO_CLOSE = Deadline(
    kind="ravie.cycle_to_close",
    sentence="Clore le cycle : sa dernière séance est passée depuis quinze jours.",
    permission=READ.code,
    reminders=(7,),
    rows=f"""
        select m.cycle as subject, null::text as person, m.last_session_on + 15 as due_on,
               c.closed_on as done_on, c.animateur as assigned, c.structure{_OF_CYCLE}
         where m.last_session_on is not null
    """,
)

EFFECTS_TO_MEASURE = Deadline(
    kind="ravie.effects_to_measure",
    sentence="Recueillir ce que les participants répondent après le cycle.",
    permission=READ.code,
    reminders=(7,),
    rows=f"""
        select m.cycle as subject, null::text as person, m.last_session_on + 15 as due_on,
               case when m.answered >= m.enrolled then m.last_answered_on end as done_on,
               c.animateur as assigned, c.structure{_OF_CYCLE}
         where m.last_session_on is not null and m.enrolled > 0
           and not c.project and c.state <> 'interrupted'
    """,
)

WAVE_TO_OPEN = Deadline(
    kind="ravie.wave_to_open",
    sentence="Ouvrir une vague de suivi : le cycle est terminé depuis six mois.",
    permission=READ.code,
    reminders=(30, 7),
    rows=f"""
        select m.cycle as subject, null::text as person,
               (c.closed_on + interval '6 months')::date as due_on, m.first_wave_on as done_on,
               c.animateur as assigned, c.structure{_OF_CYCLE}
         where c.closed_on is not null and not c.project
    """,
)

WAVE_DUE = Deadline(
    kind="ravie.wave_due",
    sentence="Recueillir les dernières réponses de la vague de suivi, puis la clore.",
    permission=READ.code,
    reminders=(15, 3),
    rows="""
        select w.wave as subject, null::text as person, w.due_on, w.closed_on as done_on,
               w.assigned, w.structure
          from {ravie.wave_register} w
    """,
)

ATTESTATIONS_TO_ISSUE = Deadline(
    kind="ravie.attestations_to_issue",
    sentence="Délivrer les attestations : des heures signées n'en ont pas encore.",
    permission=READ.code,
    reminders=(7,),
    rows="""
        with owed as (
          select p.cycle, bool_and(a.attestation is not null) as all_issued,
                 max(a.issued_on) as last_issued_on
            from {ravie.participations} p
            left join {ravie.attestation_register} a
              on a.cycle = p.cycle and a.person = p.person and a.state = 'valid'
           where p.minutes > 0 group by p.cycle
        )
        select c.cycle as subject, null::text as person, c.closed_on + 15 as due_on,
               case when o.all_issued then o.last_issued_on end as done_on,
               c.animateur as assigned, c.structure
          from owed o
          join {ravie.cycle_register} c on c.cycle = o.cycle
         where c.closed_on is not null and not c.project
    """,
)

DEADLINES = (
    SESSION_TO_HOLD,
    PRODUCTION_AWAITED,
    CYCLE_TO_CLOSE,
    EFFECTS_TO_MEASURE,
    WAVE_TO_OPEN,
    WAVE_DUE,
    ATTESTATIONS_TO_ISSUE,
)
