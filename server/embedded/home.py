"""Where an embedded PostgreSQL lives: its home, its secret, and its short private folder."""

import contextlib
import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

# A folder of /tmp, whatever TMPDIR or XDG_RUNTIME_DIR say: every command must find the same one,
# and the folder of a login session goes away with it while a server under tmux stays.
_RUNTIME_PARENT = Path("/tmp")  # noqa: S108 - the folder below it is checked by private_folder()


class EmbeddedRefused(Exception):
    """The embedded PostgreSQL will not start here; the message says why, in French."""


def home() -> Path:
    """Return the folder of this installation: $JALON_HOME, else `.jalon` where we are."""
    chosen = os.environ.get("JALON_HOME")
    return Path(chosen).absolute() if chosen else Path.cwd() / ".jalon"


@dataclass(frozen=True)
class Layout:
    """Every path of one home. `of` resolves symbolic links, so that a home has one name."""

    home: Path

    @classmethod
    def of(cls, home: Path) -> "Layout":
        return cls(home.resolve())

    @property
    def data(self) -> Path:
        return self.home / "postgres"

    @property
    def half_made(self) -> Path:
        """Where initdb works; renamed to `data` once it is whole."""
        return self.home / "postgres.half-made"

    @property
    def secret(self) -> Path:
        return self.home / "postgres.secret"

    @property
    def lock(self) -> Path:
        return self.home / "postgres.lock"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def runtime(self) -> Path:
        """A short path, for a socket's is 107 bytes at most; two homes never share one."""
        name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:20]
        return _RUNTIME_PARENT / f"jalon-{name}"

    @property
    def control(self) -> Path:
        """The supervisor's socket: an open connection there is a user of the server."""
        return self.runtime / "control"

    @property
    def sockets(self) -> Path:
        """PostgreSQL's socket folder, owned by the uid it runs as."""
        return self.runtime / "s"


def prepare_home(layout: Layout) -> None:
    """Make the home if it is missing; refuse one that somebody else owns."""
    try:
        layout.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedRefused(
            f"Le dossier {layout.home} ne peut pas être créé : {error.strerror}. "
            "Indiquez-en un autre avec JALON_HOME."
        ) from None
    check_owner(layout)


def check_owner(layout: Layout) -> None:
    """Refuse a home that somebody else owns: they could change the data or the secret."""
    owner = layout.home.stat().st_uid
    if owner != os.geteuid():
        raise EmbeddedRefused(
            f"Le dossier {layout.home} appartient à l'utilisateur {owner}, pas à l'utilisateur "
            f"{os.geteuid()} qui lance Jalon. Relancez sous ce compte, ou indiquez un autre "
            "dossier avec JALON_HOME."
        )


def private_folder(path: Path, owner: int) -> None:
    """
    Refuse a folder that is not `owner`'s own and closed to all others.

    0711 is let through: it is the runtime folder when PostgreSQL runs as another uid and must
    walk through; nothing can be listed or written, and what is inside is closed in its turn.
    """
    found = path.lstat()
    whole = stat.S_ISDIR(found.st_mode) and found.st_uid == owner
    if not whole or stat.S_IMODE(found.st_mode) not in (0o700, 0o711):
        raise EmbeddedRefused(
            f"Le dossier {path} devrait être un dossier privé (droits 0700) de l'utilisateur "
            f"{owner} ; il ne l'est pas, et quelqu'un d'autre l'a peut-être préparé. "
            "Vérifiez-le et supprimez-le, puis relancez."
        )


def read_secret(layout: Layout) -> bytes:
    """Return the home's secret; refuse one that anybody else owns or may read."""
    try:
        descriptor = os.open(layout.secret, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        raise EmbeddedRefused(
            f"Le fichier {layout.secret} manque alors que la base de données existe : restaurez-le "
            "d'une sauvegarde, les mots de passe des connexions en découlent."
        ) from None
    except OSError as error:
        raise EmbeddedRefused(
            f"Le fichier {layout.secret} ne peut pas être lu : {error.strerror}."
        ) from None
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
            raise EmbeddedRefused(f"Le fichier {layout.secret} devrait appartenir à qui le lit.")
        if found.st_mode & 0o077:
            raise EmbeddedRefused(
                f"Le fichier {layout.secret} est lisible par d'autres que son propriétaire. "
                f"Rendez-le privé (chmod 600 {layout.secret}) ; s'il a pu être lu, "
                "changez les mots de passe."
            )
        secret = file.read().strip()
    if len(secret) < 32:
        raise EmbeddedRefused(f"Le fichier {layout.secret} est incomplet : restaurez-le.")
    return secret


def make_secret(layout: Layout) -> None:
    """Write a new secret, whole or not at all. Only before the first initdb, under the lock."""
    draft = layout.secret.with_suffix(".draft")
    with contextlib.suppress(FileNotFoundError):
        draft.unlink()
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode())
        file.flush()
        os.fsync(descriptor)
    draft.rename(layout.secret)


def derive_password(secret: bytes, login: str) -> str:
    """HMAC-SHA256 of the login, in hexadecimal: a password per login and no table of them."""
    return hmac.new(secret, login.encode(), hashlib.sha256).hexdigest()
