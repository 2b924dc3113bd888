"""
What an installation is told by its environment: read once, checked whole, never printed whole.

Every variable begins with `JALON_`. Errors name the variable, and never its value: it may be a
secret.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar
from urllib.parse import SplitResult, urlsplit

import msgspec

Environment: TypeAlias = Literal["development", "production"]
LogFormat: TypeAlias = Literal["console", "json"]
Reach: TypeAlias = Literal["public", "loopback", "private"]
"""Where webhooks may be sent: to public servers over https; also to this machine, over http too;
also to private networks."""

T = TypeVar("T")

MIB = 1_048_576

_LARGEST_FILE = 64
"""Mebibytes: a file is in memory while it is sealed."""

_OF_PRODUCTION = (
    "JALON_MASTER_KEY",
    "JALON_TOKEN_KEYS",
    "JALON_TOKEN_ISSUER",
    "JALON_TOKEN_AUDIENCE",
    "JALON_PUBLIC_URL",
)
"""What is made up in development and must be given in production."""


class BadSettings(ValueError):
    """The environment cannot be used as it is; `problems` are French sentences, all of them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Secret(msgspec.Struct, frozen=True, repr_omit_defaults=True):
    """A value that must not show, in a trace or a log, because someone printed what holds it."""

    value: str

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """
    An installation's settings.

    `database_url` None means the embedded PostgreSQL under `home`; it names a server and a
    database, no account: each process adds its own login. `broker_url` None means that PostgreSQL
    carries the messages. `token_keys` is a JWKS of public keys, or None: then only development
    tokens are known, which a server in production refuses.
    """

    environment: Environment
    home: Path
    host: str
    port: int
    log_format: LogFormat
    database_url: str | None = None
    database_passwords: Mapping[str, Secret] = {}
    """By login: `provision`, `serve`, `project`."""
    admin_url: Secret | None = None
    """An administrator of the server, for `jalon install` alone; with its account."""
    broker_url: Secret | None = None
    master_key: Path
    """File of the key under which the keys of every tenant are wrapped."""
    token_keys: bytes | None = None
    token_issuer: str | None = None
    token_audience: str | None = None
    requests_per_minute: int = 3000
    """Of one account, in one process."""
    replay_facts: int = 500_000
    """Beyond, a figure of the past is for the command line and no longer for a request."""
    replay_seconds: int = 30
    """What such a request may take."""
    webhook_reach: Reach = "public"

    public_url: str | None = None
    """Where the installation is reached from outside: printed on papers, for years."""
    attachment_limit: int = 10 * MIB
    """Bytes of one attached file."""

    @property
    def address(self) -> str:
        """Where it is reached; without a public address, where it listens."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Decodes and checks the environment; raises `BadSettings` with everything wrong in it."""
        reading = _Reading(os.environ if environment is None else environment)
        database_url = reading.optional("JALON_DATABASE_URL", _database_url)
        home = reading.value("JALON_HOME", Path, ".jalon")
        settings = cls(
            environment=reading.value("JALON_ENV", _environment)
            if database_url is not None or reading.given("JALON_ENV")
            else "development",
            home=home,
            host=reading.value("JALON_HOST", str, "127.0.0.1"),
            port=reading.value("JALON_PORT", _port, "8000"),
            log_format=reading.value("JALON_LOG", _log_format, "json"),
            database_url=database_url,
            database_passwords={
                login: secret
                for login in ("provision", "serve", "project")
                if (secret := reading.optional(f"JALON_{login.upper()}_PASSWORD", Secret))
            },
            admin_url=reading.optional("JALON_ADMIN_URL", _admin_url),
            broker_url=reading.optional("JALON_BROKER_URL", _broker_url),
            master_key=reading.optional("JALON_MASTER_KEY", Path) or home / "master.key",
            token_keys=reading.optional("JALON_TOKEN_KEYS", _keys),
            token_issuer=reading.optional("JALON_TOKEN_ISSUER", str),
            token_audience=reading.optional("JALON_TOKEN_AUDIENCE", str),
            requests_per_minute=reading.value("JALON_REQUESTS_PER_MINUTE", _count, "3000"),
            replay_facts=reading.value("JALON_REPLAY_FACTS", _count, "500000"),
            replay_seconds=reading.value("JALON_REPLAY_SECONDS", _count, "30"),
            webhook_reach=reading.value("JALON_WEBHOOKS", _reach, "public"),
            public_url=reading.optional("JALON_PUBLIC_URL", _public_url),
            attachment_limit=reading.value("JALON_ATTACHMENT_MIB", _mebibytes, "10"),
        )
        if settings.environment == "production":
            for variable in _OF_PRODUCTION:
                reading.require(variable, "en production")
        elif settings.token_keys is not None:
            for variable in ("JALON_TOKEN_ISSUER", "JALON_TOKEN_AUDIENCE"):
                reading.require(variable, "avec JALON_TOKEN_KEYS")
        if reading.problems:
            raise BadSettings(reading.problems)
        return settings


