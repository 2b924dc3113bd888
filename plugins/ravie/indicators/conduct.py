"""How cycles go: who completes them, how full they are, what becomes of their sessions."""

from core.indicator import Indicator
from plugins.ravie.indicators.professional import over_facts, over_register

COMPLETION_RATE = Indicator(
    name="ravie.completion_rate",
    version=1,
    sentence=(
        "Part des participants inscrits jusqu'au bout qui ont signé toutes les heures demandées, "
        "dans les cycles clos ou interrompus pendant la période, hors cycles de projet ; "
        "une personne compte autant de fois que de cycles."
    ),
    unit="person",
    kind="ratio",
    scale="participations complètes sur participations",
    secrecy="people",
    dimensions=("role", "theme", "format", "model"),
    base=over_register(
        """
        select p.complete::integer as numerator, 1 as denominator,
               p.role, c.theme, c.format, c.model
          from {ravie.participations} p
          join cycles c on c.cycle = p.cycle
         where p.state = 'enrolled' and c.state in ('closed', 'interrupted')
           and c.closed_on >= %(start)s and c.closed_on < %(end)s
        """
    ),
    recount=over_facts(
        """
        select (coalesce(
                  (select sum((a.content ->> 'minutes')::integer) from {facts} a
                    where a.name = 'session.attendance_recorded.v1' and a.person = s.person
                      and (a.content ->> 'series')::uuid = s.cycle), 0) >= s.min_minutes
               )::integer as numerator,
               1 as denominator, s.role, c.theme, c.format, c.model
          from seats s
          join cycles c on c.cycle = s.cycle
          join ended e on e.cycle = s.cycle
         where s.enrolled and e.closed_on >= %(start)s and e.closed_on < %(end)s
        """
    ),
)

FILL_RATE = Indicator(
    name="ravie.fill_rate",
    version=1,
    sentence=(
        "Inscrits rapportés aux places, pour les cycles ouverts pendant la période, "
        "hors cycles de projet ; qui attend ou s'est retiré n'est pas compté."
    ),
    unit="activity",
    kind="ratio",
    scale="inscrits sur places",
    secrecy="activity",
    dimensions=("theme", "format", "model"),
    base=over_register(
        """
        select c.enrolled as numerator, c.capacity_max as denominator, c.theme, c.format, c.model
          from cycles c
         where c.opened_on >= %(start)s and c.opened_on < %(end)s
        """
    ),
    recount=over_facts(
        """
        select (select count(*) from seats s where s.cycle = c.cycle and s.enrolled) as numerator,
               c.capacity_max as denominator, c.theme, c.format, c.model
          from cycles c
         where c.opened_on >= %(start)s and c.opened_on < %(end)s
        """
    ),
)

SESSIONS_HELD_RATE = Indicator(
    name="ravie.sessions_held_rate",
    version=1,
    sentence=(
        "Séances tenues rapportées aux séances prévues pendant la période, à leur dernière date "
        "prévue, hors cycles de projet ; une séance annulée reste une séance prévue."
    ),
    unit="activity",
    kind="ratio",
    scale="séances tenues sur séances prévues",
    secrecy="activity",
    dimensions=("theme", "modality", "model"),
    base=over_register(
        """
        select (s.state = 'held')::integer as numerator, 1 as denominator,
               c.theme, s.modality, c.model
          from {ravie.attendance_sheet} s
          join cycles c on c.cycle = s.cycle
         where (s.starts_at at time zone 'Europe/Paris')::date >= %(start)s
           and (s.starts_at at time zone 'Europe/Paris')::date < %(end)s
        """
    ),
    recount=over_facts(
        """
        , moves as (
          select r.stream, r.position, r.content ->> 'starts_at' as starts_at,
                 r.content ->> 'modality' as modality
            from {facts} r
           where r.name = 'session.rescheduled.v1'
        )
        select (h.id is not null)::integer as numerator, 1 as denominator, c.theme,
               coalesce(h.content ->> 'modality', o.modality, p.content ->> 'modality')
                 as modality,
               c.model
          from {facts} p
          join cycles c on c.cycle = (p.content ->> 'series')::uuid
          left join {facts} h on h.stream = p.stream and h.name = 'session.held.v1'
          left join lateral (
            select m.starts_at from moves m where m.stream = p.stream
             order by m.position desc limit 1) m on true
          left join lateral (
            select m.modality from moves m where m.stream = p.stream and m.modality is not null
             order by m.position desc limit 1) o on true
         where p.name = 'session.planned.v1' and p.content ->> 'module' = 'ravie'
           and (coalesce(m.starts_at, p.content ->> 'starts_at')::timestamptz
                at time zone 'Europe/Paris')::date >= %(start)s
           and (coalesce(m.starts_at, p.content ->> 'starts_at')::timestamptz
                at time zone 'Europe/Paris')::date < %(end)s
        """
    ),
)

