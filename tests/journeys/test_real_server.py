"""An installation on a real PostgreSQL, as its operator makes it: Debian's 15, no embedded one."""

import json
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from psycopg.conninfo import conninfo_to_dict

from tests.journeys.processes import environment, run, serving
from tests.services.fixtures import PostgresServer


def test_a_real_server_is_installed_provisioned_and_served(
    postgres15: PostgresServer, tmp_path: Path
) -> None:
    admin = conninfo_to_dict(postgres15.conninfo())
    socket = quote(str(admin["host"]), safe="")
    port = admin.get("port", 5432)
    env = environment(
        tmp_path,
        JALON_ENV="development",
        JALON_DATABASE_URL=f"postgresql://{socket}:{port}/journey_real",
        JALON_ADMIN_URL=(
            f"postgresql://{admin['user']}:{quote(str(admin['password']))}@{socket}:{port}/postgres"
        ),
        JALON_PROVISION_PASSWORD="provision-test",
        JALON_SERVE_PASSWORD="serve-test",
        JALON_PROJECT_PASSWORD="project-test",
    )
    assert "installée" in run(["jalon", "install"], env)
    assert "1 collectivités provisionnées" in run(["jalon", "tenants", "provision", "05D"], env)
    del env["JALON_ADMIN_URL"]
    run(["jalon", "tenants", "enable", "05D", "ravie"], env)
    with serving(["jalon", "serve", "--all-in-one", "--port", "0"], env) as address:
        with urlopen(f"{address}/readyz", timeout=10) as answer:
            assert answer.status == 200
        shown = json.loads(run(["jalon", "tenants", "show", "05D"], env))
    assert shown["modules"] == ["ravie"]
    assert not (tmp_path / "postgres").exists()
