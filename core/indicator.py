"""
The contract of an indicator: a definition with a version, and a query over read models.

A figure without its definition cannot be discussed. Each carries its sentence, its unit, how it
adds up, and is stamped with definition version, position and territory vintage when computed.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

Unit = Literal["person", "activity", "structure"]
Kind = Literal["sum", "distinct", "ratio"]


class Period(msgspec.Struct, frozen=True):
    """Days from `start` included to `end` excluded."""

    start: date
    end: date


class Indicator(msgspec.Struct, frozen=True, kw_only=True):
    """
    One indicator, one version.

    `base` is SQL that gives one line per counted thing, over read models written `{name}`, with
    the parameters `%(start)s` and `%(end)s`, the columns of `dimensions`, and
    - for a sum, a column `measure` (a number);
    - for a distinct count, a column `measure` (an id);
    - for a ratio, two columns `numerator` and `denominator`, summed apart.

    `recount` is the same in SQL over the facts that stand, `{facts}` (columns as in the store,
    `content` the body as jsonb), written without the read models so that one checks the other.
    `scale` says what one unit of the value is, for a reader: "minutes", "personnes".
    `secrecy` names the disclosure profile that guards it.
    """

    name: str
    version: int
    sentence: str
    unit: Unit
    kind: Kind
    scale: str
    secrecy: str
    base: str
    recount: str
    dimensions: tuple[str, ...] = ()


class Stamp(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    What a figure was computed from: it can be computed again, and compared.

    `as_of` when what happened after that instant was left out.
    """

    indicator: str
    version: int
    tenant: str
    position: int
    territory_vintage: str
    as_of: datetime | None = None


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """
    One value of an indicator.

    A ratio gives its two sums too, which add up across territories as the ratio does not; its value
    is None when the denominator is 0.
    """

    stamp: Stamp
    period: Period
    value: int | float | None
    numerator: int | float | None = None
    denominator: int | float | None = None
    dimensions: dict[str, str] = {}
