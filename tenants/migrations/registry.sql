-- What belongs to the installation and to no tenant: who is here, and what was run.

create schema registry authorization {{owner}};
grant usage on schema registry to {{registry}};

create table registry.migrations (
  scope      text        not null,  -- 'installation', or the code of a tenant
  number     integer     not null,
  name       text        not null,
  checksum   text        not null,
  applied_at timestamptz not null default clock_timestamp(),
  primary key (scope, number),
  unique (scope, name)
);

-- The tenants this server holds: being listed here is their placement.
create table registry.tenants (
  code           text        primary key,
  name           text        not null,
  stream         uuid        not null unique,
  facts_schema   text        not null unique,
  read_schema    text        not null unique,
  serving_role   text        not null unique,
  projector_role text        not null unique,
  provisioned_at timestamptz not null default clock_timestamp()
);

alter table registry.migrations owner to {{owner}};
alter table registry.tenants owner to {{owner}};
grant select on registry.tenants to {{registry}};

-- Functions are open to PUBLIC unless told otherwise; here nothing is.
alter default privileges for role {{owner}} revoke execute on functions from public;
alter default privileges for role {{provision}} revoke execute on functions from public;
