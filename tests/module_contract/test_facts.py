"""A fact holds ids, dates, codes, numbers and sealed tokens: nothing that says who someone is."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from core.domain.command import Command
from core.domain.correction import CORRECTIONS
from core.domain.event import Fact, PersonId, Subject
from core.domain.sealed import Sealed, sealed_fields
from tests.module_contract.installed import Installed, always_on

PLAIN = (bool, int, float, date, datetime, time, timedelta, NoneType)
IDS = (PersonId, Subject, Sealed)

SENTENCES = ("Zoé", "Marie Dupont", "née le 3 mars", "zoe@exemple.fr", "Gap, rue Carnot")
"""What a code never looks like: a type of text that lets one of these in is not a code."""

ALLOWED: dict[tuple[str, str], str] = {
    ("registers.structure_registered.v1", "name"): "an organisation's, never a person's",
    ("registers.structure_renamed.v1", "name"): "an organisation's, never a person's",
    ("tenants.setting_changed.v1", "value"): "of the kind its module declares, checked below",
    ("ravie.relais_opened.v1", "name"): "names an organisation or a place",
    ("ravie.theme_declared.v1", "title"): "the words of a subject of work",
}
"""Texts that are neither codes nor sealed, by stored name and field, with the reason."""


def faults(hint: Any) -> Iterator[str]:
    """What is wrong with the type of a fact's field; nothing when it can name nobody."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in IDS or hint in PLAIN or origin is Literal:
        return
    if origin is Annotated:
        if arguments[0] is str:
            yield from _faults_of_text(arguments[1:])
        else:
            yield from faults(arguments[0])
    elif origin in (Union, UnionType, tuple, list, frozenset, dict):
        for argument in arguments:
            if argument is not Ellipsis:
                yield from faults(argument)
    elif isinstance(hint, type) and issubclass(hint, Enum):
        return
    elif isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        for name, inner in _fields(hint).items():
            # `person_of`, `subjects_of` and `tokens_of` look at the fact's own fields only.
            if any(kind in _leaves(inner) for kind in IDS):
                yield f"{hint.__name__}.{name} cache un identifiant ou un texte scellé"
            yield from faults(inner)
    else:
        yield f"{hint} n'est ni un identifiant, ni une date, ni un code, ni un nombre, ni scellé"


def _faults_of_text(annotations: tuple[Any, ...]) -> Iterator[str]:
    patterns = [a.pattern for a in annotations if isinstance(a, msgspec.Meta) and a.pattern]
    if not patterns:
        yield "un texte libre doit être scellé"
    elif let_in := [s for s in SENTENCES if all(re.search(p, s) for p in patterns)]:
        yield f"un code ne doit pas pouvoir dire « {let_in[0]} »"


def _fields(struct: type[msgspec.Struct]) -> dict[str, Any]:
    hints = get_type_hints(struct, include_extras=True)
    return {name: hint for name, hint in hints.items() if get_origin(hint) is not ClassVar}


def _leaves(hint: Any) -> list[Any]:
    arguments = [] if get_origin(hint) is Literal else get_args(hint)
    return [hint] if not arguments else [leaf for a in arguments for leaf in _leaves(a)]


def test_no_field_of_a_fact_can_name_anyone(one: Installed) -> None:
    wrong = [
        f"{fact.stored_name}, {name} : {fault}"
        for fact in one.module.facts
        for name, hint in _fields(fact).items()
        if (fact.stored_name, name) not in ALLOWED
        for fault in faults(hint)
    ]
    assert wrong == []


def test_no_setting_can_name_anyone(one: Installed) -> None:
    wrong = {setting.code: list(faults(setting.kind)) for setting in one.module.settings}
    assert not any(wrong.values()), wrong


def test_a_fact_is_about_one_person_at_most(one: Installed) -> None:
    for fact in one.module.facts:
        about = [name for name, hint in _fields(fact).items() if PersonId in _leaves(hint)]
        assert len(about) <= 1, f"{fact.stored_name} : {about}"
        for name in about:
            hint = _fields(fact)[name]
            assert set(_leaves(hint)) <= {PersonId, NoneType}, f"{fact.stored_name}.{name}"
            assert get_origin(hint) in (None, Union, UnionType), f"{fact.stored_name}.{name}"


def test_no_fact_repeats_the_date_of_its_envelope(one: Installed) -> None:
    for fact in one.module.facts:
        assert not {"occurred_at", "recorded_at"} & set(_fields(fact)), fact.stored_name


def test_a_sealed_field_of_a_command_has_the_same_name_in_a_fact(one: Installed) -> None:
    facts: list[type[Fact]] = [*one.module.facts, *CORRECTIONS]
    facts += [fact for module in always_on() for fact in module.facts]
    kept = {name for fact in facts for name in sealed_fields(fact)}
    for decision in one.module.decisions:
        command: type[Command] = decision.command
        assert set(sealed_fields(command)) <= kept, command.name


def test_the_check_finds_what_it_is_for() -> None:
    class Disguised(msgspec.Struct):
        who: PersonId

    code = Annotated[str, msgspec.Meta(pattern="^[a-z_]+$")]
    for sound in (code, PersonId, Sealed | None, dict[code, int], tuple[Literal["a"], ...]):
        assert list(faults(sound)) == []
    loose = Annotated[str, msgspec.Meta(pattern="[a-z]")]
    long = Annotated[str, msgspec.Meta(max_length=10)]
    for unsound in (str, loose, long, str | None, tuple[str, ...], Any, bytes, Disguised):
        assert list(faults(unsound)) != []
