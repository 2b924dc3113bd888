"""
The keys of a tenant and of each person, and what each of them is used for.

    wrapper (file, HSM, KMS)
      └ tenant key ─┬ wraps the data key of each person and each stream
                    ├ keys the blind index of the people directory
                    ├ keys the ids of what is made under an idempotency key
                    └ keys the tags of facts about no person
          data key ─┬ seals texts (a key per token, see `core.keys.sealing`)
                    └ keys the tags of facts about the person

Stored keys are 32 random bytes. What is used is never the stored key but a subkey of it, derived
with HKDF-Expand over a label of its own (RFC 5869; section 3.3 lets uniformly random keys skip
the extraction), so that no use can weaken another. Data keys are random and not derived from the
tenant key: destroying the wrapped line of a person destroys all that was under it.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from core.keys.framing import framed
from core.keys.wrapper import KeyWrapper, UnwrapRefused

KEY_SIZE = 32
_NONCE = 12


def derive(key: bytes, *info: str | bytes) -> bytes:
    """A subkey of 32 bytes for one use, named by `info`."""
    return HKDFExpand(SHA256(), KEY_SIZE, framed("jalon/1", *info)).derive(key)


class DataKey:
    """The key of one person or one stream, as its two subkeys."""

    __slots__ = ("sealing", "tagging")

    def __init__(self, secret: bytes) -> None:
        self.sealing = derive(secret, "seal")
        self.tagging = derive(secret, "tag")


class TenantKey:
    """The key of one tenant, as its four subkeys."""

    def __init__(self, tenant: str, secret: bytes) -> None:
        self._tenant = tenant
        self._wrapping = AESGCM(derive(secret, "wrap"))
        self.indexing = derive(secret, "index")
        self.naming = derive(secret, "name")
        self.tagging = derive(secret, "tag")

    @classmethod
    def create(cls, tenant: str, wrapper: KeyWrapper) -> bytes:
        """A new tenant key, wrapped, to be stored; open it with `unwrap`."""
        return wrapper.wrap(secrets.token_bytes(KEY_SIZE), _context(tenant))

    @classmethod
    def unwrap(cls, tenant: str, wrapped: bytes, wrapper: KeyWrapper) -> "TenantKey":
        """Raises `UnwrapRefused` when this wrapper did not wrap it for this tenant."""
        return cls(tenant, wrapper.unwrap(wrapped, _context(tenant)))

    def new_data_key(self, subject: str) -> tuple[DataKey, bytes]:
        """
        A new key for a person or a stream, and its wrapped form, to be stored.

        AES-256-GCM with random nonces: 2^32 data keys per tenant at most (NIST SP 800-38D, 8.3).
        """
        secret, nonce = secrets.token_bytes(KEY_SIZE), secrets.token_bytes(_NONCE)
        wrapped = self._wrapping.encrypt(nonce, secret, self._bound(subject))
        return DataKey(secret), nonce + wrapped

    def unwrap_data_key(self, subject: str, wrapped: bytes) -> DataKey:
        """Raises `UnwrapRefused` when the line was altered or is another subject's."""
        try:
            secret = self._wrapping.decrypt(
                wrapped[:_NONCE], wrapped[_NONCE:], self._bound(subject)
            )
        except (InvalidTag, ValueError) as error:
            raise UnwrapRefused(subject) from error
        return DataKey(secret)

    def _bound(self, subject: str) -> bytes:
        return framed("jalon/1/data-key", self._tenant, subject)


def _context(tenant: str) -> bytes:
    return framed("jalon/1/tenant-key", tenant)
