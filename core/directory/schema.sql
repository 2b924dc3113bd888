-- One tenant's keys and people directory, beside its facts. Everything here is encrypted or keyed:
-- without the master key nothing in these tables can be read, searched or compared.
-- The projector gets nothing: folds copy tokens and never open them.

-- The one key from which the others hang, wrapped by the master key that `wrapper` names.
create table {{facts}}.tenant_key (
  one        boolean     primary key default true check (one),
  wrapper    text        not null,
  wrapped    bytea       not null,
  created_at timestamptz not null default now()
);

-- The key of each person, and of each stream that holds texts about nobody in particular.
-- `wrapped` is null once it was destroyed: the line stays, so that no other key is ever made for
-- the same subject and what was erased is not taken for what was never known.
create table {{facts}}.data_keys (
  subject    uuid        primary key,
  kind       text        not null check (kind in ('person', 'stream')),
  wrapped    bytea,
  created_at timestamptz not null default now()
);

-- What identifies a person, as one token under the person's key; nowhere else in the database.
create table {{facts}}.people (
  person uuid primary key references {{facts}}.data_keys,
  card   text not null check (card like 'jalon1.%')
);

-- Finds a person again by name and birth date: keyed hashes, which die with the person's erasure.
create table {{facts}}.people_index (
  blind  bytea not null check (octet_length(blind) = 32),
  kind   text  not null check (kind in ('identity', 'family')),
  person uuid  not null references {{facts}}.people on delete cascade,
  primary key (blind, person)
);
create index people_index_by_person on {{facts}}.people_index (person);

alter table {{facts}}.tenant_key owner to {{owner}};
alter table {{facts}}.data_keys owner to {{owner}};
alter table {{facts}}.people owner to {{owner}};
alter table {{facts}}.people_index owner to {{owner}};

grant select, insert on {{facts}}.tenant_key, {{facts}}.data_keys, {{facts}}.people,
  {{facts}}.people_index to {{serving}};
-- Erasure destroys a key and forgets a person; a corrected identity replaces its card and index.
grant update (wrapped) on {{facts}}.data_keys to {{serving}};
grant update (card), delete on {{facts}}.people to {{serving}};
grant delete on {{facts}}.people_index to {{serving}};
