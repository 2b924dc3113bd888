"""
The master key in a file, for one machine: 32 random bytes that only their owner may read.

Whoever has the file and the database reads everything; whoever loses the file loses every name
and every text. It is backed up apart from the database.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.keys.framing import framed
from core.keys.wrapper import UnwrapRefused

_HEADER = "jalon-local-key-1 "
_NONCE = 12
_LABEL = "jalon/1/local-wrapper"


class KeyFileRefused(Exception):
    """The key file is absent, exposed or damaged; the message is for the operator."""


class LocalWrapper:
    """
    AES-256-GCM under the key of a file.

    Nonces are random: one key wraps one line per tenant, far below the 2^32 of NIST SP 800-38D.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._id = f"local:{hmac.digest(key, b'jalon/1/key-id', hashlib.sha256)[:8].hex()}"

    @classmethod
    def create(cls, path: Path) -> Self:
        """
        Makes a new key file and gives its wrapper.

        Raises `KeyFileRefused` when there is a file already: a key is never replaced by accident.
        """
        key = secrets.token_bytes(32)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except FileExistsError:
            message = f"le fichier de clé {path} existe déjà : il n'est jamais remplacé"
            raise KeyFileRefused(message) from None
        except OSError as error:
            message = f"le fichier de clé {path} ne peut pas être créé : {error.strerror}"
            raise KeyFileRefused(message) from None
        with os.fdopen(handle, "wb") as file:
            # The mask of the process may have taken rights away, and never adds any.
            os.fchmod(file.fileno(), 0o600)
            file.write(_HEADER.encode() + base64.b64encode(key) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        _keep_entry(path.parent)
        return cls(key)

    @classmethod
    def load(cls, path: Path) -> Self:
        """The wrapper of an existing key file; raises `KeyFileRefused`, never makes a file."""
        try:
            with path.open("rb") as file:
                _refuse_exposed(path, os.fstat(file.fileno()))
                content = file.read(1024)
        except FileNotFoundError:
            message = f"le fichier de clé {path} n'existe pas"
            raise KeyFileRefused(message) from None
        except OSError as error:
            message = f"le fichier de clé {path} ne peut pas être lu : {error.strerror}"
            raise KeyFileRefused(message) from None
        return cls(_parsed(path, content))

    @property
    def id(self) -> str:
        return self._id

    def wrap(self, plaintext: bytes, context: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plaintext, framed(_LABEL, context))

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        try:
            return self._cipher.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], framed(_LABEL, context))
        except (InvalidTag, ValueError) as error:
            raise UnwrapRefused(self.id) from error


def _refuse_exposed(path: Path, status: os.stat_result) -> None:
    """Looks at what was opened, not at the name: nothing can be swapped in between."""
    if not stat.S_ISREG(status.st_mode):
        message = f"la clé {path} n'est pas un fichier ordinaire"
        raise KeyFileRefused(message)
    if status.st_uid != os.geteuid():
        message = f"le fichier de clé {path} appartient à un autre compte (uid {status.st_uid})"
        raise KeyFileRefused(message)
    if status.st_mode & 0o077:
        message = (
            f"le fichier de clé {path} est ouvert à d'autres comptes "
            f"(droits {stat.S_IMODE(status.st_mode):04o}) : chmod 600 {path}"
        )
        raise KeyFileRefused(message)


def _parsed(path: Path, content: bytes) -> bytes:
    damaged = f"le fichier de clé {path} est abîmé ou n'est pas une clé de Jalon"
    try:
        line = content.decode("ascii").removesuffix("\n")
        key = base64.b64decode(line.removeprefix(_HEADER), validate=True)
    except (UnicodeDecodeError, binascii.Error):
        raise KeyFileRefused(damaged) from None
    if not line.startswith(_HEADER) or len(key) != 32:
        raise KeyFileRefused(damaged)
    return key


def _keep_entry(folder: Path) -> None:
    """The name in its folder is durable too: a key that wrapped something must not vanish."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
