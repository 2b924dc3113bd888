"""What a module declares carries its name, so that two modules never meet on the same one."""

import re
from collections import Counter
from collections.abc import Iterator

from core.catalogue import Catalogue
from core.module import Module
from server.discovery import find_modules
from tests.module_contract.installed import Installed, always_on, catalogue_with

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_STORED = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+\.v[1-9][0-9]*")


def test_the_manifest_says_who_it_is(one: Installed) -> None:
    assert _NAME.fullmatch(one.module.name)
    assert one.module.title.strip() == one.module.title != ""
    assert one.module.version
    assert catalogue_with(one.module)


def test_all_installed_modules_stand_together() -> None:
    assert Catalogue(find_modules()).modules


def test_stored_names_are_versioned_and_carry_the_modules_name(one: Installed) -> None:
    names = [fact.stored_name for fact in one.module.facts]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    for name in (*names, *_upcast_names(one.module)):
        assert _STORED.fullmatch(name), f"{name} : nom.fait.vN attendu"
        assert name.startswith(f"{one.module.name}."), name


def test_every_upcaster_leads_to_a_name_that_decodes(one: Installed) -> None:
    known = {fact.stored_name for fact in one.module.facts} | {
        upcaster.source for upcaster in one.module.upcasters
    }
    for upcaster in one.module.upcasters:
        assert upcaster.source != upcaster.target
        assert upcaster.target in known


def test_everything_else_carries_the_modules_name_too(one: Installed) -> None:
    module = one.module
    names = [
        *(decision.command.name for decision in module.decisions),
        *(projection.name for projection in module.projections),
        *{indicator.name for indicator in module.indicators},
        *(permission.code for permission in module.permissions),
        *(setting.code for setting in module.settings),
        *(policy.name for policy in module.policies),
    ]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    for name in names:
        assert re.fullmatch(rf"{module.name}\.[a-z0-9_.]+", name), name


def test_every_fact_belongs_to_one_kind_of_stream(one: Installed) -> None:
    kinds = Counter(fact for aggregate in one.module.aggregates for fact in aggregate.facts)
    assert kinds == Counter(one.module.facts)


def test_every_decision_is_wired_to_its_command_and_a_known_stream(one: Installed) -> None:
    known = {id(a) for module in (one.module, *always_on()) for a in module.aggregates}
    for decision in one.module.decisions:
        assert decision.stream in decision.command.__struct_fields__, decision.command.name
        assert id(decision.aggregate) in known, decision.aggregate.name


def _upcast_names(module: Module) -> Iterator[str]:
    for upcaster in module.upcasters:
        yield upcaster.source
        yield upcaster.target
