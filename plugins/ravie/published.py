"""
What is published for every territory, as data: each version a file, decoded once and checked.

A released file is never edited: other words or other numbers make another version.
"""

import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from importlib.resources import files
from typing import Protocol, TypeVar

import msgspec


class Versioned(Protocol):
    """What has an id and a version."""

    @property
    def id(self) -> str: ...

    @property
    def version(self) -> int: ...


V = TypeVar("V", bound=Versioned)

NEAREST = 3
"""How many known codes a refusal names."""


class InvalidPublication(ValueError):
    """A published file that cannot be used: its message names the file and the rule."""

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(f"{file} : {problem}")


def read_published(package: str, kind: type[V]) -> tuple[V, ...]:
    """Every `<id>.v<version>.toml` of a package, by id and version; raises `InvalidPublication`."""
    found = [
        read_one(resource.name, resource.read_bytes(), kind)
        for resource in files(package).iterdir()
        if resource.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda one: (one.id, one.version)))


def read_one(name: str, content: bytes, kind: type[V]) -> V:
    """One file, decoded; raises `InvalidPublication`."""
    try:
        one = msgspec.convert(tomllib.loads(content.decode("utf-8")), kind)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidPublication(name, f"ce n'est pas du TOML valide ({error}).") from error
    except msgspec.ValidationError as error:
        raise InvalidPublication(name, f"la forme n'est pas celle attendue ({error}).") from error
    if name != (expected := f"{one.id}.v{one.version}.toml"):
        raise InvalidPublication(name, f"le fichier doit s'appeler {expected}.")
    return one


def nearest(code: str, known: Iterable[str]) -> str:
    """The known codes that look most like one that is not known, the best first."""
    return ", ".join(get_close_matches(code, sorted(known), n=NEAREST, cutoff=0.0))
