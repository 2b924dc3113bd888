-- What following one tenant needs beside its read models. {{read}}, {{projector}} and {{serving}} are
-- filled in by the migration, after the schema itself was made.

-- How far each read model has come. The line `subjects` is the subject index below.
create table {{read}}.followed (
  projection text   primary key,
  version    integer not null,
  position   bigint  not null check (position >= 0)
);

-- Where everything that ever happened to a subject is: each fact under its stream, its person and
-- its other subjects; each correction also under the fact it corrects.
create table {{read}}.subjects (
  subject  uuid   not null,
  position bigint not null,
  primary key (subject, position)
);

-- Rows that stopped, and at which fact. `key` is a JSON array; it is [] for a fact whose rows
-- cannot be known: it stops every row whose whole key is among its `subjects`.
-- Neither the fact's body nor the message of the error, which might quote it.
create table {{read}}.faults (
  projection text        not null,
  key        text        not null,
  position   bigint      not null,
  fact       uuid        not null,
  name       text        not null,
  code       text        not null,
  error      text        not null,
  subjects   text[]      not null default '{}',
  at         timestamptz not null default clock_timestamp(),
  primary key (projection, key, position)
);
create index faults_at on {{read}}.faults (position);

-- Facts that no installed module declares: they stop nothing, and are not forgotten.
create table {{read}}.skips (
  position bigint      primary key,
  fact     uuid        not null,
  name     text        not null,
  at       timestamptz not null default clock_timestamp()
);

-- How far each policy has been delivered. The line `*` is how far delivery has come: where a policy
-- that was not there before begins.
create table {{read}}.policies (
  policy   text   primary key,
  position bigint not null check (position >= 0)
);

-- What a policy could not have done: a refused command, or a reaction that fails.
create table {{read}}.undelivered (
  policy   text        not null,
  position bigint      not null,
  fact     uuid        not null,
  name     text        not null,
  command  text        not null,  -- its name; empty when the reaction itself fails
  code     text        not null,
  error    text        not null,
  at       timestamptz not null default clock_timestamp(),
  primary key (policy, position)
);

alter table {{read}}.followed owner to {{projector}};
alter table {{read}}.subjects owner to {{projector}};
alter table {{read}}.faults owner to {{projector}};
alter table {{read}}.skips owner to {{projector}};
alter table {{read}}.policies owner to {{projector}};
alter table {{read}}.undelivered owner to {{projector}};
grant select on {{read}}.followed, {{read}}.subjects, {{read}}.faults, {{read}}.skips,
  {{read}}.policies, {{read}}.undelivered to {{serving}};
