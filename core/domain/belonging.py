"""Whose a thing is: what grants that do not open everything are measured against."""

import msgspec


class Belonging(msgspec.Struct, frozen=True, kw_only=True):
    """The actors and professionals it is related to, and the structures it belongs to, by id."""

    related: frozenset[str] = frozenset()
    structures: frozenset[str] = frozenset()


NOBODYS = Belonging()
