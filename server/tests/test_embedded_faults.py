"""The embedded PostgreSQL when something is killed: no orphan, no lost commit, a next start."""

import contextlib
import ctypes
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from server.embedded import NotRunning, attach
from server.embedded.home import Layout
from server.tests.applications import Application, Place, a_place
from server.tests.people import Person, ourselves, people
from server.tests.processes import all_end, until

pytestmark = pytest.mark.postgres

_PR_SET_CHILD_SUBREAPER = 36


@pytest.fixture(params=people(), ids=str)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """As in a checkout under a 0700 folder, of each person we can be."""
    person: Person = request.param
    with a_place(person, checkout=person != ourselves()) as place:
        yield place


@pytest.fixture
def our_place() -> Iterator[Place]:
    with a_place(ourselves()) as place:
        yield place


@pytest.fixture
def no_one_reaps() -> Iterator[None]:
    """Orphans become our children and, since we do not wait for them, zombies when they end."""
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    yield
    assert libc.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0) == 0


def test_killing_the_application_leaves_no_orphan(place: Place) -> None:
    application = place.run()
    commit(application)
    server = application.server()
    assert len(server) > 3
    application.kill()
    assert all_end(server)
    assert not (place.home / "postgres" / "postmaster.pid").exists()
    assert_recovered(place)


def test_killing_the_supervisor_leaves_no_orphan(place: Place) -> None:
    application = place.run()
    commit(application)
    server = application.server()
    os.kill(application.supervisor(), signal.SIGKILL)
    assert all_end(server)
    assert_recovered(place)


def test_killing_the_application_and_the_supervisor_at_once_lets_the_next_start_wait(
    our_place: Place,
) -> None:
    application = our_place.run()
    commit(application)
    supervisor = application.supervisor()
    os.kill(supervisor, signal.SIGKILL)
    application.kill()
    assert_recovered(our_place)


def test_after_killing_postgresql_the_next_start_recovers(place: Place) -> None:
    application = place.run()
    commit(application)
    server = application.server()
    os.kill(application.postmaster(), signal.SIGKILL)
    assert all_end(server)
    assert_recovered(place)
    assert application.leave() == ""


def test_a_killed_backend_does_not_end_the_server(our_place: Place) -> None:
    application = our_place.run()
    with application.ready() as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    until(lambda: answers(our_place))
    assert application.process.poll() is None


@pytest.mark.usefixtures("no_one_reaps")
def test_after_killing_all_with_an_unreaped_zombie_the_next_start_recovers(place: Place) -> None:
    application = place.run()
    commit(application)
    server = application.server()
    postmaster, supervisor = application.postmaster(), application.supervisor()
    os.kill(supervisor, signal.SIGSTOP)  # so that it does not reap what is killed next
    os.kill(postmaster, signal.SIGKILL)
    application.kill()
    os.kill(supervisor, signal.SIGKILL)
    assert all_end(server)
    assert Path(f"/proc/{postmaster}/stat").read_text().split()[2] == "Z"
    assert application.named_in_lock_file() == postmaster  # its lock file names the zombie
    try:
        assert_recovered(place)
    finally:
        for process in server:
            with contextlib.suppress(ChildProcessError):  # PostgreSQL reaped its own
                os.waitpid(process.pid, 0)


def test_a_lock_file_that_names_a_living_stranger_is_stale(our_place: Place) -> None:
    application = our_place.run()
    commit(application)
    lock = our_place.home / "postgres" / "postmaster.pid"
    lines = lock.read_text().splitlines(keepends=True)
    server = application.server()
    os.kill(application.postmaster(), signal.SIGKILL)
    assert all_end(server)
    lock.write_text("".join([f"{os.getpid()}\n", *lines[1:]]))
    assert_recovered(our_place)


def test_ctrl_c_stops_it_cleanly(place: Place) -> None:
    application = place.run()
    commit(application)
    server = application.server()
    application.press_ctrl_c()
    assert application.outcome() == (130, "")
    assert not any(process.lives for process in server)
    assert "database system is shut down" in (place.home / "postgres.log").read_text()
    assert not Layout.of(place.home).runtime.exists()


def test_ctrl_c_stays_with_the_application_that_got_it(our_place: Place) -> None:
    starter = our_place.run()
    starter.ready().close()
    other = our_place.run()
    with other.ready() as connection:
        starter.press_ctrl_c()
        assert starter.outcome() == (130, "")
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_ctrl_c_during_the_first_start_leaves_nothing_half_made(our_place: Place) -> None:
    application = our_place.run()
    layout = Layout.of(our_place.home)
    until((layout.half_made / "PG_VERSION").exists)
    application.press_ctrl_c()
    assert application.outcome() == (130, "")
    assert not layout.half_made.exists()
    assert not layout.data.exists()


def commit(application: Application) -> None:
    with application.ready() as connection:
        connection.execute("CREATE TABLE jalon AS SELECT 1 AS n")


def assert_recovered(place: Place) -> None:
    application = place.run()
    with application.ready() as connection:
        assert connection.execute("SELECT n FROM jalon").fetchall() == [(1,)]
    server = application.server()
    application.leave()
    assert all_end(server)


def answers(place: Place) -> bool:
    try:
        with psycopg.connect(attach(place.home).conninfo()) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except (NotRunning, psycopg.OperationalError):
        return False
