"""A figure without its definition cannot be discussed."""

import re
from typing import get_args

from core.indicator import Kind, Unit
from core.registers.people.counting import WITH_KEPT_IN_FACTS
from tests.module_contract.installed import Installed, catalogue_with

_MODELS = re.compile(r"(?<!\{)\{([^{}]+)\}(?!\})")


def test_an_indicator_has_its_sentence_unit_and_scale(one: Installed) -> None:
    for indicator in one.module.indicators:
        assert indicator.sentence[0].isupper(), indicator.name
        assert indicator.sentence.endswith("."), indicator.name
        assert indicator.unit in get_args(Unit), indicator.name
        assert indicator.kind in get_args(Kind), indicator.name
        assert indicator.scale, indicator.name
        assert indicator.secrecy, indicator.name
        assert indicator.version >= 1


def test_an_indicator_reads_only_declared_read_models(one: Installed) -> None:
    declared = {projection.name for projection in catalogue_with(one.module).projections}
    for indicator in one.module.indicators:
        read = set(_MODELS.findall(indicator.base))
        assert read, indicator.name
        assert read <= declared, indicator.name
        assert not re.search(r"\b(read|facts)_[0-9]", indicator.base + indicator.recount)


def test_the_recount_reads_the_facts_alone(one: Installed) -> None:
    for indicator in one.module.indicators:
        assert set(_MODELS.findall(indicator.recount)) == {"facts"}, indicator.name


def test_the_recount_names_facts_that_exist(one: Installed) -> None:
    known = catalogue_with(one.module).registry.known_names
    for indicator in one.module.indicators:
        named = set(re.findall(r"'([a-z0-9_]+\.[a-z0-9_]+\.v[0-9]+)'", indicator.recount))
        assert named, indicator.name
        assert named <= known, indicator.name


def test_both_ways_of_counting_keep_to_the_period(one: Installed) -> None:
    for indicator in one.module.indicators:
        for query in (indicator.base, indicator.recount):
            assert "%(start)s" in query, indicator.name
            assert "%(end)s" in query, indicator.name


def test_both_ways_of_counting_give_the_columns_of_the_definition(one: Installed) -> None:
    for indicator in one.module.indicators:
        measures = {"numerator", "denominator"} if indicator.kind == "ratio" else {"measure"}
        for query in (indicator.base, indicator.recount):
            for column in (*indicator.dimensions, *measures):
                assert re.search(rf"\b{column}\b", query), f"{indicator.name} : {column}"


def test_a_count_of_people_counts_the_id_that_was_kept(one: Installed) -> None:
    for indicator in one.module.indicators:
        if (indicator.unit, indicator.kind) == ("person", "distinct"):
            assert "{registers.persons}" in indicator.base, indicator.name
            assert WITH_KEPT_IN_FACTS in indicator.recount, indicator.name


def test_each_version_of_an_indicator_is_declared_once(one: Installed) -> None:
    declared = [(indicator.name, indicator.version) for indicator in one.module.indicators]
    assert len(set(declared)) == len(declared)


def test_a_transfer_is_one_of_the_modules_facts(one: Installed) -> None:
    assert set(one.module.transfers) <= set(one.module.facts)
