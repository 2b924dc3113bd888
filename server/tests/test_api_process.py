"""`jalon serve` as a process: told to stop it finishes what it has accepted."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import httpx
import msgspec
import pytest

from core.access.tokens import development_issuer, issue_development_token
from core.keys.local import LocalWrapper
from core.settings import Settings
from server.tests.house import site
from tests.installation import Installation

AUDITOR = {"05D": ["auditeur"]}


class Serving:
    """A server under way, and what it says; `url` once it listens."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.said: list[str] = []
        self._lines: Queue[str] = Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.url = self._url()

    def stop(self, sig: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(sig)
        code = self.process.wait(timeout=30)
        self._listener.join()
        return code

    @property
    def logged(self) -> list[dict[str, object]]:
        return [msgspec.json.decode(line) for line in self.said if line.startswith("{")]

    def _url(self) -> str:
        while line := self._lines.get(timeout=60):
            if found := re.search(r"http://[\d.:]+", line):
                return found[0]
        raise AssertionError("".join(self.said))

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            self._lines.put(line)
        self._lines.put("")


def environment(settings: Settings, **more: str) -> dict[str, str]:
    passwords = {
        f"JALON_{login.upper()}_PASSWORD": secret.value
        for login, secret in settings.database_passwords.items()
    }
    return {
        "PATH": os.environ["PATH"],
        "JALON_ENV": settings.environment,
        "JALON_HOME": str(settings.home),
        "JALON_DATABASE_URL": str(settings.database_url),
        "JALON_PORT": "0",
        **passwords,
        **more,
    }


def jalon(words: list[str], variables: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", "from server.cli import main; main()", *words],
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def serving(variables: dict[str, str]) -> Iterator[Serving]:
    process = jalon(["serve"], variables)
    try:
        yield Serving(process)
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def settings(installation: Installation, tmp_path: Path) -> Settings:
    return site(installation, tmp_path).settings


@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGINT])
def test_a_server_told_to_stop_answers_what_it_accepted_and_ends(
    settings: Settings, sig: signal.Signals
) -> None:
    token = issue_development_token(settings.home, "auditrice", AUDITOR)
    with serving(environment(settings)) as server:
        assert httpx.get(f"{server.url}/healthz").status_code == 200
        address = httpx.URL(server.url)
        with socket.create_connection((address.host, address.port or 0)) as connection:
            # Accepted and half sent when the signal comes: it is still answered.
            request = (
                f"GET /api/v1/tenants/05D/facts HTTP/1.1\r\nHost: jalon\r\n"
                f"Authorization: Bearer {token}\r\nConnection: close\r\n\r\n"
            ).encode()
            connection.sendall(request)
            assert server.stop(sig) == 0
            answer = connection.makefile("rb").read()
        assert answer.startswith(b"HTTP/1.1 200")
        assert "Traceback" not in "".join(server.said)
        assert {line["status"] for line in server.logged if line["event"] == "http.request"} == {
            200
        }
        # Who asked is told by the account, never by the token or by where they are.
        assert token not in "".join(server.said)
        assert f"{address.host}:" not in "".join(server.said[1:])


def test_a_port_that_is_taken_is_told_in_a_sentence(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = jalon(["serve", "--port", str(port)], environment(settings))
        told, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"port {port}" in told
    assert "Traceback" not in told


def test_a_server_in_production_refuses_a_development_token(settings: Settings) -> None:
    token = issue_development_token(settings.home, "auditrice", AUDITOR)
    keys = [key.as_dict(private=False) for key in development_issuer(settings.home).keys]
    production = environment(
        settings,
        JALON_ENV="production",
        JALON_MASTER_KEY=str(settings.master_key),
        JALON_TOKEN_KEYS=msgspec.json.encode({"keys": keys}).decode(),
        JALON_TOKEN_ISSUER="https://identite.example.fr",
        JALON_TOKEN_AUDIENCE="jalon",
        JALON_PUBLIC_URL="https://jalon.example.fr",
    )
    with serving(production) as server:
        answer = httpx.get(
            f"{server.url}/api/v1/tenants/05D/facts", headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 401
        assert server.stop() == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"JALON_TOKEN_ISSUER": "jalon-development"}, "JALON_TOKEN_ISSUER"),
        ({"JALON_TOKEN_KEYS": ""}, "JALON_TOKEN_KEYS"),
        ({"JALON_TOKEN_KEYS": '{"keys": []}'}, "JALON_TOKEN_KEYS"),
        ({"JALON_MASTER_KEY": ""}, "JALON_MASTER_KEY"),
        ({"JALON_MASTER_KEY": "/nulle/part"}, "fichier de clé"),
    ],
    ids=["issuer", "no-keys", "empty-keys", "no-master-key", "lost-master-key"],
)
def test_production_does_not_start_without_its_secrets(
    settings: Settings, change: dict[str, str], told: str
) -> None:
    keys = [key.as_dict(private=False) for key in development_issuer(settings.home).keys]
    given = {
        "JALON_ENV": "production",
        "JALON_MASTER_KEY": str(settings.master_key),
        "JALON_TOKEN_KEYS": msgspec.json.encode({"keys": keys}).decode(),
        "JALON_TOKEN_ISSUER": "https://identite.example.fr",
        "JALON_TOKEN_AUDIENCE": "jalon",
        "JALON_PUBLIC_URL": "https://jalon.example.fr",
    }
    process = jalon(["serve"], environment(settings, **(given | change)))
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert told in said
    assert "Traceback" not in said


def test_the_master_key_of_an_installation_is_the_one_that_is_named(
    settings: Settings, tmp_path: Path
) -> None:
    other = tmp_path / "autre.key"
    LocalWrapper.create(other)
    named = Settings.from_environment(environment(settings, JALON_MASTER_KEY=str(other)))
    assert named.master_key == other
