"""A private broker of Debian's RabbitMQ: free loopback ports, its own cookie, mnesia and epmd.

The virtual machine is started directly. Debian's scripts change user, read /etc/rabbitmq, leave an
epmd daemon behind, and expect Erlang in /usr/lib, which it is not when unpacked without root.
"""

import shutil
import signal
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.services import debian, processes

_AMQP_0_9_1 = b"AMQP\x00\x00\x09\x01"


@dataclass(frozen=True)
class RabbitMQ:
    """A running broker, and the epmd that its Erlang node is registered with."""

    folder: Path
    port: int
    broker: subprocess.Popen[bytes]
    epmd: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """An AMQP URL; RabbitMQ accepts `guest` from the loopback only."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}/%2F"

    def stop(self) -> None:
        """Stops the broker, then its epmd, and removes their folder."""
        processes.stop(self.broker, signal.SIGTERM)
        processes.stop(self.epmd, signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)


def start() -> RabbitMQ:
    """Starts a new, empty broker; NotInstalledError or NotStartedError when it cannot."""
    home = debian.require("rabbitmq-server").parents[1]
    erlexec = debian.find("usr/lib/erlang/erts-*/bin/erlexec")
    if erlexec is None:
        raise debian.NotInstalledError("Erlang n'est pas installé avec rabbitmq-server")
    folder = Path(tempfile.mkdtemp(prefix="jalon-rabbitmq-", dir="/tmp"))
    port, log = processes.free_port(), folder / "log"
    env = debian.environment() | _settings(folder, home, port) | _erlang(erlexec)
    epmd_command = [str(erlexec.with_name("epmd"))]
    epmd = processes.start(epmd_command, log=folder / "epmd.log", env=env, cwd=folder)
    arguments = ["-noinput", "-s", "rabbit", "boot", "-boot", "start_sasl"]
    arguments += ["+W", "w", "+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none"]
    arguments += ["-kernel", "inet_dist_use_interface", "{127,0,0,1}"]
    # An idle broker needs one core; the tests want the others.
    arguments += ["+S", "1:1", "+SDcpu", "1:1", "+SDio", "2"]
    arguments += ["-syslog", "logger", "[]", "-syslog", "syslog_error_logger", "false"]
    broker = processes.start([str(erlexec), *arguments], log=log, env=env, cwd=folder)
    running = RabbitMQ(folder, port, broker, epmd)
    try:
        processes.wait_until_ready(broker, lambda: _answers(port), log=log, seconds=120)
    except BaseException:
        running.stop()
        raise
    return running


def _settings(folder: Path, home: Path, port: int) -> dict[str, str]:
    return {
        "HOME": str(folder),  # where Erlang keeps its cookie
        "ERL_LIBS": str(home / "plugins"),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(processes.free_port()),
        "RABBITMQ_HOME": str(home),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none.conf"),
        "RABBITMQ_CONFIG_FILE": str(folder / "none"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "none.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log.d"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_NODENAME": f"jalon-{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(processes.free_port()),
    }


def _erlang(erlexec: Path) -> dict[str, str]:
    return {
        "ROOTDIR": str(erlexec.parents[2]),
        "BINDIR": str(erlexec.parent),
        "EMU": "beam",
        "PROGNAME": "erl",
        "PATH": f"{erlexec.parents[2] / 'bin'}:{erlexec.parent}:/usr/bin:/bin",
    }


def _answers(port: int) -> bool:
    """Whether the broker speaks AMQP: its port opens before it is ready to."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(_AMQP_0_9_1)
            return connection.recv(1) == b"\x01"  # a method frame: Connection.Start
    except OSError:
        return False
