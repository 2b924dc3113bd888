"""A read model is a pure fold: however its facts are cut into batches, its rows are the same."""

from collections.abc import Iterable
from typing import Any, get_args

import msgspec

from core.domain.event import Recorded, subjects_of
from core.projection import Key, Projection
from projections.columns import columns_of
from tests.module_contract.installed import Installed, catalogue_with


def folded(
    projection: Projection[Any], history: Iterable[Recorded[Any]], rows: dict[Key, Any]
) -> dict[Key, Any]:
    """The rows after a history, from the rows before it, which stay as they are."""
    after = dict(rows)
    for recorded in history:
        if not isinstance(recorded.fact, projection.facts):
            continue
        for key in dict.fromkeys(projection.keys(recorded)):
            row = projection.fold(after.pop(key, None), recorded)
            if row is not None:
                after[key] = row
    return after


def reloaded(projection: Projection[Any], rows: dict[Key, Any]) -> dict[Key, Any]:
    """The rows as they come back from where they were kept."""
    return {
        key: msgspec.json.decode(msgspec.json.encode(row), type=projection.row)
        for key, row in rows.items()
    }


def test_rows_are_the_same_however_the_facts_are_cut_into_batches(one: Installed) -> None:
    history = one.history()
    for projection in one.module.projections:
        whole = folded(projection, history, {})
        assert whole, f"{projection.name} : tests/story.py n'en remplit aucune ligne"
        for cut in range(len(history) + 1):
            first = reloaded(projection, folded(projection, history[:cut], {}))
            assert folded(projection, history[cut:], first) == whole, projection.name


def test_a_story_tells_of_every_fact_a_read_model_folds(one: Installed) -> None:
    told = {type(recorded.fact) for recorded in one.history()}
    for projection in one.module.projections:
        untold = {fact.stored_name for fact in projection.facts if fact not in told}
        assert untold == set(), f"{projection.name} : absents de tests/story.py"


def test_keys_are_the_stream_or_subjects_of_the_fact(one: Installed) -> None:
    for projection in one.module.projections:
        for recorded in one.history():
            if not isinstance(recorded.fact, projection.facts):
                continue
            found_by = {recorded.stream, *subjects_of(recorded.fact)}
            for key in projection.keys(recorded):
                assert len(key) == len(projection.key)
                assert set(key) <= found_by, f"{projection.name}, {recorded.fact.stored_name}"


def test_a_row_holds_its_own_key(one: Installed) -> None:
    for projection in one.module.projections:
        for key, row in folded(projection, one.history(), {}).items():
            assert tuple(getattr(row, name) for name in projection.key) == key


def test_rows_are_frozen_and_keys_and_indexes_are_their_fields(one: Installed) -> None:
    for projection in one.module.projections:
        config = projection.row.__struct_config__
        assert config.frozen, projection.name
        fields = set(projection.row.__struct_fields__)
        assert set(projection.key) <= fields, projection.name
        assert {name for index in projection.indexes for name in index} <= fields, projection.name
        assert projection.version >= 1


def test_the_structure_of_a_row_is_one_of_its_texts(one: Installed) -> None:
    for projection in one.module.projections:
        if projection.structure is not None:
            columns = {column.name: column.type for column in columns_of(projection.row)}
            assert columns[projection.structure] in ("text", "jsonb"), projection.name


def test_read_models_fold_facts_that_are_installed(one: Installed) -> None:
    known = set(catalogue_with(one.module).registry.types.values())
    for projection in one.module.projections:
        assert set(projection.facts) <= known, projection.name
        assert len(set(projection.facts)) == len(projection.facts)


def test_no_row_holds_a_table_of_anything(one: Installed) -> None:
    """A column is a plain value, or tuples and Structs that become jsonb: never a dict."""
    for projection in one.module.projections:
        for name, hint in projection.row.__annotations__.items():
            kinds = {hint, *get_args(hint)}
            assert not kinds & {dict, set, list, Any}, f"{projection.name}.{name}"
