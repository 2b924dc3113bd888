"""
The code by which anyone who is shown an attestation can check it.

It is in no fact and no read model: it follows from the attestation's id under the tenant's own key,
so that who may read the facts still cannot make up a paper. 80 bits are not guessed; written in
Crockford's base 32, which has no letter that looks like a digit.
"""

import hashlib
import hmac

from core.directory.vault import Vault
from core.tenancy import Tenant

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 16
_READ_AS = str.maketrans("OIL", "011", "- ")


async def check_code(vault: Vault, tenant: Tenant, attestation: str) -> str:
    """The code of an attestation, in four groups: « 7K2M-9QXD-04TB-ZE5H »."""
    keyed = await vault.id_for(tenant, "ravie.attestation_check", attestation)
    number = int.from_bytes(hashlib.sha256(keyed.encode()).digest()[:10], "big")
    code = "".join(_DIGITS[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))
    return "-".join(code[start : start + 4] for start in range(0, _LENGTH, 4))


def same_code(one: str, other: str) -> bool:
    """Whether two codes are the same, however they are typed; takes as long for any answer."""
    return hmac.compare_digest(_typed(one).encode(), _typed(other).encode())


def _typed(code: str) -> str:
    return code.upper().translate(_READ_AS)
