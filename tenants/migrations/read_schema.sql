-- One tenant's read models: its projector owns them, its serving role reads whatever is there, a
-- table swapped in by a rebuild included.

create schema {{read}} authorization {{projector}};
grant usage on schema {{read}} to {{serving}};
alter default privileges for role {{projector}} in schema {{read}}
  grant select on tables to {{serving}};
alter default privileges for role {{projector}} revoke execute on functions from public;
