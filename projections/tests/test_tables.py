from typing import Any

import msgspec
import pytest

from core.catalogue import Catalogue
from core.projection import Projection
from projections.engine import Engine
from projections.tables import check
from projections.tests.walks import REGISTER, WALKS


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"key": ()}, "a row has no key"),
        ({"key": ("metres",)}, "the key metres is not a column of text"),
        ({"key": ("nowhere",)}, "the key nowhere is not a column of text"),
        ({"indexes": (("nowhere",),)}, "the index on nowhere has no such column"),
        ({"name": "walk." + "long" * 15}, "the name is too long for a table"),
    ],
)
def test_a_read_model_that_no_table_can_hold_is_refused_at_start(
    change: dict[str, Any], problem: str
) -> None:
    wrong: Projection[Any] = msgspec.structs.replace(REGISTER, **change)
    with pytest.raises(ValueError, match=problem):
        check(wrong)
    module = msgspec.structs.replace(WALKS, projections=(wrong,))
    with pytest.raises(ValueError, match=problem):
        Engine({}, Catalogue([module]), nobody)


async def nobody(_tenant: object) -> frozenset[str]:
    return frozenset()
