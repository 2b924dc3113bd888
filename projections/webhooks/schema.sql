-- What was sent for one tenant's webhooks, beside the read model of what they are. Codes only:
-- neither what was sent, which is the fact, nor anything of what was answered.

-- How far each webhook has come: everything up to `position` was delivered or set aside. A worker
-- that sends holds the line, for no longer than `held_until` if it dies.
create table {{read}}.webhook_progress (
  webhook    text        primary key,
  position   bigint      not null check (position >= 0),
  replayed   bigint      not null default 0,  -- the last asked replay that was begun
  attempts   integer     not null default 0,  -- of the next fact, so far
  due_at     timestamptz not null default '-infinity',
  held_by    uuid,
  held_until timestamptz
);

-- What became of each fact: the latest that were delivered, and all that were set aside.
create table {{read}}.webhook_deliveries (
  webhook  text        not null,
  position bigint      not null,
  fact     uuid        not null,
  name     text        not null,
  state    text        not null check (state in ('delivered', 'failing', 'dead', 'again')),
  attempts integer     not null,
  code     text        not null,
  first_at timestamptz not null default clock_timestamp(),
  last_at  timestamptz not null default clock_timestamp(),
  primary key (webhook, position)
);
create index webhook_deliveries_by_state on {{read}}.webhook_deliveries (webhook, state, position);

alter table {{read}}.webhook_progress owner to {{projector}};
alter table {{read}}.webhook_deliveries owner to {{projector}};
grant select on {{read}}.webhook_progress, {{read}}.webhook_deliveries to {{serving}};
-- Who manages webhooks asks that what was set aside be tried again.
grant update (state) on {{read}}.webhook_deliveries to {{serving}};
