"""The embedded PostgreSQL as its users meet it: starting, joining, finding, being refused."""

import os
import re
import resource
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from server.embedded import EmbeddedRefused, NotRunning, attach, home, start
from server.embedded.home import Layout
from server.tests.applications import Place, a_place
from server.tests.people import Person, ourselves, people
from server.tests.processes import all_end, until

pytestmark = pytest.mark.postgres


@pytest.fixture(params=people(), ids=str)
def checkout(request: pytest.FixtureRequest) -> Iterator[Place]:
    """A checkout under a 0700 folder, of each person we can be."""
    person: Person = request.param
    with a_place(person, checkout=True) as place:
        yield place


@pytest.fixture
def place() -> Iterator[Place]:
    with a_place(ourselves()) as place:
        yield place


def test_a_closed_checkout_starts_twice_and_keeps_its_data(checkout: Place) -> None:
    first = checkout.run()
    with first.ready() as connection:
        connection.execute("CREATE TABLE jalon AS SELECT 'planté' AS etat")
        server = first.server()
    assert first.leave() == ""
    assert all_end(server)
    again = checkout.run()
    with again.ready() as connection:
        assert connection.execute("SELECT etat FROM jalon").fetchall() == [("planté",)]
    assert stat.S_IMODE(checkout.folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "person", [person for person in people() if person.name != "nobody"], ids=str
)
def test_data_go_in_and_out_of_a_container(place: Place, person: Person) -> None:
    """Root's data change hands there: `nobody` has them inside. A plain user's stay theirs."""
    before = place.run()
    with before.ready() as connection:
        connection.execute("CREATE TABLE jalon AS SELECT 1 AS n")
    before.leave()
    for who in (person, ourselves()):
        application = place.run(person=who)
        with application.ready() as connection:
            assert connection.execute("SELECT n FROM jalon").fetchall() == [(1,)]
        application.leave()


def test_a_path_of_150_characters_is_no_trouble(place: Place) -> None:
    long = place.folder / ("chemin-" * 30)[: 150 - len(str(place.folder)) - len("//.jalon")]
    long.mkdir()
    assert len(str(long / ".jalon")) == 150
    with place.run(long / ".jalon").ready() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_no_permission_changes_outside_its_own_folder(place: Place) -> None:
    inner = place.folder / "ouvert" / "commun"
    inner.mkdir(parents=True)
    inner.chmod(0o775)
    outside = [inner, *inner.parents]
    before = [_owner_and_mode(path) for path in outside]
    application = place.run(inner / ".jalon")
    application.ready().close()
    assert [_owner_and_mode(path) for path in outside] == before
    assert _owner_and_mode(inner / ".jalon")[2] == 0o700
    application.leave()
    assert [_owner_and_mode(path) for path in outside] == before


def test_a_second_start_joins_and_the_last_user_stops_the_server(place: Place) -> None:
    first = place.run()
    first.ready().close()
    second = place.run()
    with second.ready() as connection:
        assert first.postmaster() == second.postmaster()
        server = second.server()
        first.leave()
        assert connection.execute("SELECT 1").fetchone() == (1,)
    second.leave()
    assert all_end(server)


def test_two_that_start_a_new_home_at_once_share_one_server(place: Place) -> None:
    first, second = place.run(), place.run()
    with first.ready(), second.ready():
        assert first.postmaster() == second.postmaster()