class _Reading:
    """One pass over the environment, which keeps every problem for one answer."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.problems: list[str] = []

    def given(self, variable: str) -> bool:
        """An empty variable is one that is not set: compose files cannot say it otherwise."""
        return bool(self._environment.get(variable))

    def require(self, variable: str, when: str) -> None:
        if not self.given(variable):
            self.problems.append(f"{variable} : obligatoire {when}.")

    def optional(self, variable: str, decode: Callable[[str], T]) -> T | None:
        return self.value(variable, decode) if self.given(variable) else None

    def value(self, variable: str, decode: Callable[[str], T], default: str = "") -> T:
        text = self._environment.get(variable) or default
        try:
            return decode(text)
        except _Unusable as error:
            self.problems.append(f"{variable} : {error}")
            return decode(default) if default else None  # type: ignore[return-value]


class _Unusable(ValueError):
    """Why a value cannot be used, as a French sentence without the value."""


def _environment(text: str) -> Environment:
    match text:
        case "development" | "production":
            return text
    raise _Unusable("attendu development ou production.")


def _log_format(text: str) -> LogFormat:
    match text:
        case "console" | "json":
            return text
    raise _Unusable("attendu console ou json.")


def _reach(text: str) -> Reach:
    match text:
        case "public" | "loopback" | "private":
            return text
    raise _Unusable("attendu public, loopback ou private.")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise _Unusable("attendu un numéro de port, de 0 à 65535.")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 10**9:
        raise _Unusable("attendu un nombre entier, 1 au moins.")
    return int(text)


def _public_url(text: str) -> str:
    parts = _split(text)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
        raise _Unusable("attendu https://nom-public, sans paramètres.")
    if parts.username or parts.password:
        raise _Unusable("sans compte ni mot de passe : cette adresse est imprimée.")
    return text.rstrip("/")


def _mebibytes(text: str) -> int:
    """Bytes, told in mebibytes."""
    if not text.isdecimal() or not 1 <= int(text) <= _LARGEST_FILE:
        raise _Unusable(f"attendu un nombre de mébioctets, de 1 à {_LARGEST_FILE}.")
    return int(text) * MIB


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise _Unusable("cette adresse n'est pas une URL.") from error
    return parts


def _database_url(text: str) -> str:
    parts = _split(text)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise _Unusable("attendu postgresql://serveur:port/base.")
    if parts.username or parts.password:
        raise _Unusable(
            "sans compte ni mot de passe : chaque processus a le sien "
            "(JALON_SERVE_PASSWORD, JALON_PROJECT_PASSWORD, JALON_PROVISION_PASSWORD)."
        )
    return text


def _admin_url(text: str) -> Secret:
    parts = _split(text)
    if parts.scheme not in ("postgresql", "postgres"):
        raise _Unusable("attendu postgresql://compte:mot-de-passe@serveur:port/base.")
    return Secret(text)


def _broker_url(text: str) -> Secret:
    if _split(text).scheme not in ("amqp", "amqps"):
        raise _Unusable("attendu amqp://compte:mot-de-passe@serveur:port/.")
    return Secret(text)


def _keys(text: str) -> bytes:
    """A JWKS, written in the variable or in the file it names."""
    if text.lstrip().startswith("{"):
        return text.encode()
    try:
        return Path(text).read_bytes()
    except OSError as error:
        raise _Unusable("ce fichier de clés publiques (JWKS) ne se lit pas.") from error
