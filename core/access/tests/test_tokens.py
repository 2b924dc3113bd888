from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey

from core.access.actor import KnownAs
from core.access.tokens import (
    BadKeys,
    InvalidToken,
    Issuer,
    TokenReader,
    development_issuer,
    issue_development_token,
    public_keys,
)
from core.testing.scenario import an_id

NOW = 1_760_000_000.0
PROFESSIONAL, STRUCTURE = an_id(1), an_id(2)
GRANTS = {"animateur": frozenset({"ravie.cycle.read", "ravie.cycle.plan@related"})}
ISSUER = "https://identite.example.fr"
CLAIMS = {"iss": ISSUER, "aud": "jalon", "sub": "compte-1", "exp": NOW + 60}


def grants_of(role: str) -> frozenset[str]:
    return GRANTS.get(role, frozenset())


def development(home: Path, now: Callable[[], float] = lambda: NOW) -> TokenReader:
    return TokenReader([development_issuer(home)], grants_of, now=now)


def issuer(jwks: bytes) -> Issuer:
    return Issuer(name=ISSUER, audience="jalon", keys=public_keys(jwks))


@pytest.fixture(scope="module")
def signing() -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"alg": "Ed25519", "kid": "clé-1"})


@pytest.fixture
def reader(signing: OKPKey) -> TokenReader:
    jwks = msgspec.json.encode({"keys": [signing.as_dict(private=False)]})
    return TokenReader([issuer(jwks)], grants_of, now=lambda: NOW)


def signed(key: Any, claims: dict[str, Any], **header: str) -> str:
    header = {"alg": "Ed25519", "kid": "clé-1", **header}
    return jwt.encode(header, claims, key, algorithms=[header["alg"]])


def test_a_token_gives_what_its_roles_grant_in_each_tenant(tmp_path: Path) -> None:
    token = issue_development_token(
        tmp_path, "compte-1", {"05D": ["animateur"], "38D": []}, now=lambda: NOW
    )
    actor = development(tmp_path).actor(token)
    assert actor.id == "compte-1"
    assert actor.granted("05D", "ravie.cycle.read") == "yes"
    assert actor.granted("05D", "ravie.cycle.plan") == "some"
    assert actor.granted("38D", "ravie.cycle.read") == "no"


def test_a_token_says_for_whom_an_account_stands_in_each_tenant(tmp_path: Path) -> None:
    ids = KnownAs(professionals=frozenset({PROFESSIONAL}), structures=frozenset({STRUCTURE}))
    token = issue_development_token(
        tmp_path, "compte-1", {}, known_as={"05D": ids}, now=lambda: NOW
    )
    actor = development(tmp_path).actor(token)
    assert actor.known_as == {"05D": ids}
    assert actor.ids("05D") == {"compte-1", PROFESSIONAL}
    assert actor.ids("38D") == {"compte-1"}


def test_an_unknown_role_grants_nothing(tmp_path: Path) -> None:
    token = issue_development_token(tmp_path, "compte-1", {"05D": ["roi"]}, now=lambda: NOW)
    assert development(tmp_path).actor(token).grants["05D"] == frozenset()


def test_a_development_token_lasts_no_longer_than_it_says(tmp_path: Path) -> None:
    token = issue_development_token(tmp_path, "c", {}, lifetime=600, now=lambda: NOW)
    assert development(tmp_path, lambda: NOW + 659).actor(token).id == "c"
    with pytest.raises(InvalidToken, match="expired_token"):
        development(tmp_path, lambda: NOW + 661).actor(token)


def test_a_development_token_is_nothing_to_a_reader_of_other_keys(
    tmp_path: Path, reader: TokenReader
) -> None:
    token = issue_development_token(tmp_path, "c", {}, now=lambda: NOW)
    with pytest.raises(InvalidToken, match="unknown_key"):
        reader.actor(token)