REMOTE_SHARE = Indicator(
    name="ravie.remote_share",
    version=1,
    sentence=(
        "Part des séances tenues entièrement à distance, parmi les séances tenues pendant la "
        "période, hors cycles de projet ; une séance mixte n'est pas à distance."
    ),
    unit="activity",
    kind="ratio",
    scale="séances à distance sur séances tenues",
    secrecy="activity",
    dimensions=("theme", "model"),
    base=over_register(
        """
        select (s.modality = 'remote')::integer as numerator, 1 as denominator, c.theme, c.model
          from {ravie.attendance_sheet} s
          join cycles c on c.cycle = s.cycle
         where s.held_on >= %(start)s and s.held_on < %(end)s
        """
    ),
    recount=over_facts(
        """
        select (h.content ->> 'modality' = 'remote')::integer as numerator, 1 as denominator,
               c.theme, c.model
          from {facts} h
          join cycles c on c.cycle = (h.content ->> 'series')::uuid
         where h.name = 'session.held.v1'
           and ((h.content ->> 'started_at')::timestamptz
                at time zone 'Europe/Paris')::date >= %(start)s
           and ((h.content ->> 'started_at')::timestamptz
                at time zone 'Europe/Paris')::date < %(end)s
        """
    ),
)

TRAINED_ANIMATEURS = Indicator(
    name="ravie.trained_animateurs",
    version=1,
    sentence=(
        "Part des cycles dont toutes les séances tenues pendant la période ont été animées par un "
        "professionnel qui avait suivi, au plus tard ce jour-là, la formation que demande le "
        "référentiel du cycle ; hors cycles de projet et cycles sans référentiel."
    ),
    unit="activity",
    kind="ratio",
    scale="cycles animés par un professionnel formé sur cycles",
    secrecy="activity",
    dimensions=("theme", "model"),
    base=over_register(
        """
        , followed as (
          select a.animateur, t.training, min(t.followed_on) as followed_on
            from {ravie.animateurs} a
           cross join lateral jsonb_to_recordset(a.trainings)
              as t (training text, followed_on date)
           group by 1, 2
        )
        select bool_and(coalesce(f.followed_on <= s.held_on, false))::integer as numerator,
               1 as denominator, c.theme, c.model
          from {ravie.attendance_sheet} s
          join cycles c on c.cycle = s.cycle
          left join followed f on f.animateur = s.animateur and f.training = c.animateur_training
         where c.animateur_training is not null
           and s.held_on >= %(start)s and s.held_on < %(end)s
         group by c.cycle, c.theme, c.model
        """
    ),
    recount=over_facts(
        """
        , followed as (
          select t.stream::text as animateur, t.content ->> 'training' as training,
                 min((t.occurred_at at time zone 'Europe/Paris')::date) as followed_on
            from {facts} t
           where t.name = 'registers.training_followed.v1'
           group by 1, 2
        ), held as (
          select (h.content ->> 'series')::uuid as cycle, h.content ->> 'animateur' as animateur,
                 ((h.content ->> 'started_at')::timestamptz
                  at time zone 'Europe/Paris')::date as held_on
            from {facts} h
           where h.name = 'session.held.v1'
        )
        select bool_and(coalesce(f.followed_on <= h.held_on, false))::integer as numerator,
               1 as denominator, c.theme, c.model
          from held h
          join cycles c on c.cycle = h.cycle
          left join followed f on f.animateur = h.animateur and f.training = c.animateur_training
         where c.animateur_training is not null
           and h.held_on >= %(start)s and h.held_on < %(end)s
         group by c.cycle, c.theme, c.model
        """
    ),
)

CONDUCT = (COMPLETION_RATE, FILL_RATE, SESSIONS_HELD_RATE, REMOTE_SHARE, TRAINED_ANIMATEURS)
