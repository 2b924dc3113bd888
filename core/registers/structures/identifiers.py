"""
How SIREN, SIRET and FINESS numbers are checked.

SIREN and SIRET end with a Luhn key (Insee). The establishments of La Poste outgrew it: theirs pass
when the sum of their digits is a multiple of 5. A FINESS number is never refused: a key that does
not fit is told, and the number kept as the structure gave it.
"""

from typing import Annotated

import msgspec

LA_POSTE = "356000000"

Siren = Annotated[
    str,
    msgspec.Meta(pattern="^[0-9]{9}$", description="SIREN (9 chiffres).", examples=["732829320"]),
]
Siret = Annotated[
    str,
    msgspec.Meta(
        pattern="^[0-9]{14}$", description="SIRET (14 chiffres).", examples=["73282932000074"]
    ),
]
Finess = Annotated[
    str,
    msgspec.Meta(
        pattern="^[0-9][0-9AB][0-9]{7}$",
        description="Numéro FINESS (9 caractères).",
        examples=["050000116"],
    ),
]


def siren_is_valid(siren: str) -> bool:
    """Whether nine digits end with their key."""
    return _luhn(siren)


def siret_is_valid(siret: str) -> bool:
    """Whether fourteen digits end with their key, or are an establishment of La Poste's."""
    if _luhn(siret):
        return _luhn(siret[:9])
    return siret.startswith(LA_POSTE) and sum(map(int, siret)) % 5 == 0


def finess_fits_its_key(finess: str) -> bool:
    """Whether the number ends with its key; one of Corsica, which holds a letter, is believed."""
    return not finess.isdecimal() or _luhn(finess)


def _luhn(digits: str) -> bool:
    """Luhn's check over a whole number, its key last (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
