from datetime import UTC, date, datetime

from core.domain.days import day_of, noon_of


def test_an_evening_in_winter_is_still_that_day_in_paris() -> None:
    assert day_of(datetime(2026, 1, 15, 22, 59, tzinfo=UTC)) == date(2026, 1, 15)
    assert day_of(datetime(2026, 1, 15, 23, 0, tzinfo=UTC)) == date(2026, 1, 16)


def test_in_summer_paris_is_two_hours_ahead() -> None:
    assert day_of(datetime(2026, 7, 15, 21, 59, tzinfo=UTC)) == date(2026, 7, 15)
    assert day_of(datetime(2026, 7, 15, 22, 0, tzinfo=UTC)) == date(2026, 7, 16)


def test_what_is_told_of_a_day_takes_its_place_at_noon_in_paris_or_now() -> None:
    now = datetime(2026, 7, 2, 8, tzinfo=UTC)
    assert noon_of(date(2026, 7, 1), now) == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert noon_of(date(2026, 7, 2), now) == now
