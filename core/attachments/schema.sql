-- Files attached to something, known by the SHA-256 of their bytes, sealed under the key of what they
-- belong to: destroying that key erases them. No name: who sends a file may have written one in it.

create table {{facts}}.attachments (
  subject    uuid        not null references {{facts}}.data_keys,
  sha256     bytea       not null check (octet_length(sha256) = 32),
  media_type text        not null check (media_type in ('application/pdf', 'image/png', 'image/jpeg')),
  size       integer     not null check (size > 0),
  sealed     bytea       not null,
  stored_at  timestamptz not null default now(),
  primary key (subject, sha256)
);
-- Encrypted bytes do not compress: kept out of the line, as they are.
alter table {{facts}}.attachments alter column sealed set storage external;

alter table {{facts}}.attachments owner to {{owner}};
grant select, insert on {{facts}}.attachments to {{serving}};

create trigger attachments_are_kept before update or delete or truncate on {{facts}}.attachments
  for each statement execute function {{facts}}.refuse_change();
alter table {{facts}}.attachments enable always trigger attachments_are_kept;
