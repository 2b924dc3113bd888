"""The people of the demonstration: invented, from usual names, never met.

Family and given names are common French ones drawn apart, so that a pair is nobody's in particular.
"""

from datetime import date, timedelta
from importlib.resources import files
from random import Random

import msgspec

from core.directory.identity import Identity


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The names to draw from; see `names.toml`."""

    family_names: tuple[str, ...]
    given_names: tuple[str, ...]


NAMES = msgspec.toml.decode(files(__package__).joinpath("names.toml").read_bytes(), type=Names)


def invent(chance: Random) -> Identity:
    """Somebody between 20 and 64 at the end of 2025, as those who work or help at home are."""
    family_name, given_name = chance.choice(NAMES.family_names), chance.choice(NAMES.given_names)
    birth_date = date(1961, 1, 1) + timedelta(days=chance.randrange(45 * 365))
    phone = None
    if chance.random() < 0.8:
        # 01 99 00 and the like are set aside for works of fiction: nobody answers.
        prefix = chance.choice(("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49"))
        phone = f"{prefix} {chance.randrange(100):02} {chance.randrange(100):02}"
    return Identity(
        family_name=family_name, given_name=given_name, birth_date=birth_date, phone=phone
    )
