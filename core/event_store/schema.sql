-- One tenant's history. {{facts}}, {{owner}}, {{serving}} and {{projector}} are filled in by the
-- migration; a released file never changes: what comes next is another file.

create schema {{facts}} authorization {{owner}};
revoke all on schema {{facts}} from public;
grant usage on schema {{facts}} to {{serving}}, {{projector}};

create table {{facts}}.facts (
  position    bigint      primary key check (position > 0),
  id          uuid        not null unique,
  stream      uuid        not null,
  version     integer     not null check (version >= 0),
  name        text        not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  actor       text        not null,
  person      uuid,
  command     uuid        not null,
  correlation uuid        not null,
  causation   uuid,
  tags        bytea       not null,  -- keyed hashes of stream, actor and person, for the leaf
  body        bytea       not null,  -- UTF-8 JSON, as stored, as hashed
  unique (stream, version)
);
-- What was corrected is looked for before anything is folded, and is a small part of the whole.
create index facts_corrections on {{facts}}.facts (position)
  where name in ('core.fact_annulled.v1', 'core.fact_corrected.v1');

-- The answer of every command that wrote: the same command again gives it and writes nothing.
create table {{facts}}.commands (
  id          uuid   primary key,
  fingerprint bytea  not null,
  first       bigint not null,
  last        bigint not null
);

alter table {{facts}}.facts owner to {{owner}};
alter table {{facts}}.commands owner to {{owner}};
grant select, insert on {{facts}}.facts, {{facts}}.commands to {{serving}};
grant select on {{facts}}.facts to {{projector}};

-- These stop accidents; an owner could switch them off, which is what the ledger is there to find.
create function {{facts}}.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'une histoire ne se réécrit pas : % sur % est refusé', tg_op, tg_table_name
    using errcode = 'JL001';
end $$;
alter function {{facts}}.refuse_change() owner to {{owner}};

create trigger facts_are_kept before update or delete or truncate on {{facts}}.facts
  for each statement execute function {{facts}}.refuse_change();
create trigger commands_are_kept before update or delete or truncate on {{facts}}.commands
  for each statement execute function {{facts}}.refuse_change();
-- ALWAYS: a session in replica mode does not get round them either.
alter table {{facts}}.facts enable always trigger facts_are_kept;
alter table {{facts}}.commands enable always trigger commands_are_kept;

-- Appends the commands of one tenant that share a commit.
-- Invariant kept by the caller: within a batch, no command expects or repeats what another writes.
-- Invariant kept here: under the tenant's lock, positions follow on without a gap, and recorded_at
-- never decreases.
-- Status: 'recorded'; 'repeated' (same command before: its positions); 'reused' (same id, another
-- request); 'conflict' (a stream it rests on has moved).
create function {{facts}}.append(
  c_id uuid[], c_fingerprint bytea[], c_now timestamptz[],
  e_command integer[], e_stream uuid[], e_version integer[],
  f_command integer[], f_id uuid[], f_stream uuid[], f_version integer[], f_name text[],
  f_occurred_at timestamptz[], f_actor text[], f_person uuid[], f_correlation uuid[],
  f_causation uuid[], f_tags bytea[], f_body bytea[]
) returns table (
  out_command integer, out_status text, out_first bigint, out_last bigint, out_recorded timestamptz
) language plpgsql as $$
#variable_conflict use_column
declare
  last_position bigint;
  last_recorded timestamptz;
begin
  perform pg_advisory_xact_lock(hashtextextended('{{facts}}', 0));
  select position, recorded_at into last_position, last_recorded
    from {{facts}}.facts order by position desc limit 1;
  return query
  with asked as (
    select n::integer, id, fingerprint, now
      from unnest(c_id, c_fingerprint, c_now) with ordinality as c (id, fingerprint, now, n)
  ), known as (
    select a.n, k.first, k.last, k.fingerprint = a.fingerprint as same
      from asked a join {{facts}}.commands k on k.id = a.id
  ), stale as (
    select distinct e.command as n
      from unnest(e_command, e_stream, e_version) as e (command, stream, version)
     where e.version <> coalesce(
       (select max(f.version) from {{facts}}.facts f where f.stream = e.stream), 0)
  ), accepted as (
    select a.n, a.id, a.fingerprint,
           greatest(last_recorded, max(a.now) over (order by a.n)) as recorded_at
      from asked a
     where not exists (select from known k where k.n = a.n)
       and not exists (select from stale s where s.n = a.n)
  ), numbered as (
    select coalesce(last_position, 0) + row_number() over (order by f.ordinality) as position,
           a.n, a.recorded_at, f.*
      from unnest(f_command, f_id, f_stream, f_version, f_name, f_occurred_at, f_actor, f_person,
                  f_correlation, f_causation, f_tags, f_body) with ordinality
           as f (command, fact, stream, version, name, occurred_at, actor, person,
                 correlation, causation, tags, body, ordinality)
      join accepted a on a.n = f.command
  ), span as (
    select n, min(position) as first, max(position) as last from numbered group by n
  ), written as (
    insert into {{facts}}.facts
      select p.position, p.fact, p.stream, p.version, p.name, p.occurred_at, p.recorded_at,
             p.actor, p.person, a.id, p.correlation, p.causation, p.tags, p.body
        from numbered p join accepted a on a.n = p.n
  ), answered as (
    insert into {{facts}}.commands
      select a.id, a.fingerprint, s.first, s.last from accepted a join span s on s.n = a.n
  )
  select a.n, 'recorded', s.first, s.last, a.recorded_at
    from accepted a join span s on s.n = a.n
  union all
  select k.n, case when k.same then 'repeated' else 'reused' end, k.first, k.last, null::timestamptz
    from known k
  union all
  select s.n, 'conflict', null::bigint, null::bigint, null::timestamptz
    from stale s where not exists (select from known k where k.n = s.n);
end $$;
alter function {{facts}}.append owner to {{owner}};
revoke all on function {{facts}}.append from public;
grant execute on function {{facts}}.append to {{serving}};

-- What stands: annulled facts left out, corrected ones with their latest standing correction.
-- The SQL twin of core/domain/correction.py; the recounts of indicators read it.
create view {{facts}}.effective_facts as
with corrections as materialized (
  select position, id, name, convert_from(body, 'UTF8')::jsonb as content
    from {{facts}}.facts where name in ('core.fact_annulled.v1', 'core.fact_corrected.v1')
), annulled as materialized (
  select (content ->> 'fact')::uuid as id
    from corrections where name = 'core.fact_annulled.v1'
), corrected as materialized (
  select distinct on (content ->> 'fact') (content ->> 'fact')::uuid as id,
         content ->> 'corrected_name' as name, content -> 'replacement' as content
    from corrections
   where name = 'core.fact_corrected.v1' and id not in (select id from annulled)
   order by content ->> 'fact', position desc
)
select f.position, f.id, f.stream, f.version, coalesce(c.name, f.name) as name, f.occurred_at,
       f.recorded_at, f.actor, f.person, f.command, f.correlation, f.causation,
       coalesce(c.content, convert_from(f.body, 'UTF8')::jsonb) as content
  from {{facts}}.facts f left join corrected c on c.id = f.id
 where f.name not in ('core.fact_annulled.v1', 'core.fact_corrected.v1')
   and not exists (select from annulled a where a.id = f.id);
alter view {{facts}}.effective_facts owner to {{owner}};
grant select on {{facts}}.effective_facts to {{serving}}, {{projector}};
