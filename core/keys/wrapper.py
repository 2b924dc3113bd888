"""
What wraps the one key per tenant from which everything else hangs: a file, an HSM, a KMS.

Only the tenants' keys are wrapped here, so a new master key touches one row per tenant, and a
KMS is asked once per tenant and process, never once per person.
"""

from typing import Protocol


class UnwrapRefused(Exception):
    """The wrapped key is not of this wrapper, not for this context, or was altered."""


class KeyWrapper(Protocol):
    """
    A master key that never leaves its place.

    Implementations may block on a device or a network: async callers use a thread. A failure of
    the device is its own exception; `UnwrapRefused` is a final answer.
    """

    @property
    def id(self) -> str:
        """Names the master key and its version; stored beside what it wraps. Holds no secret."""

    def wrap(self, plaintext: bytes, context: bytes) -> bytes:
        """The key, encrypted and bound to a context: the AAD here, an encryption context in KMS."""

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """The key that was wrapped with this very context; raises `UnwrapRefused`."""
