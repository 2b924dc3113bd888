"""
Who a bearer token says is acting.

A token is a signed JWT with `sub`, `exp`, `jalon`: role codes by tenant code, and `jalon_known_as`:
ids of the professionals and of the structures the account stands for, by tenant code. What a role
may do is not in the token: the installed modules say it. Development tokens are signed by a key
that lies under the Jalon home; their issuer is never trusted by a server in production.
"""

import os
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, KeySetSerialization, OKPKey

from core.access.actor import Actor, KnownAs
from core.ids import ID_PATTERN

DEVELOPMENT_ISSUER = "jalon-development"
DEVELOPMENT_AUDIENCE = "jalon"

ALGORITHMS = ("Ed25519", "EdDSA", "ES256", "ES384", "PS256", "RS256")
"""Asymmetric ones only: who checks a token must not be able to make one."""

LEEWAY = 60
"""Seconds by which clocks may differ."""

_KEY_FILE = "development-token-key.json"


class InvalidToken(Exception):
    """The token does not say who acts: `reason` is a code, never a part of the token."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BadKeys(ValueError):
    """The set of public keys cannot be used; the message is a French sentence."""


_Id = Annotated[str, msgspec.Meta(pattern=ID_PATTERN)]


class _Ids(msgspec.Struct, frozen=True):
    professionals: list[_Id] = []
    structures: list[_Id] = []


class _Claims(msgspec.Struct, frozen=True):
    sub: str
    jalon: dict[str, list[str]] = {}
    jalon_known_as: dict[str, _Ids] = {}


class Issuer(msgspec.Struct, frozen=True, kw_only=True):
    """Who may say who someone is: its name, for whom its tokens are, and its public keys."""

    name: str
    audience: str
    keys: Sequence[Key]


class TokenReader:
    """
    Checks tokens against the issuers that are trusted.

    Each key says which algorithm it is for; a token signed with another one is refused, whatever
    its header asks for. `grants_of` gives the permissions of a role code, none when unknown.
    """

    def __init__(
        self,
        issuers: Sequence[Issuer],
        grants_of: Callable[[str], frozenset[str]],
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._trusted: dict[str, tuple[Key, Issuer]] = {}
        for issuer in issuers:
            if not issuer.keys:
                raise BadKeys("Aucune clé publique : personne ne pourrait se présenter.")
            for key in issuer.keys:
                self._trust(key, issuer)
        self._grants_of = grants_of
        self._now = now

    def _trust(self, key: Key, issuer: Issuer) -> None:
        if key.alg not in ALGORITHMS or key.is_private or key.kid is None:
            raise BadKeys(
                "Chaque clé publique doit porter « kid » et « alg », parmi : "
                f"{', '.join(ALGORITHMS)} ; aucune clé privée."
            )
        if key.kid in self._trusted:
            raise BadKeys("Deux clés publiques portent le même « kid ».")
        self._trusted[key.kid] = key, issuer

    def actor(self, token: str) -> Actor:
        """The actor of a token; raises `InvalidToken`."""
        claims = self._claims(token)
        return Actor(
            id=claims.sub,
            grants={
                tenant: frozenset[str]().union(*(self._grants_of(role) for role in roles))
                for tenant, roles in claims.jalon.items()
            },
            known_as={
                tenant: KnownAs(
                    professionals=frozenset(ids.professionals),
                    structures=frozenset(ids.structures),
                )
                for tenant, ids in claims.jalon_known_as.items()
            },
        )

    def _claims(self, token: str) -> _Claims:
        trusted = self._trusted.get(_key_id(token))
        if trusted is None:
            raise InvalidToken("unknown_key")
        key, issuer = trusted
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self._now()),
            leeway=LEEWAY,
            iss={"essential": True, "value": issuer.name},
            aud={"essential": True, "value": issuer.audience},
            sub={"essential": True},
            exp={"essential": True},
        )
        try:
            claims = jwt.decode(token, key, algorithms=[str(key.alg)]).claims
            registry.validate(claims)
        except JoseError as error:
            raise InvalidToken(error.error) from error
        try:
            return msgspec.convert(claims, _Claims)
        except msgspec.ValidationError as error:
            raise InvalidToken("invalid_claim") from error


def public_keys(jwks: bytes) -> list[Key]:
    """The keys of a JWKS document; raises `BadKeys`."""
    try:
        document: KeySetSerialization = msgspec.json.decode(jwks)
        return list(KeySet.import_key_set(document).keys)
    except (msgspec.DecodeError, JoseError, ValueError, TypeError, KeyError) as error:
        raise BadKeys("Les clés publiques ne forment pas un JWKS lisible.") from error


def development_issuer(home: Path) -> Issuer:
    """The home itself, which signs for development; its key is made when there is none."""
    public: Any = _development_key(home).as_dict(private=False)
    return Issuer(
        name=DEVELOPMENT_ISSUER, audience=DEVELOPMENT_AUDIENCE, keys=[OKPKey.import_key(public)]
    )


def issue_development_token(
    home: Path,
    actor: str,
    roles: Mapping[str, Sequence[str]],
    *,
    known_as: Mapping[str, KnownAs] | None = None,
    lifetime: int = 12 * 3600,
    now: Callable[[], float] = time.time,
) -> str:
    """
    A token for a server in development with the same home.

    `roles` are role codes by tenant code, `known_as` whom the account stands for, likewise;
    `lifetime` is in seconds. A server in production does
    not know the key and does not trust the issuer.
    """
    key, issued = _development_key(home), int(now())
    claims = {
        "iss": DEVELOPMENT_ISSUER,
        "aud": DEVELOPMENT_AUDIENCE,
        "sub": actor,
        "iat": issued,
        "exp": issued + lifetime,
        "jalon": {tenant: list(codes) for tenant, codes in roles.items()},
        "jalon_known_as": {
            tenant: {
                "professionals": sorted(ids.professionals),
                "structures": sorted(ids.structures),
            }
            for tenant, ids in (known_as or {}).items()
        },
    }
    return jwt.encode({"alg": "Ed25519", "kid": key.kid}, claims, key, algorithms=["Ed25519"])


def _development_key(home: Path) -> OKPKey:
    path = home / _KEY_FILE
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = OKPKey.generate_key("Ed25519", {"alg": "Ed25519", "use": "sig"}, auto_kid=True)
        draft = path.with_name(f".{_KEY_FILE}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_bytes(msgspec.json.encode(made.as_dict(private=True)))
        try:
            # A link does not replace: of two processes that start at once, one key stays.
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return OKPKey.import_key(msgspec.json.decode(path.read_bytes()))


def _key_id(token: str) -> str:
    """Which key the token says it is signed with; checked by using that key and no other."""
    try:
        header = msgspec.json.decode(_base64url(token.split(".", 1)[0]), type=dict[str, Any])
    except (ValueError, msgspec.DecodeError) as error:
        raise InvalidToken("not_a_token") from error
    kid = header.get("kid")
    return kid if isinstance(kid, str) else ""


def _base64url(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
