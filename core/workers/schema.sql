-- What belongs to the queue and to no tenant's history: its own schema, its own role.
-- The broker's tables are made next by its library, under the same role.

create schema queue authorization {{queue}};
revoke all on schema queue from public;
set local role {{queue}};

-- One line per tenant that a worker was woken for and has not begun to follow: while it is there,
-- no second message is sent. A line that stays is a message that was lost; the sweep finds it.
create table queue.wakeups (
  tenant   text        primary key,
  position bigint      not null,
  asked_at timestamptz not null default clock_timestamp()
);
