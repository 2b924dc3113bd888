-- Who read what, apart from the facts: ids and codes only, never a name or what was searched for.
-- Not append-only for its owner: lines are deleted when their time is over.

create table {{facts}}.access_journal (
  at         timestamptz not null,
  actor      text        not null,
  permission text        not null,
  subject    uuid,              -- null: a search that found nobody
  route      text        not null,
  purpose    text
);
create index access_journal_of_subject on {{facts}}.access_journal (subject, at);
create index access_journal_of_actor on {{facts}}.access_journal (actor, at);

-- What may still be consulted: access logs are kept 6 to 12 months, so older lines are out of
-- reach even before they are deleted.
create view {{facts}}.access_journal_kept with (security_barrier) as
  select * from {{facts}}.access_journal where at > now() - interval '12 months';

alter table {{facts}}.access_journal owner to {{owner}};
alter view {{facts}}.access_journal_kept owner to {{owner}};
grant insert on {{facts}}.access_journal to {{serving}};
grant select on {{facts}}.access_journal_kept to {{serving}};
