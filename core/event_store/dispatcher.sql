-- One call, one commit, several tenants. Not SECURITY DEFINER: it takes each tenant's serving role
-- in turn, and a login that may not take a role fails there.
-- Invariant kept by the caller: tenants come in sorted order, so that two writers cannot deadlock.
-- *_upto: for each tenant, where its slice of the flat arrays ends; command numbers are per tenant.

create schema jalon authorization {{owner}};
grant usage on schema jalon to {{serve}};

create function jalon.append_all(
  roles text[], schemas text[], c_upto integer[], e_upto integer[], f_upto integer[],
  c_id uuid[], c_fingerprint bytea[], c_now timestamptz[],
  e_command integer[], e_stream uuid[], e_version integer[],
  f_command integer[], f_id uuid[], f_stream uuid[], f_version integer[], f_name text[],
  f_occurred_at timestamptz[], f_actor text[], f_person uuid[], f_correlation uuid[],
  f_causation uuid[], f_tags bytea[], f_body bytea[]
) returns table (
  out_tenant integer, out_command integer, out_status text, out_first bigint, out_last bigint,
  out_recorded timestamptz
) language plpgsql as $$
declare
  c integer := 1;
  e integer := 1;
  f integer := 1;
begin
  for i in 1 .. cardinality(schemas) loop
    perform set_config('role', roles[i], true);
    return query execute format(
      'select $1, a.* from %I.append($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
                                     $16, $17, $18, $19) a', schemas[i])
      using i, c_id[c:c_upto[i]], c_fingerprint[c:c_upto[i]], c_now[c:c_upto[i]],
            e_command[e:e_upto[i]], e_stream[e:e_upto[i]], e_version[e:e_upto[i]],
            f_command[f:f_upto[i]], f_id[f:f_upto[i]], f_stream[f:f_upto[i]],
            f_version[f:f_upto[i]], f_name[f:f_upto[i]], f_occurred_at[f:f_upto[i]],
            f_actor[f:f_upto[i]], f_person[f:f_upto[i]], f_correlation[f:f_upto[i]],
            f_causation[f:f_upto[i]], f_tags[f:f_upto[i]], f_body[f:f_upto[i]];
    c := c_upto[i] + 1;
    e := e_upto[i] + 1;
    f := f_upto[i] + 1;
  end loop;
end $$;
alter function jalon.append_all owner to {{owner}};
revoke all on function jalon.append_all from public;
grant execute on function jalon.append_all to {{serve}};
