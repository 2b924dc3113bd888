"""
What a fact is, and the envelope under which it was recorded.

A fact says in the past tense what happened. Its stored name is permanent; its body holds ids,
dates, codes, numbers and sealed tokens, never a name, a birth date or a plain sentence about
someone.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from types import UnionType
from typing import (
    Any,
    ClassVar,
    Generic,
    NewType,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

PersonId = NewType("PersonId", str)
"""The random id of a person within one tenant; names the key under which tokens are sealed."""

Subject = NewType("Subject", str)
"""The id of anything else that a read model may be keyed by: a cycle, a session, a place."""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every fact. A released fact is never edited: add a field with a default, or a v2."""

    stored_name: ClassVar[str]


F_co = TypeVar("F_co", bound=Fact, covariant=True)


class Recorded(msgspec.Struct, Generic[F_co], frozen=True, kw_only=True):
    """
    A fact with its envelope, as the store gives it back.

    `occurred_at` is when it happened, as told; `recorded_at` when the store learnt it. Within a
    tenant, `recorded_at` never decreases with `position`, so that "as known at" is a prefix.
    """

    fact: F_co
    id: str
    tenant: str
    stream: str
    version: int
    position: int
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    person: str | None
    command: str
    correlation: str
    causation: str | None


@cache
def _id_fields(fact: type[Fact]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the fields that hold a `PersonId`, and of those that hold any subject."""
    people, subjects = [], []
    for name, hint in get_type_hints(fact).items():
        if get_origin(hint) is ClassVar:
            continue
        kinds = _kinds(hint)
        if PersonId in kinds:
            people.append(name)
        if PersonId in kinds or Subject in kinds:
            subjects.append(name)
    return tuple(people), tuple(subjects)


def _kinds(hint: Any) -> set[Any]:
    if get_origin(hint) in (Union, UnionType, tuple, list):
        return {kind for argument in get_args(hint) for kind in _kinds(argument)}
    return {hint}


def person_of(fact: Fact) -> PersonId | None:
    """The one person a fact is about, or None; under whose key its sealed fields stand."""
    for name in _id_fields(type(fact))[0]:
        value = getattr(fact, name)
        if value is not None:
            return PersonId(value)
    return None


def subjects_of(fact: Fact) -> Iterator[str]:
    """Ids, beside its stream, under which a fact is found again (may repeat)."""
    for name in _id_fields(type(fact))[1]:
        value = getattr(fact, name)
        if isinstance(value, str):
            yield value
        elif value is not None:
            yield from value


class UnknownFact(LookupError):
    """A stored name that no installed module declares."""


class FactRegistry:
    """
    Every fact type of the installation by stored name, with the way from older versions.

    Upcasters take and give the plain mapping of a body, and name the version they lead to.
    """

    def __init__(self, facts: Iterable[type[Fact]], upcasters: Iterable["Upcaster"] = ()) -> None:
        self._types: dict[str, type[Fact]] = {}
        for fact in facts:
            known = self._types.setdefault(fact.stored_name, fact)
            if known is not fact:
                message = f"two facts are stored as {fact.stored_name}: {known} and {fact}"
                raise ValueError(message)
        self._decoders: dict[str, msgspec.json.Decoder[Fact]] = {
            name: msgspec.json.Decoder(fact) for name, fact in self._types.items()
        }
        self._upcasters = {upcaster.source: upcaster for upcaster in upcasters}

    @property
    def types(self) -> Mapping[str, type[Fact]]:
        return self._types

    @property
    def known_names(self) -> frozenset[str]:
        """Every stored name that can be decoded, current and past."""
        return frozenset(self._types) | frozenset(self._upcasters)

    def current_name(self, name: str) -> str:
        """The stored name that upcasters bring this one to; itself when none knows it."""
        while name in self._upcasters:
            name = self._upcasters[name].target
        return name

    def decode(self, name: str, body: bytes | msgspec.Raw) -> Fact:
        """The fact stored under `name`; raises `UnknownFact` or `msgspec.DecodeError`."""
        decoder = self._decoders.get(name)
        if decoder is not None:
            return decoder.decode(body)
        content: Any = None
        while name in self._upcasters:
            if content is None:
                content = msgspec.json.decode(body)
            upcaster = self._upcasters[name]
            content, name = upcaster.upcast(content), upcaster.target
        if content is None or name not in self._types:
            raise UnknownFact(name)
        return msgspec.convert(content, self._types[name])


class Upcaster(msgspec.Struct, frozen=True, kw_only=True):
    """One step from a stored version of a fact to the next: pure, total, and kept for ever."""

    source: str
    target: str
    upcast: Any  # Callable[[dict[str, Any]], dict[str, Any]]; msgspec has no callable type


_encoder = msgspec.json.Encoder()


def encode_fact(fact: Fact) -> bytes:
    """The body as stored and as hashed: UTF-8 JSON, fields in declared order."""
    return _encoder.encode(fact)
