"""
Files attached to something: stored once per content, sealed, never changed.

A file is found by what it belongs to and the SHA-256 of its bytes, which a fact holds; who may read
the one may read the other. Every read is written to the access journal in its own transaction.
"""

import asyncio
import hashlib

import msgspec
from psycopg import sql

from core.access import journal
from core.access.journal import Reading
from core.attachments.media import media_type_of
from core.directory.keyring import Keyring
from core.directory.refusals import UnknownPerson
from core.domain.file import MediaType
from core.domain.refusal import CORE_REFUSALS, Refusal, Refused
from core.keys.bodies import seal_body, unseal_body
from core.tenancy import Tenant


class Attached(msgspec.Struct, frozen=True, kw_only=True):
    """A stored file: `sha256` of its bytes in hexadecimal, its size in bytes."""

    subject: str
    sha256: str
    media_type: MediaType
    size: int


class Attachments:
    """The files of every tenant of an installation; `limit` is what each may have, in bytes."""

    def __init__(self, keyring: Keyring, limit: int) -> None:
        self._keyring = keyring
        self.limit = limit

    def refuse_larger(self, size: int) -> None:
        """Refused as `file_is_too_large`: for who receives a file, before having all of it."""
        if size > self.limit:
            raise _refusal(Refused("file_is_too_large", values={"limit": self.limit}))

    async def attach(
        self, tenant: Tenant, subject: str, content: bytes, *, person: bool = False
    ) -> Attached:
        """
        Stores a file under the key of a stream, or of a registered `person`; once per content.

        Refused as `file_type_is_not_admitted`, `file_is_too_large`, `person_is_unknown`, or
        `key_is_destroyed`.
        """
        self.refuse_larger(len(content))
        media_type = media_type_of(content)
        if media_type is None:
            raise _refusal(Refused("file_type_is_not_admitted"))
        keys = await self._keyring.find(tenant, [subject])
        if person and (subject not in keys or keys[subject].kind != "person"):
            raise UnknownPerson(subject)
        if not keys:
            keys = await self._keyring.make_for_streams(tenant, [subject])
        key = keys[subject].key.sealing
        digest, sealed = await asyncio.to_thread(_sealed, key, tenant.code, subject, content)
        query = sql.SQL(
            """insert into {} (subject, sha256, media_type, size, sealed)
               values (%s, %s, %s, %s, %s) on conflict do nothing"""
        ).format(_table(tenant))
        async with self._keyring.database(tenant).serving(tenant) as connection:
            line = (subject, bytes.fromhex(digest), media_type, len(content), sealed)
            await connection.execute(query, line)
        return Attached(subject=subject, sha256=digest, media_type=media_type, size=len(content))

    async def open(
        self, tenant: Tenant, subject: str, sha256: str, reading: Reading
    ) -> tuple[Attached, bytes] | None:
        """
        A file and its bytes; None when there is none, or when its key is gone.

        Raises `core.keys.sealing.Unreadable` for one that was altered: that is never normal.
        """
        await self._keyring.tenant_key(tenant)
        query = sql.SQL(
            "select media_type, size, sealed from {} where subject = %s::uuid and sha256 = %s"
        ).format(_table(tenant))
        async with self._keyring.database(tenant).serving(tenant) as connection:
            keys = await self._keyring.find(tenant, [subject], connection)
            found = await connection.execute(query, (subject, bytes.fromhex(sha256)), binary=True)
            line = await found.fetchone()
            if line is None or subject not in keys:
                return None
            await journal.record(connection, tenant, reading, [subject])
        media_type, size, sealed = line
        key = keys[subject].key.sealing
        content = await asyncio.to_thread(unseal_body, key, tenant.code, subject, sha256, sealed)
        attached = Attached(subject=subject, sha256=sha256, media_type=media_type, size=size)
        return attached, content


def _refusal(refused: Refused) -> Refusal:
    return Refusal(refused, CORE_REFUSALS[refused.code].format(**refused.values))


def _sealed(key: bytes, tenant: str, subject: str, content: bytes) -> tuple[str, bytes]:
    digest = hashlib.sha256(content).hexdigest()
    return digest, seal_body(key, tenant, subject, digest, content)


def _table(tenant: Tenant) -> sql.Identifier:
    return sql.Identifier(tenant.facts_schema, "attachments")
