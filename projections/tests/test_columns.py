from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, Any, Literal

import msgspec
import pytest

from core.domain.event import PersonId, Subject
from core.domain.sealed import Sealed
from projections.columns import UnwritableRow, canonical, columns_of


class Leg(msgspec.Struct, frozen=True):
    metres: int
    on: date | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    walk: Subject = Subject("a")
    walker: PersonId | None = None
    note: Sealed | None = None
    code: Annotated[str, msgspec.Meta(max_length=3)] = "x"
    state: Literal["open", "closed"] = "open"
    count: int = 0
    share: float = 0.0
    done: bool = False
    on: date = date(2026, 1, 1)
    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    legs: tuple[Leg, ...] = ()
    best: Leg | None = None
    by_day: dict[str, int] = {}


def test_each_kind_of_field_has_its_column() -> None:
    assert {column.name: (column.type, column.nullable) for column in columns_of(Row)} == {
        "walk": ("text", False),
        "walker": ("text", True),
        "note": ("text", True),
        "code": ("text", False),
        "state": ("text", False),
        "count": ("bigint", False),
        "share": ("double precision", False),
        "done": ("boolean", False),
        "on": ("date", False),
        "at": ("timestamptz", False),
        "legs": ("jsonb", False),
        "best": ("jsonb", True),
        "by_day": ("jsonb", False),
    }


@pytest.mark.parametrize(
    "hint", [int | str, list[int], set[str], bytes, Any, Literal["a", 1], Mapping[str, int]]
)
def test_a_field_that_no_column_holds_is_refused_when_the_table_is_made(hint: Any) -> None:
    row = msgspec.defstruct("Odd", [("odd", hint)], frozen=True)
    with pytest.raises(TypeError, match="a column cannot hold"):
        columns_of(row)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("walk", None),
        ("walk", 5),
        ("walk", "nul \0"),
        ("count", 2**63),
        ("count", True),
        ("count", 1.0),
        ("share", float("nan")),
        ("share", float("inf")),
        ("share", "1"),
        ("done", 1),
        ("on", datetime(2026, 1, 1, tzinfo=UTC)),
        ("at", datetime(2026, 1, 1)),  # noqa: DTZ001 - the very mistake
        ("at", date(2026, 1, 1)),
        ("legs", (Leg("far"),)),  # type: ignore[arg-type]
        ("legs", None),
        ("best", {"metres": "far"}),
        ("by_day", {"nul \0": 1}),
    ],
)
def test_a_value_that_its_column_cannot_hold_names_the_column(field: str, value: Any) -> None:
    row = msgspec.structs.replace(Row(), **{field: value})
    with pytest.raises(UnwritableRow, match=f"^{field}") as caught:
        canonical(row)
    assert "nul" not in str(caught.value).removeprefix(f"{field}: null")


def test_a_row_has_one_form_however_it_was_folded() -> None:
    paris = timezone(timedelta(hours=2))
    row = Row(
        share=3,
        at=datetime(2026, 7, 1, 2, tzinfo=paris),
        legs=[Leg(1)],  # type: ignore[arg-type]
        by_day={"b": 1, "a": 2},
    )
    made = canonical(row)
    assert isinstance(made, Row)
    assert (type(made.share), made.share) == (float, 3.0)
    assert made.at.isoformat() == "2026-07-01T00:00:00+00:00"
    assert made.legs == (Leg(1),)
    assert list(made.by_day) == ["a", "b"]
    assert canonical(made) == made


def test_what_a_fold_leaves_as_it_was_is_not_looked_at_again() -> None:
    before = canonical(Row(legs=(Leg(1),)))
    after = canonical(msgspec.structs.replace(before, count=1), before)
    assert isinstance(before, Row)
    assert isinstance(after, Row)
    assert after.legs is before.legs
    assert after.count == 1
