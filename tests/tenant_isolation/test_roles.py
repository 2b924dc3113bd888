"""What each role must not do, tried. One line, one attempt: who, and the statement."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import errors, sql

from tests.installation import Installation, Login

Sync = psycopg.Connection[tuple[object, ...]]

FACT = """insert into {facts}.facts values (1, gen_random_uuid(), gen_random_uuid(), 1, 'x.y.v1',
 now(), now(), 'a', null, gen_random_uuid(), gen_random_uuid(), null, '', '{{}}')"""
COMMAND = "insert into {facts}.commands values (gen_random_uuid(), '', 1, 1)"
EMPTY = ", ".join(["'{{}}'"] * 18)

WITHOUT_ROLE = [
    "select from {facts}.facts",
    "select from {facts}.effective_facts",
    "select from {read}.something",
    "select from registry.tenants",
    "select from queue.wakeups",
    FACT,
    f"select {{facts}}.append({EMPTY})",
    "create table public.mine (n integer)",
    "create temporary table mine (n integer)",
    "create schema mine",
    "create role mine",
    "set role {owner}",
    "set role {provision}",
    "set session authorization {owner}",
    "set session_replication_role = replica",
    "copy (select 1) to program 'true'",
    "select pg_read_file('postgresql.conf')",
]

AS_SERVING = [
    "update {facts}.facts set actor = 'x'",
    "delete from {facts}.facts",
    "truncate {facts}.facts",
    "update {facts}.commands set first = 1",
    "delete from {facts}.commands",
    "truncate {facts}.commands",
    "alter table {facts}.facts disable trigger all",
    "alter table {facts}.facts disable trigger facts_are_kept",
    "alter table {facts}.facts add column more integer",
    "drop table {facts}.facts",
    "drop trigger facts_are_kept on {facts}.facts",
    "drop schema {facts} cascade",
    "create table {facts}.mine (n integer)",
    "create table {read}.mine (n integer)",
    "create or replace function {facts}.append() returns void language sql as ''",
    "set session_replication_role = replica",
    "set role {owner}",
    "set role {projector}",
    "select from {other_facts}.facts",
    "select from {other_facts}.effective_facts",
    "select from {other_read}.something",
    FACT.replace("{facts}", "{other_facts}"),
    COMMAND.replace("{facts}", "{other_facts}"),
    f"select {{other_facts}}.append({EMPTY})",
    "select from registry.tenants",
    "select from registry.migrations",
    "select from queue.wakeups",
]

AS_PROJECTOR = [
    FACT,
    COMMAND,
    "select from {facts}.commands",
    f"select {{facts}}.append({EMPTY})",
    "update {facts}.facts set actor = 'x'",
    "delete from {facts}.facts",
    "truncate {facts}.facts",
    "alter table {facts}.facts disable trigger all",
    "create table {facts}.mine (n integer)",
    "create table {other_read}.mine (n integer)",
    "select from {other_facts}.facts",
    "select from {other_read}.something",
    "set session_replication_role = replica",
    "set role {owner}",
    "set role {serving}",
    "select from registry.tenants",
]

AS_REGISTRY = [
    "select from {facts}.facts",
    "select from {read}.something",
    FACT,
    "insert into registry.tenants (code) values ('99D')",
    "update registry.tenants set serving_role = '{owner}'",
    "delete from registry.tenants",
    "select from registry.migrations",
    "create table registry.mine (n integer)",
]

AS_QUEUE = [
    "select from {facts}.facts",
    "select from {read}.something",
    FACT,
    "select from registry.tenants",
    "create schema mine",
]

ATTEMPTS = [
    *(("serve", None, statement) for statement in WITHOUT_ROLE),
    *(("project", None, statement) for statement in WITHOUT_ROLE),
    *(("serve", "serving", statement) for statement in AS_SERVING),
    *(("project", "projector", statement) for statement in AS_PROJECTOR),
    *(("serve", "registry", statement) for statement in AS_REGISTRY),
    *(("serve", "queue", statement) for statement in AS_QUEUE),
    *(("project", "queue", statement) for statement in AS_QUEUE),
    ("serve", None, "set role {projector}"),
    ("project", None, "set role {serving}"),
]


def identifiers(installation: Installation) -> dict[str, str]:
    """Bare, for `str.format`: every name of an installation is a plain identifier."""
    one, other = installation.tenant("05D"), installation.tenant("69M")
    names = installation.names
    return {
        "facts": one.facts_schema,
        "read": one.read_schema,
        "serving": one.serving_role,
        "projector": one.projector_role,
        "other_facts": other.facts_schema,
        "other_read": other.read_schema,
        "owner": names.owner,
        "provision": names.provision,
        "registry": names.registry,
        "queue": names.queue,
    }


@contextmanager
def connected(installation: Installation, login: Login, role: str | None = None) -> Iterator[Sync]:
    with psycopg.connect(installation.conninfo(login), autocommit=True) as connection:
        if role is not None:
            name = identifiers(installation)[role]
            connection.execute(sql.SQL("set role {}").format(sql.Identifier(name)))
        yield connection


@pytest.mark.parametrize(
    ("login", "role", "statement"),
    ATTEMPTS,
    ids=[f"{login}-{role}-{statement.split(chr(10))[0]}" for login, role, statement in ATTEMPTS],
)
def test_what_a_role_must_not_do_is_refused(
    shared_installation: Installation, login: Login, role: str | None, statement: str
) -> None:
    attempt = statement.format(**identifiers(shared_installation))
    with (
        connected(shared_installation, login, role) as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(attempt.encode())


def test_what_a_role_is_for_is_allowed(shared_installation: Installation) -> None:
    bare = identifiers(shared_installation)

    def run(connection: Sync, statement: str) -> None:
        connection.execute(statement.format(**bare).encode())

    with connected(shared_installation, "project", "projector") as projector:
        run(projector, "create table {read}.something (n integer)")
        run(projector, "create temporary table mine as select * from {facts}.effective_facts")
    with connected(shared_installation, "serve", "serving") as serving:
        run(serving, "select from {read}.something")
        run(serving, "select from {facts}.facts")
        run(serving, f"select {{facts}}.append({EMPTY})")
        run(serving, "create temporary table mine as select * from {facts}.effective_facts")
    with connected(shared_installation, "serve", "registry") as registry:
        run(registry, "select from registry.tenants")
    with connected(shared_installation, "project", "projector") as projector:
        run(projector, "drop table {read}.something")


def test_a_role_does_not_hand_on_what_it_has(shared_installation: Installation) -> None:
    facts = f"{shared_installation.tenant().facts_schema}.facts"
    with connected(shared_installation, "serve", "serving") as serving:
        # PostgreSQL only warns that nothing was granted.
        serving.execute(f"grant select on {facts} to public".encode())
        query = "select has_table_privilege('public', %s, 'select')"
        assert serving.execute(query, (facts,)).fetchone() == (False,)


@pytest.mark.parametrize("replica", [False, True], ids=["origin", "replica"])
@pytest.mark.parametrize("table", ["facts", "commands"])
@pytest.mark.parametrize("change", ["update", "delete", "truncate"])
def test_even_the_owner_is_stopped_by_the_triggers(
    shared_installation: Installation, change: str, table: str, *, replica: bool
) -> None:
    facts = shared_installation.tenant().facts_schema
    column = {"facts": "actor", "commands": "fingerprint"}[table]
    statement = {
        "update": f"update {facts}.{table} set {column} = {column}",
        "delete": f"delete from {facts}.{table}",
        "truncate": f"truncate {facts}.{table}",
    }[change]
    with connected(shared_installation, "admin") as connection:
        if replica:
            connection.execute("set session_replication_role = replica")
        connection.execute(
            sql.SQL("set role {}").format(sql.Identifier(shared_installation.names.owner))
        )
        with pytest.raises(psycopg.Error, match="une histoire ne se réécrit pas") as refused:
            connection.execute(statement.encode())
        assert refused.value.sqlstate == "JL001"


def test_the_provisioning_login_owns_nothing_that_is_left_behind(
    shared_installation: Installation,
) -> None:
    names = shared_installation.names
    owners = {
        (tenant.facts_schema, names.owner) for tenant in shared_installation.tenants.values()
    } | {
        (tenant.read_schema, tenant.projector_role)
        for tenant in shared_installation.tenants.values()
    }
    with connected(shared_installation, "admin") as connection:
        found = connection.execute(
            """select n.nspname, pg_get_userbyid(o.owner)
                 from (select relnamespace, relowner from pg_class
                       union select pronamespace, proowner from pg_proc
                       union select typnamespace, typowner from pg_type
                       union select oid, nspowner from pg_namespace) as o (schema, owner)
                 join pg_namespace n on n.oid = o.schema
                where n.nspname ~ '^(facts|read)_'"""
        ).fetchall()
    assert set(found) == owners


def test_public_has_nothing(shared_installation: Installation) -> None:
    with connected(shared_installation, "admin") as connection:
        granted = connection.execute(
            """select kind, name, privilege_type from (
                 select 'database', datname, coalesce(datacl, acldefault('d', datdba))
                   from pg_database where datname = current_database()
                 union all
                 select 'schema', nspname, coalesce(nspacl, acldefault('n', nspowner))
                   from pg_namespace where nspname !~ '^(pg_|information_schema$)'
                 union all
                 select 'relation', relname, coalesce(relacl, acldefault('r', relowner))
                   from pg_class join pg_namespace n on n.oid = relnamespace
                  where nspname !~ '^(pg_|information_schema$)'
                 union all
                 select 'function', proname, coalesce(proacl, acldefault('f', proowner))
                   from pg_proc join pg_namespace n on n.oid = pronamespace
                  where nspname !~ '^(pg_|information_schema$)'
               ) as objects (kind, name, acl), aclexplode(acl) where grantee = 0"""
        ).fetchall()
    assert granted == []


def test_a_login_of_another_installation_cannot_even_connect(
    shared_installation: Installation,
) -> None:
    server = shared_installation.server
    stranger = sql.Identifier("essai_etranger")
    with psycopg.connect(server.conninfo(), autocommit=True) as admin:
        admin.execute(
            sql.SQL("create role {} login password {}").format(
                stranger, sql.Literal(server.password("essai_etranger"))
            )
        )
        try:
            with pytest.raises(psycopg.OperationalError, match="CONNECT"):
                psycopg.connect(
                    server.conninfo("essai_etranger", shared_installation.names.database)
                )
        finally:
            admin.execute(sql.SQL("drop role {}").format(stranger))