def test_the_key_of_a_home_is_for_its_owner_and_stays(tmp_path: Path) -> None:
    home = tmp_path / "maison"
    first = development_issuer(home).keys[0].as_dict()
    assert development_issuer(home).keys[0].as_dict() == first
    files = list(home.iterdir())
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600]
    assert "d" not in first


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://autre.example.fr"},
        {"aud": "autre"},
        {"exp": NOW - 61},
        {"nbf": NOW + 61},
        {"sub": ""},
        {"jalon": {"05D": "animateur"}},
        {"jalon_known_as": {"05D": {"structures": ["une structure"]}}},
    ],
    ids=["issuer", "audience", "expired", "not-yet", "nobody", "roles-that-are-no-list", "no-ids"],
)
def test_a_signed_token_is_refused_for_what_it_claims(
    reader: TokenReader, signing: OKPKey, change: dict[str, Any]
) -> None:
    assert reader.actor(signed(signing, CLAIMS)).id == "compte-1"
    with pytest.raises(InvalidToken):
        reader.actor(signed(signing, CLAIMS | change))


@pytest.mark.parametrize("claim", ["iss", "aud", "exp", "sub"])
def test_a_signed_token_says_who_for_whom_and_until_when(
    reader: TokenReader, signing: OKPKey, claim: str
) -> None:
    claims = {name: value for name, value in CLAIMS.items() if name != claim}
    with pytest.raises(InvalidToken):
        reader.actor(signed(signing, claims))


def test_clocks_may_differ_by_a_minute(reader: TokenReader, signing: OKPKey) -> None:
    assert reader.actor(signed(signing, CLAIMS | {"exp": NOW - 30})).id == "compte-1"


def test_another_signature_is_refused(reader: TokenReader) -> None:
    other = OKPKey.generate_key("Ed25519", {"alg": "Ed25519", "kid": "clé-1"})
    with pytest.raises(InvalidToken, match="bad_signature"):
        reader.actor(signed(other, CLAIMS))


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_another_algorithm_than_the_keys_own_is_refused(
    reader: TokenReader, signing: OKPKey
) -> None:
    """Even one that would verify: the key says which, never the token."""
    material = {name: signing.as_dict(private=True)[name] for name in ("kty", "crv", "x", "d")}
    unlabelled = OKPKey.import_key(material, {"kid": "clé-1"})
    with pytest.raises(InvalidToken):
        reader.actor(signed(unlabelled, CLAIMS, alg="EdDSA"))


def test_a_public_key_used_as_a_shared_secret_is_refused(
    reader: TokenReader, signing: OKPKey
) -> None:
    public = str(signing.as_dict(private=False)["x"])
    secret = OctKey.import_key(public, {"kid": "clé-1"})
    with pytest.raises(InvalidToken):
        reader.actor(signed(secret, CLAIMS, alg="HS256"))


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "é.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_token_is_refused(reader: TokenReader, token: str) -> None:
    with pytest.raises(InvalidToken):
        reader.actor(token)


@pytest.mark.parametrize(
    "jwks",
    [
        b"",
        b"[]",
        b'{"keys": []}',
        b'{"keys": [{"kty": "lune"}]}',
        msgspec.json.encode({"keys": [OctKey.generate_key(256).as_dict(private=True)]}),
        msgspec.json.encode({"keys": [ECKey.generate_key("P-256").as_dict(private=False)]}),
        msgspec.json.encode(
            {
                "keys": [
                    OKPKey.generate_key("Ed25519", {"alg": "Ed25519", "kid": "a"}).as_dict(
                        private=True
                    )
                ]
            }
        ),
    ],
    ids=["empty", "no-set", "no-key", "unknown-kind", "shared-secret", "no-algorithm", "private"],
)
def test_keys_that_cannot_be_trusted_stop_the_server(jwks: bytes) -> None:
    with pytest.raises(BadKeys):
        TokenReader([issuer(jwks)], grants_of)
