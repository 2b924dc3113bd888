"""The servers answer, are private, and leave nothing behind."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pika
import psycopg
import pytest

from tests.services import postgres15 as debian_postgres15
from tests.services import rabbitmq as debian_rabbitmq
from tests.services.fixtures import PostgresServer


def test_postgres_15_answers_over_its_socket(postgres15: PostgresServer) -> None:
    with psycopg.connect(postgres15.conninfo()) as connection:
        assert connection.info.server_version // 10000 == 15
        assert connection.info.host.startswith("/")


def test_the_server_of_most_tests_is_the_embedded_18(postgres_server: PostgresServer) -> None:
    with psycopg.connect(postgres_server.conninfo()) as connection:
        assert connection.info.server_version // 10000 == 18


def test_a_login_has_the_password_derived_for_it(postgres: PostgresServer) -> None:
    with psycopg.connect(postgres.conninfo(), autocommit=True) as connection:
        password = postgres.password("lecteur")
        connection.execute(f"CREATE ROLE lecteur LOGIN PASSWORD '{password}'")
    with psycopg.connect(postgres.conninfo("lecteur")) as connection:
        assert connection.info.user == "lecteur"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.conninfo("lecteur"), password="autre")


@pytest.mark.usefixtures("postgres15")  # skips where there is none
def test_postgres_15_listens_on_no_port_and_leaves_no_process() -> None:
    server = debian_postgres15.start()
    try:
        assert _session_of(server.process.pid)
        assert not _listening(_session_of(server.process.pid))
    finally:
        server.stop()
    assert not _session_of(server.process.pid)
    assert not server.folder.exists()


def test_rabbitmq_carries_a_message(rabbitmq: str) -> None:
    with pika.BlockingConnection(pika.URLParameters(rabbitmq)) as connection:
        channel = connection.channel()
        channel.queue_declare("test_services", exclusive=True)
        channel.basic_publish("", "test_services", b"bonjour")
        _method, _properties, body = next(channel.consume("test_services", inactivity_timeout=10))
        assert body == b"bonjour"


@pytest.mark.usefixtures("rabbitmq")
def test_rabbitmq_listens_on_the_loopback_only_and_leaves_no_process() -> None:
    broker = debian_rabbitmq.start()
    sessions = (broker.broker.pid, broker.epmd.pid)
    try:
        addresses = _listening(set().union(*map(_session_of, sessions)))
        assert addresses
        assert addresses <= {"0100007F", "00000000000000000000000001000000"}
    finally:
        broker.stop()
    assert not set().union(*map(_session_of, sessions))
    assert not broker.folder.exists()


@pytest.mark.usefixtures("postgres15")
def test_a_killed_run_leaves_no_postgres_15() -> None:
    program = (
        "from tests.services import postgres15; import time; server = postgres15.start();"
        "print(server.process.pid, server.folder, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        pid, folder = run.stdout.readline().split()
        assert _session_of(int(pid))
        run.send_signal(signal.SIGKILL)
    assert _within(20, lambda: not _session_of(int(pid)))
    shutil.rmtree(folder)


def _session_of(leader: int) -> set[int]:
    """The processes, zombies apart, of the session that `leader` opened."""
    members = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, _group, session = stat.read_text().rpartition(")")[2].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(session) == leader and state != "Z":
            members.add(int(stat.parent.name))
    return members


def _listening(pids: set[int]) -> set[str]:
    """The addresses, as the kernel writes them, that these processes listen on over TCP."""
    sockets = set()
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            # Closed since it was listed: it listens no more.
            with suppress(FileNotFoundError):
                sockets.add(str(descriptor.readlink()))
    addresses = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                addresses.add(fields[1].partition(":")[0])
    return addresses


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    limit = time.monotonic() + seconds
    while not holds() and time.monotonic() < limit:
        time.sleep(0.05)
    return holds()
