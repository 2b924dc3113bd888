"""What the commands' words have in common."""

from argparse import ArgumentTypeError
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from core.domain.days import PARIS, end_of
from core.indicator import Period
from core.tenancy import Tenant
from server.assembly import Parts


class Unusable(Exception):
    """What was asked cannot be done as it was said; a French sentence for the user."""


def day(text: str) -> date:
    """A day written AAAA-MM-JJ."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"« {text} » n'est pas une date (AAAA-MM-JJ)") from None


def instant(text: str) -> datetime:
    """An instant: a day means its end in Paris, an hour without a zone is Paris's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(
            f"« {text} » n'est pas une date (AAAA-MM-JJ) ni un instant (AAAA-MM-JJTHH:MM)"
        ) from None
    if "T" not in text and " " not in text:
        return end_of(moment.date())
    return (moment if moment.tzinfo else moment.replace(tzinfo=PARIS)).astimezone(UTC)


def period(start: date, end: date) -> Period:
    """From a day to the first one that is no longer counted; raises `Unusable`."""
    if start >= end:
        raise Unusable("La période est vide : --from doit venir avant --to.")
    return Period(start, end)


def position(text: str) -> int:
    """A position in a history, from 0: before its first fact."""
    if not text.isdecimal():
        raise ArgumentTypeError(f"« {text} » n'est pas une position (un nombre à partir de 0)")
    return int(text)


def seed(text: str) -> int:
    """A whole number."""
    try:
        return int(text)
    except ValueError:
        raise ArgumentTypeError(f"« {text} » n'est pas un nombre entier") from None


def file_to_write(text: str) -> Path:
    """Where a file can be written, tried before long work rather than after it."""
    path = Path(text)
    try:
        with path.open("ab"):
            return path
    except OSError:
        raise ArgumentTypeError(
            f"« {text} » ne s'écrit pas : ce dossier est-il là, et à vous ?"
        ) from None


def positive(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or int(text) == 0:
        raise ArgumentTypeError(f"« {text} » n'est pas un nombre entier à partir de 1")
    return int(text)


def port(text: str) -> int:
    """A TCP port; 0 lets the system choose one."""
    if not text.isdecimal() or int(text) > 65535:
        raise ArgumentTypeError(f"« {text} » n'est pas un port (de 0 à 65535)")
    return int(text)


def chosen(parts: Parts, codes: Sequence[str]) -> list[Tenant]:
    """The tenants of these codes, all of them when none is given; raises `Unusable`."""
    known = {tenant.code: tenant for tenant in parts.tenants.all()}
    if unknown := [code for code in codes if code not in known]:
        raise Unusable(
            f"Collectivité inconnue ou non provisionnée : {', '.join(unknown)}. "
            "« jalon tenants list » donne celles qui existent."
        )
    return [known[code] for code in codes] or list(known.values())