def test_one_process_may_start_a_home_within_itself(place: Place) -> None:
    with start(place.home) as outer:
        with start(place.home) as inner:
            assert inner.conninfo() == outer.conninfo()
        with psycopg.connect(outer.conninfo()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(NotRunning):
        attach(place.home)
    assert not Layout.of(place.home).runtime.exists()


def test_two_homes_run_side_by_side(place: Place) -> None:
    one, other = place.run(place.folder / "un"), place.run(place.folder / "deux")
    with one.ready() as connection:
        connection.execute("CREATE TABLE un ()")
        with other.ready() as elsewhere, pytest.raises(psycopg.errors.UndefinedTable):
            elsewhere.execute("SELECT FROM un")


def test_attaching_finds_the_server_or_says_what_to_do(place: Place) -> None:
    with pytest.raises(NotRunning, match="`make demo` ou `jalon serve`"):
        attach(place.home)
    application = place.run()
    application.ready().close()
    with psycopg.connect(attach(place.home).conninfo()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    application.leave()
    with pytest.raises(NotRunning):
        attach(place.home)


def test_the_home_is_chosen_by_the_environment_or_is_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JALON_HOME", raising=False)
    assert home() == tmp_path / ".jalon"
    monkeypatch.setenv("JALON_HOME", "ailleurs")
    assert home() == tmp_path / "ailleurs"


def test_a_login_needs_its_own_password(place: Place) -> None:
    with start(place.home) as cluster:
        with psycopg.connect(cluster.conninfo(), autocommit=True) as connection:
            password = cluster.password("l'accueil")
            connection.execute(f"CREATE ROLE \"l'accueil\" LOGIN PASSWORD '{password}'")
        with psycopg.connect(cluster.conninfo("l'accueil")) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("l'accueil",)
        address = f"host={cluster.socket_directory} user=postgres"
        for wrong in ("", f"password={password}"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(f"{address} {wrong}")


def test_no_tcp_port_listens(place: Place) -> None:
    application = place.run()
    with application.ready() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        held = {
            str(descriptor.readlink())
            for process in application.server()
            for descriptor in Path(f"/proc/{process.pid}/fd").iterdir()
            if descriptor.is_symlink()
        }
        ports = {f"socket:[{line.split()[9]}]" for line in _tcp_lines()}
    assert any(name.startswith("socket:") for name in held)
    assert not held & ports


def test_no_value_and_no_statement_reaches_the_log(place: Place) -> None:
    application = place.run()
    with application.ready() as connection:
        connection.execute("CREATE TABLE personne (nom text PRIMARY KEY, age int)")
        insertion = "INSERT INTO personne VALUES (%s, %s)"
        connection.execute(insertion, ["Rolande Aubépine", 61])
        with pytest.raises(psycopg.errors.UniqueViolation, match="Aubépine"):
            connection.execute(insertion, ["Rolande Aubépine", 61])
        with pytest.raises(psycopg.errors.InvalidTextRepresentation, match="Aubépine"):
            connection.execute("SELECT 'Rolande Aubépine'::int")
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("SELECT %s::text, 1 / %s::int", ["Rolande Aubépine", 0])
    application.leave()
    log = (place.home / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert not re.search("Rolande|Aub|personne|INSERT|SELECT", log)


def test_a_secret_that_others_may_read_is_refused(place: Place) -> None:
    application = place.run()
    application.ready().close()
    secret = place.home / "postgres.secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    secret.chmod(0o640)
    with pytest.raises(EmbeddedRefused, match="chmod 600"):
        attach(place.home)
    application.leave()
    code, said = place.run().outcome()
    assert code == 3
    assert "lisible par d'autres" in said


def test_data_without_its_secret_is_refused_and_no_other_secret_is_made(place: Place) -> None:
    place.run().leave()
    secret = place.home / "postgres.secret"
    secret.rename(place.folder / "sauvegarde")
    code, said = place.run().outcome()
    assert code == 3
    assert "restaurez" in said
    (place.folder / "sauvegarde").rename(secret)
    place.run().ready().close()


@pytest.mark.parametrize("trap", ["symlink", "open", "file"])
def test_a_runtime_folder_that_somebody_prepared_is_refused(place: Place, trap: str) -> None:
    runtime = Layout.of(place.home).runtime
    if trap == "symlink":
        (place.folder / "piege").mkdir(mode=0o700)
        runtime.symlink_to(place.folder / "piege")
    elif trap == "open":
        runtime.mkdir()
        runtime.chmod(0o777)
    else:
        runtime.touch(mode=0o700)
    try:
        code, said = place.run().outcome()
        assert code == 3
        assert f"Le dossier {runtime} devrait être un dossier privé" in said
        with pytest.raises(EmbeddedRefused):
            attach(place.home)
        assert not (place.home / "postgres").exists()
    finally:
        runtime.rmdir() if trap == "open" else runtime.unlink()


def test_the_home_of_somebody_else_is_refused(place: Place) -> None:
    foreign = Path("/usr")
    if os.geteuid() == 0:
        foreign = place.folder / "autrui"
        foreign.mkdir()
        os.chown(foreign, 12345, 12345)
    code, said = place.run(foreign).outcome()
    assert code == 3
    assert "appartient à l'utilisateur" in said


def test_a_failed_initdb_leaves_nothing_half_made(place: Place) -> None:
    def allow_small_files_only() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

    code, said = place.run(before=allow_small_files_only).outcome()
    assert code == 3
    assert "PostgreSQL n'a pas pu créer ses données" in said
    assert not [path for path in place.home.iterdir() if path.is_dir()]
    place.run().ready().close()


def test_an_initdb_whose_application_is_killed_leaves_nothing_half_made(place: Place) -> None:
    application = place.run()
    layout = Layout.of(place.home)
    until((layout.half_made / "global" / "pg_control").exists)
    application.kill()
    until(lambda: not layout.runtime.exists())  # the supervisor's last act
    assert not layout.half_made.exists()
    assert not layout.data.exists()
    place.run().ready().close()


def _owner_and_mode(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)


def _tcp_lines() -> Iterator[str]:
    for kind in ("tcp", "tcp6"):
        table = Path("/proc/net", kind)
        if table.exists():
            yield from table.read_text().splitlines()[1:]
