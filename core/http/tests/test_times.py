from datetime import UTC, datetime

import pytest

from core.http.problem import Malformed
from core.http.times import moment


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2025-12-31", datetime(2025, 12, 31, 22, 59, 59, 999999, tzinfo=UTC)),
        ("2025-07-14", datetime(2025, 7, 14, 21, 59, 59, 999999, tzinfo=UTC)),
        ("2025-12-31T18:00:00+01:00", datetime(2025, 12, 31, 17, tzinfo=UTC)),
        ("2025-12-31T18:00:00Z", datetime(2025, 12, 31, 18, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:00:00-14:00", datetime(9999, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_day_is_its_end_in_paris_and_an_instant_has_its_zone(text: str, told: datetime) -> None:
    assert moment(text, "known_at") == told


@pytest.mark.parametrize(
    "text",
    ["", "hier", "2025-02-30", "20251231", "2025-12-31T18:00:00", "2025-12-31T18:00:00 01:00"],
)
def test_what_is_no_moment_is_refused_by_the_name_of_its_parameter(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        moment(text, "known_at")
    (error,) = refused.value.errors
    assert (error.rule, error.field) == ("moment", "known_at")
    assert error.message.startswith("Un jour (2025-12-31")


def test_no_moment_is_none() -> None:
    assert moment(None, "as_of") is None
