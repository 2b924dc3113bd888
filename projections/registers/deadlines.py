"""What is due in the registers: what conventions owe, and when they or experimentations end."""

from core.deadline import Deadline
from core.registers.conventions import wiring as conventions
from core.registers.experimentations import wiring as experimentations

DELIVERABLE_DUE = Deadline(
    kind="registers.deliverable_due",
    sentence="Remettre ce qui est dû au titre de la convention, ou dire que l'on y renonce.",
    permission=conventions.READ.code,
    reminders=(30, 7),
    rows="""
        select d.deliverable as subject, null::text as person, d.due_on,
               coalesce(d.delivered_on, d.waived_on) as done_on, null::text as assigned,
               d.by as structure
          from {registers.deliverables} d
    """,
)

CONVENTION_ENDS = Deadline(
    kind="registers.convention_ends",
    sentence="La convention arrive à son terme : la reconduire, la renégocier ou y mettre fin.",
    permission=conventions.READ.code,
    reminders=(90, 30),
    rows="""
        select c.convention as subject, null::text as person, c.ends_on as due_on,
               c.over_on as done_on, null::text as assigned, null::text as structure
          from {registers.convention_register} c
         where c.ends_on is not null
    """,
)

INTERIM_REVIEW = Deadline(
    kind="registers.interim_review",
    sentence="Tenir le bilan intermédiaire de l'expérimentation : chaque critère est à juger.",
    permission=experimentations.READ.code,
    reminders=(30, 7),
    rows="""
        select e.experimentation as subject, null::text as person, e.review_due_on as due_on,
               null::date as done_on, null::text as assigned, e.structure
          from {registers.experimentation_register} e
         where e.review_due_on is not null and e.concluded_on is null
           and jsonb_array_length(e.unreviewed) > 0
    """,
)

EXPERIMENTATION_ENDS = Deadline(
    kind="registers.experimentation_ends",
    sentence="L'expérimentation arrive à son terme : la conclure ou la prolonger.",
    permission=experimentations.READ.code,
    reminders=(90, 30),
    rows="""
        select e.experimentation as subject, null::text as person, e.ends_on as due_on,
               e.concluded_on as done_on, null::text as assigned, e.structure
          from {registers.experimentation_register} e
    """,
)

DEADLINES = (DELIVERABLE_DUE, CONVENTION_ENDS, INTERIM_REVIEW, EXPERIMENTATION_ENDS)
